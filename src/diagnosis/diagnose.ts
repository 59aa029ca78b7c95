import type { Break } from "../trust/breaks-at.ts";
import { compared } from "./comparison/comparison-findings.ts";
import type { Finding } from "./finding.ts";
import { latentFindings } from "./latent-findings.ts";
import { followsFromClock } from "./leaf/client-clock.ts";
import { leafFindings } from "./leaf/select-leaf.ts";
import { nameFindings } from "./name/select-name.ts";
import { rankFindings } from "./rank.ts";
import { revocationFindings } from "./revocation-findings.ts";
import type { Situation } from "./situation.ts";
import type { StoreState } from "./store-state.ts";
import { faultsWithoutStore, refusalFindings } from "./trust-findings.ts";

/** What is known before the chain of one client is looked at. */
export interface DiagnoseFacts {
  /** When the verdict turns bad; null when it is bad now, or never turns. */
  readonly breaks: Break | null;
  /** What was found about the handshake and about the truststores. */
  readonly known: readonly Finding[];
  /** Whether this client comes to see the chain. */
  readonly seesChain: boolean;
  readonly store: StoreState;
}

/** All findings of one judged chain in order of rank, headline first. */
export function diagnose(
  situation: Situation,
  { breaks, known, seesChain, store }: DiagnoseFacts,
): readonly Finding[] {
  const aboutLeaf = leafFindings(situation);
  const isClockWrong = aboutLeaf.some(
    ({ code, severity }) => code === "leaf.client-clock" && severity === "critical",
  );
  const refusals = compared(
    store === "unknown" ? faultsWithoutStore(situation) : refusalFindings(situation),
    situation,
  );
  const aboutChain = [
    ...(isClockWrong ? refusals.filter((finding) => !followsFromClock(finding)) : refusals),
    ...aboutLeaf,
    ...nameFindings(situation),
    ...latentFindings(situation, breaks),
    ...(store === "unknown" ? [] : revocationFindings(situation)),
  ];
  return rankFindings(
    [...known, ...(store === "read" ? aboutChain : aboutChain.map(unsaid))],
    seesChain,
  );
}

/** A client that stops at its truststore says nothing about the chain. */
function unsaid(finding: Finding): Finding {
  return { ...finding, clientMessage: null };
}
