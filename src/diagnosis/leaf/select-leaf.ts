import type { Finding } from "../finding.ts";
import type { Situation } from "../situation.ts";
import { clientClockFinding } from "./client-clock.ts";
import { lifetimeFinding } from "./lifetime.ts";
import { stapleFinding } from "./select-staple.ts";
import { transparencyFinding } from "./transparency.ts";

/** Findings about the server's certificate that do not depend on a path to an anchor. */
export function leafFindings(situation: Situation): readonly Finding[] {
  const [leaf] = situation.sent;
  if (leaf === undefined) return [];
  return [
    clientClockFinding(situation),
    stapleFinding(situation),
    lifetimeFinding(leaf),
    transparencyFinding(leaf, situation),
  ].filter((finding) => finding !== null);
}
