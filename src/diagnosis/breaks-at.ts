import { judge } from "../trust/judge.ts";
import type { JudgeInput, Verdict } from "../trust/verdict.ts";
import type { Certificate } from "../x509/certificate.ts";

/** When a verdict turns bad, and the certificate whose end does it. */
export interface Break {
  /** Milliseconds since 1970: the end of the last second in which the client still accepts. */
  readonly time: number;
  readonly certificate: Certificate;
}

const MAX_CANDIDATES = 64;

/**
 * The first moment at which an accepted chain would be refused by the same client: the same judge is asked again behind
 * the end of each certificate that could carry the path. Null when the client never stops accepting.
 */
export function findBreak(input: JudgeInput, verdict: Verdict): Break | null {
  if (!verdict.accepted) return null;
  const involved = [
    ...verdict.path,
    ...verdict.candidates.flatMap(({ nodes }) => nodes.map(({ certificate }) => certificate)),
  ];
  const ends = [...new Map(involved.map((each) => [each.sha256, each])).values()]
    .filter(({ notAfter }) => notAfter >= input.at)
    .toSorted((a, b) => a.notAfter - b.notAfter)
    .slice(0, MAX_CANDIDATES);
  for (const certificate of ends)
    if (!judge({ ...input, at: certificate.notAfter + 1000 }).accepted)
      return { time: certificate.notAfter, certificate };
  return null;
}
