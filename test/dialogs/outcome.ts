import { DIALOG_LIMITS } from "../../src/probe/dialogs/limits.ts";
import type { DialogOutcome } from "./scripts.ts";

/** What must hold whatever a server sends. */
export function checkOutcome({ end, lines, firstBytes, sent }: DialogOutcome): void {
  if (end === "open") throw new Error("A dialog goes on behind its end");
  if (typeof end === "object" && !/^[A-Z][\x20-\x7e\u2026]*$/.test(end.message))
    throw new Error(`Message ${JSON.stringify(end.message)}`);
  if (lines.length > DIALOG_LIMITS.shownLines) throw new Error(`${lines.length} lines`);
  for (const { text } of lines)
    if (text.length > DIALOG_LIMITS.shownLength || !/^[\x20-\x7e\u2026]*$/.test(text))
      throw new Error(`Line ${JSON.stringify(text)}`);
  if ((firstBytes?.length ?? 0) > 64) throw new Error(`${firstBytes?.length} first bytes`);
  // an answer to a PING is the only word of a dialog that a server can ask for again and again
  if (sent.length > 2 * DIALOG_LIMITS.totalBytes) throw new Error(`${sent.length} bytes sent`);
}
