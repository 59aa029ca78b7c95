import type { Assessment } from "../../diagnosis/assessment.ts";
import { dateText, printable } from "../../diagnosis/words.ts";
import { type LinkState, linkState } from "./lead.ts";

/** One client's line where several are compared. */
export interface ClientRow {
  readonly client: string;
  readonly state: LinkState;
  /** What the client does, in a word or two. */
  readonly verdict: string;
  /** Until when it works, or `–`. */
  readonly until: string;
  /** What it prints, in one line; empty when it prints nothing. */
  readonly prints: string;
}

/** The line of one client. */
export function clientRow(assessment: Assessment): ClientRow {
  const { client, ok, verdict, findings, breaksAt } = assessment;
  const message = ok ? null : (findings[0]?.clientMessage ?? verdict?.clientMessage ?? null);
  const state = linkState(assessment);
  return {
    client: printable(client.name),
    state,
    verdict: verdictWords(assessment, state),
    until: breaksAt === null ? "–" : dateText(breaksAt).slice(0, 10),
    prints: message === null ? "" : printable(tellingPart(message)),
  };
}

function verdictWords({ verdict, handshake }: Assessment, state: ClientRow["state"]): string {
  if (state === "works" || state === "works-until") return "connects";
  if (state === "unchecked" || verdict === null) return "no verdict";
  if (handshake.outcome === "failed") return "no handshake";
  if (verdict.trusted === false) return "no trust";
  if (verdict.trusted === true && !verdict.accepted) return "other name";
  return "refuses";
}

/** The end of a message says most: causes stand behind the exceptions that wrap them. */
function tellingPart(message: string): string {
  const lines = message.split("\n").filter((line) => line.trim() !== "");
  const caused = lines.findLast((line) => line.startsWith("Caused by: "));
  const line = caused ?? lines[0] ?? "";
  const wrapped = "Exception: ";
  const at = line.lastIndexOf(wrapped);
  if (at < 0) return line;
  const end = line.slice(at + wrapped.length);
  // a date alone says nothing; the name of the exception does
  return /^Not(?:After|Before)/.test(end) ? line.slice(line.lastIndexOf(".", at) + 1) : end;
}
