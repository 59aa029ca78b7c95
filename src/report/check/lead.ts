import type { Assessment } from "../../diagnosis/assessment.ts";
import { counted, dateText, printable } from "../../diagnosis/words.ts";
import { profileOf } from "../../trust/profiles.ts";
import { causesOf } from "./causes.ts";
import { repairSide, SIDE_WORDS } from "./repair-side.ts";

/** What comes of a link, in one word that needs no knowledge of certificates. */
export type LinkState = "works" | "works-until" | "broken" | "unchecked";

/** The state of one link. `works-until`: it works, and something is to be done before it ends. */
export function linkState({ ok, verdict, findings, handshake }: Assessment): LinkState {
  if (ok) return findings.some(({ severity }) => severity !== "info") ? "works-until" : "works";
  if (findings.some(({ severity }) => severity === "critical")) return "broken";
  return verdict === null || handshake.outcome === "failed" ? "unchecked" : "broken";
}

const WORST_FIRST: readonly LinkState[] = ["broken", "unchecked", "works-until"];

/** The worst of several states. */
export function worstState(states: readonly LinkState[]): LinkState {
  return WORST_FIRST.find((state) => states.includes(state)) ?? "works";
}

/** The client as people call it. */
export function clientTitle({ client }: Pick<Assessment, "client">): string {
  return client.name === client.profile ? profileOf(client.profile).title : printable(client.name);
}

/** What happens, who is concerned, and on whose side the repair lies: sentences without words of the trade. */
export function leadSentences(assessments: readonly Assessment[]): readonly string[] {
  const first = assessments[0];
  if (first === undefined) return [];
  const bad = assessments.filter((each) => !each.ok);
  const [worst] = causesOf(assessments);
  const side =
    worst === undefined || worst.finding.severity === "info"
      ? []
      : [`To be repaired ${SIDE_WORDS[repairSide(worst.finding.code)]}.`];
  return [`${happening(assessments, bad, first)}.`, ...side];
}

/** Whether it is the client's own hello that fails, where another one came through. */
function isHelloRefused({ findings: [headline] }: Assessment): boolean {
  const { code = "", severity = "info" } = headline ?? {};
  const isHello = code.startsWith("handshake.") || code === "topology.hello-dropped";
  return isHello && severity === "critical";
}

/** Whether the client accepts the server, and not the other way round. */
function isClientRefused({ findings: [headline], handshake }: Assessment): boolean {
  return handshake.outcome === "complete" && headline?.code.startsWith("client-auth.") === true;
}

function happening(
  assessments: readonly Assessment[],
  bad: readonly Assessment[],
  first: Assessment,
): string {
  const total = assessments.length;
  if (bad.length === 0) {
    const who = total === 1 ? clientTitle(first) : `All ${total} clients`;
    const ends = assessments.flatMap(({ breaksAt }) => (breaksAt === null ? [] : [breaksAt]));
    const until = ends.length === 0 ? "" : `; this works until ${dateText(Math.min(...ends))}`;
    return `${who} can connect${until}`;
  }
  const unreached = bad.every(
    ({ handshake }) => handshake.outcome === "failed" && handshake.certificates.length === 0,
  );
  if (unreached) return "There is no encrypted connection to this server";
  if (total === 1 && isClientRefused(first))
    return `${clientTitle(first)} cannot connect: the server does not accept it`;
  if (total === 1)
    return first.handshake.outcome === "failed" || isHelloRefused(first)
      ? `${clientTitle(first)} cannot connect: the conversation breaks off`
      : `${clientTitle(first)} cannot connect: it does not accept this server`;
  if (bad.length === total) return `None of the ${total} clients can connect`;
  return `${counted(bad.length, "client")} of ${total} cannot connect`;
}
