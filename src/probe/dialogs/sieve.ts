import {
  type Dialog,
  heard,
  malformed,
  OtherProtocol,
  readLine,
  refused,
  sendLine,
  take,
  type Talk,
  text,
} from "./talk.ts";
import { DIALOG_LIMITS } from "./limits.ts";

/** ManageSieve with STARTTLS (RFC 5804): the greeting is the list of capabilities. */
export function* sieve(): Dialog {
  const greeting = yield* readResponse(true);
  if (greeting.status !== "OK") throw refused("Server offers no service", greeting.words);
  const names = greeting.lines.map(nameOf);
  if (!names.includes("STARTTLS"))
    throw refused("Server does not offer STARTTLS", `it offers ${names.join(", ")}`);
  yield* sendLine("STARTTLS");
  const answer = yield* readResponse(false);
  if (answer.status !== "OK") throw refused("Server refused STARTTLS", answer.words);
  return null;
}

interface Response {
  readonly status: string;
  readonly words: string;
  /** Lines before the status, with literals put in as quoted strings. */
  readonly lines: readonly string[];
}

const STATUS = /^(OK|NO|BYE)(?=[\s(]|$)/i;
const LITERAL = /\{(\d{1,9})\+?\}$/;

function* readResponse(isGreeting: boolean): Talk<Response> {
  const lines: string[] = [];
  for (;;) {
    const line = yield* readLogicalLine();
    const [status] = STATUS.exec(line) ?? [];
    if (status !== undefined) return { status: status.toUpperCase(), words: line, lines };
    if (!line.startsWith('"')) {
      if (isGreeting && lines.length === 0) throw new OtherProtocol();
      throw malformed("Server's answer has a line that is neither a string nor OK, NO or BYE");
    }
    lines.push(line);
  }
}

/** A line together with the literals in it (RFC 5804 section 4). */
function* readLogicalLine(): Talk<string> {
  let whole = "";
  for (;;) {
    const line = yield* readLine();
    const [literal, digits] = LITERAL.exec(line) ?? [];
    if (literal === undefined || digits === undefined) return whole + line;
    const length = Number(digits);
    if (whole.length + line.length + length > DIALOG_LIMITS.pieceLength)
      throw malformed(`Server announces a literal of ${length} bytes, which is too long`);
    const content = text(yield* take(length));
    yield* heard(content);
    whole += `${line.slice(0, -literal.length)}"${content}"`;
  }
}

function nameOf(line: string): string {
  return /^"([^"]*)"/.exec(line)?.[1]?.toUpperCase() ?? "";
}
