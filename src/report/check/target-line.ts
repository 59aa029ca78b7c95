import { dateText, printable } from "../../diagnosis/words.ts";
import type { TargetResult } from "../check-result.ts";
import { answersOf } from "./answers.ts";
import { causesOf } from "./causes.ts";
import { type LinkState, linkState, worstState } from "./lead.ts";

/** What one line says about one target. */
export interface TargetLine {
  readonly state: LinkState;
  /** As written, with the number of addresses where there are several. */
  readonly target: string;
  /** The headline, or until when it works. */
  readonly words: string;
}

/** The worst that is to be said about a target, in one line. */
export function targetLine(result: TargetResult): TargetLine {
  if (result.kind === "invalid")
    return { state: "unchecked", target: printable(result.target), words: result.message };
  const { target, assessments } = result;
  const states = assessments.map(linkState);
  const state = worstState(states);
  const answers = answersOf(assessments);
  const addresses = answers.reduce((sum, answer) => sum + answer.addresses.length, 0);
  const place = addresses > 1 ? ` (${addresses} addresses)` : "";
  const common = { state, target: `${printable(target)}${place}` };
  const clients = new Set(assessments.map(({ client }) => client.name));
  const [worst] = causesOf(assessments);
  if (worst === undefined || state === "works") {
    const ends = assessments.flatMap(({ breaksAt }) => (breaksAt === null ? [] : [breaksAt]));
    const until = ends.length === 0 ? "" : ` until ${dateText(Math.min(...ends))}`;
    const fine = assessments.every(({ verdict }) => verdict?.nameMatch !== false)
      ? "works"
      : "works, though the name differs,";
    return { ...common, words: state === "works" ? `${fine}${until}` : "could not be judged" };
  }
  const concerned = new Set(worst.clients);
  const who = concerned.size === clients.size ? "" : `${[...concerned].join(", ")}: `;
  return { ...common, words: `${who}${worst.finding.summary}` };
}
