import type { JSX } from "preact";
import { counted, overallWords } from "../model/words.ts";
import { counts, heard } from "../state/estate.ts";

/** Tells screen readers when the whole changes. */
export const Announcer = (): JSX.Element => {
  const { value } = counts;
  return (
    <p class="unseen" aria-live="polite">
      {heard.value === null
        ? ""
        : `${overallWords(value)}. ${counted(value.warning, "warning")}, ${value.ok} fine.`}
    </p>
  );
};
