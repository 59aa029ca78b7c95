import { closeSync, openSync } from "node:fs";
import { ReadStream } from "node:tty";
import { fail, ok, type Result } from "../x509/result.ts";
import { type LineEntry, typeKeys } from "./line-entry.ts";

/** Why nothing was entered. */
export interface PromptError {
  readonly code: "no-terminal" | "cancelled";
  readonly message: string;
}

const TERMINAL = "/dev/tty";

/**
 * Asks on the terminal, without showing what is typed. The controlling terminal is used, not standard input, which
 * may carry targets; the question goes to standard error, so that output can be redirected.
 */
export async function promptSecret(question: string): Promise<Result<string, PromptError>> {
  const terminal = openTerminal();
  if (terminal === null)
    return fail({
      code: "no-terminal",
      message: "There is no terminal to ask on; give the password as env:NAME or file:PATH",
    });
  try {
    // before the question stands there, so that nothing typed at once is shown
    terminal.setRawMode(true);
    process.stderr.write(question);
    const entry = await readLine(terminal);
    process.stderr.write("\n");
    return entry === null
      ? fail({ code: "cancelled", message: "Entering the password was cancelled" })
      : ok(entry);
  } finally {
    terminal.setRawMode(false);
    terminal.destroy();
  }
}

function openTerminal(): ReadStream | null {
  let descriptor: number;
  try {
    descriptor = openSync(TERMINAL, "r");
  } catch {
    return null;
  }
  try {
    return new ReadStream(descriptor);
  } catch {
    closeSync(descriptor);
    return null;
  }
}

/** Null when it was cancelled or the terminal went away. */
async function readLine(terminal: ReadStream): Promise<string | null> {
  terminal.setEncoding("utf8");
  let entry: LineEntry = { state: "typing", text: "" };
  for await (const keys of terminal) {
    entry = typeKeys(entry, String(keys));
    if (entry.state === "entered") return entry.text;
    if (entry.state === "cancelled") return null;
  }
  return null;
}
