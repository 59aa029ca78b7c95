import { useSignal } from "@preact/signals";
import type { JSX } from "preact";

const copyText = async (text: string, beside: HTMLElement): Promise<void> => {
  // browsers offer the clipboard to pages over HTTPS and on the same machine only
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text);
  const source = beside.parentElement?.querySelector("code, pre");
  if (source) getSelection()?.selectAllChildren(source);
  if (!document.execCommand("copy")) throw new Error("The browser did not copy");
  return undefined;
};

/** A button that copies a text. @param what - Said to screen readers: which text it is. */
export const CopyButton = ({
  text,
  what,
}: {
  readonly text: string;
  readonly what?: string;
}): JSX.Element => {
  const word = useSignal("Copy");
  const say = (said: string): void => {
    word.value = said;
    setTimeout(() => {
      word.value = "Copy";
    }, 2_000);
  };
  return (
    <button
      type="button"
      class="copy"
      onClick={({ currentTarget }) => {
        copyText(text, currentTarget).then(
          () => say("Copied"),
          () => say("Select and copy"),
        );
      }}
    >
      {word}
      {what === undefined ? null : <span class="unseen"> {what}</span>}
    </button>
  );
};
