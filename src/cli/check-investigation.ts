import type { Assessment } from "../diagnosis/assessment.ts";
import type { Handshake } from "../probe/handshake.ts";
import type { Doubt } from "../probe/investigation/investigate.ts";
import type { Investigation } from "../probe/investigation/investigation.ts";
import type { AddressHandshakes } from "./probe-target.ts";

/**
 * Makes the further conversations with one address that its assessments leave to be made; null where none would decide
 * anything.
 */
export async function investigateAddress(
  conversations: AddressHandshakes,
  assessments: readonly Assessment[],
  { own, timeoutMs }: InvestigationParts,
): Promise<Investigation | null> {
  // what works loads nothing further
  if (assessments.every(({ ok }) => ok)) return null;
  const { investigate, isUnexplained } = await import("../probe/investigation/investigate.ts");
  const made = [...assessments.map(({ handshake }) => handshake), ...own].filter(
    (handshake) => handshake !== null,
  );
  const failed = made.find(isUnexplained);
  const [first] = assessments;
  const about = failed ?? first?.handshake;
  if (about === undefined) return null;
  const doubts = new Set<Doubt>(failed === undefined ? [] : ["handshake"]);
  for (const { verdict } of assessments) {
    if (verdict?.nameMatch === false) doubts.add("name");
    if (verdict?.trusted === false) doubts.add("chain");
    if (verdict?.reason?.code === "expired" || verdict?.reason?.code === "not-yet-valid")
      doubts.add("clock");
  }
  if (doubts.size === 0) return null;
  return investigate(about, {
    doubts,
    timeoutMs: Math.min(timeoutMs, MOST_TIME),
    ask: (change) => conversations.again({ ...change, request: undefined, hello: undefined }),
  });
}

/** Milliseconds for one further conversation. */
const MOST_TIME = 3000;

/** What an investigation knows beside the assessments. */
export interface InvestigationParts {
  /** The conversation with a client's own hello behind each assessment; null where none was made. */
  readonly own: readonly (Handshake | null)[];
  /** For one conversation of the check, in milliseconds. */
  readonly timeoutMs: number;
}
