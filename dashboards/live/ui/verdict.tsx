import type { JSX } from "preact";
import type { Severity, State } from "../api/types.ts";
import { STATE_WORDS } from "../model/words.ts";
import { Icon } from "./icon.tsx";

/** A state in colour, shape and word. */
export const Verdict = ({ state }: { readonly state: State }): JSX.Element => (
  <span class="state" data-verdict={state}>
    <Icon name={state} />
    {STATE_WORDS[state]}
  </span>
);

const SEVERITIES: Readonly<Record<Severity, readonly [State, string]>> = {
  critical: ["broken", "Critical"],
  warning: ["warning", "Warning"],
  info: ["pending", "Note"],
};

/** A severity in colour, shape and word; one that this page does not know is a note. */
export const SeverityMark = ({ severity }: { readonly severity: string }): JSX.Element => {
  const known = Object.hasOwn(SEVERITIES, severity) ? (severity as Severity) : "info";
  const [symbol, word] = SEVERITIES[known];
  return (
    <span class="state" data-verdict={symbol}>
      <Icon name={symbol} />
      {word}
    </span>
  );
};
