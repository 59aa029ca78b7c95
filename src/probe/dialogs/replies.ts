import { DialogEnd, OtherProtocol, readLine, type Talk } from "./talk.ts";

/** An answer that begins with three digits (RFC 5321 section 4.2, RFC 959 section 4.2, RFC 3977 section 3.2). */
export interface Reply {
  readonly code: number;
  /** The texts behind the code, one for each line. */
  readonly lines: readonly string[];
  /** Code and first text, for people. */
  readonly words: string;
}

const FIRST_LINE = /^([1-5]\d\d)(?:([ -])(.*))?$/s;

/**
 * Reads a reply of one or many lines. Lines between the first and the last need not repeat the code: FTP's
 * do not.
 */
export function* readReply(): Talk<Reply> {
  const line = yield* readLine();
  const [, digits, separator = " ", first = ""] = FIRST_LINE.exec(line) ?? [];
  if (digits === undefined)
    throw new DialogEnd("malformed-message", "Server's reply does not begin with a code", true);
  const lines = [first];
  if (separator === "-") yield* readRest(digits, lines);
  const told = lines.find((each) => each.trim() !== "") ?? "";
  return { code: Number(digits), lines, words: `${digits} ${told}`.trim() };
}

function* readRest(digits: string, lines: string[]): Talk<void> {
  for (;;) {
    const line = yield* readLine();
    const own = line.startsWith(digits) && /^(?:[ -]|$)/.test(line.slice(3));
    lines.push(own ? line.slice(4) : line);
    if (own && line[3] !== "-") return;
  }
}

/** Reads the greeting: what is no reply shows that the peer speaks another protocol. */
export function* readGreeting(): Talk<Reply> {
  try {
    return yield* readReply();
  } catch (error) {
    throw error instanceof DialogEnd && error.code === "malformed-message"
      ? new OtherProtocol()
      : error;
  }
}
