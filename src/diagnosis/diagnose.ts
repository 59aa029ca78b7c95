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
import { refusalFindings } from "./trust-findings.ts";

/**
 * All findings of one judged chain in order of rank, headline first.
 * @param known what was found before the chain was judged: about the handshake, about the truststores
 */
export function diagnose(
  situation: Situation,
  breaks: Break | null,
  known: readonly Finding[],
): readonly Finding[] {
  const blind = known.some(
    ({ code, severity }) => code.startsWith("truststore.") && severity === "critical",
  );
  const aboutLeaf = leafFindings(situation);
  const isClockWrong = aboutLeaf.some(
    ({ code, severity }) => code === "leaf.client-clock" && severity === "critical",
  );
  const refusals = blind ? [] : compared(refusalFindings(situation), situation);
  return rankFindings(
    [
      ...known,
      ...(isClockWrong ? refusals.filter((finding) => !followsFromClock(finding)) : refusals),
      ...aboutLeaf,
      ...nameFindings(situation),
      ...latentFindings(situation, breaks),
      ...(blind ? [] : revocationFindings(situation)),
    ],
    situation.handshake,
  );
}
