import { namesEqual } from "../../x509/name.ts";
import { isSignedBy } from "../../x509/verify-signature.ts";
import type { Finding } from "../finding.ts";
import type { FindingCode } from "../finding-codes.ts";
import type { Situation } from "../situation.ts";
import { dateText, fingerprint, printable, shortName } from "../words.ts";
import type { KnownIssuer } from "./known-issuer.ts";

/** A CA certificate from elsewhere that the chain needs. */
export interface MissingIssuer {
  readonly issuer: KnownIssuer;
  /** Whether this client would accept the chain if the server sent it; null where that was not judged. */
  readonly repairs: boolean | null;
}

/** The certificate from elsewhere that issued the last one that was sent on the way to a root; null where none is known. */
export function missingIssuer(situation: Situation): MissingIssuer | null {
  const { sent, knownIssuers = [], handshake, accepts, verdict } = situation;
  const sentDigests = new Set(sent.map(({ sha256 }) => sha256));
  const tops = verdict.candidates
    .filter(({ end }) => end === "issuer-unknown")
    .flatMap(({ nodes }) => nodes.at(-1)?.certificate ?? []);
  for (const child of tops.length > 0 ? tops : sent.slice(0, 1)) {
    const issuer = knownIssuers.find(
      ({ certificate }) =>
        !sentDigests.has(certificate.sha256) &&
        namesEqual(certificate.subject, child.issuer, "openssl") &&
        isSignedBy(child, certificate),
    );
    if (issuer === undefined) continue;
    const further = knownIssuers
      .map(({ certificate }) => certificate)
      .filter(({ sha256 }) => !sentDigests.has(sha256));
    const chain = [...handshake.certificates, ...further.map(({ der }) => der)];
    return { issuer, repairs: accepts?.(chain) ?? null };
  }
  return null;
}

/** Findings whose repair is that the server sends one more certificate. */
const REPAIRED_BY_SENDING: ReadonlySet<FindingCode> = new Set<FindingCode>([
  "chain.incomplete",
  "chain.unrelated-intermediate",
  "chain.cross-certificate-missing",
]);

/** Adds the missing certificate, where it was found elsewhere, to the findings that it repairs. */
export function withMissingIssuer(
  findings: readonly Finding[],
  situation: Situation,
): readonly Finding[] {
  if (!findings.some(({ code }) => REPAIRED_BY_SENDING.has(code))) return findings;
  const missing = missingIssuer(situation);
  if (missing === null) return findings;
  const { issuer, repairs } = missing;
  const { certificate, how } = issuer;
  const where = printable(issuer.where);
  const name = shortName(certificate.subject);
  const found = how === "fetched" ? `${where} publishes it` : `${where} sends it`;
  const verdict =
    repairs === true
      ? "; with it this client would accept the chain"
      : repairs === false
        ? "; with it alone this client would not accept the chain either"
        : "";
  return findings.map((finding) =>
    REPAIRED_BY_SENDING.has(finding.code)
      ? {
          ...finding,
          summary: `${finding.summary}; ${found}${verdict}`,
          evidence: {
            ...finding.evidence,
            certificates: [...new Set([...finding.evidence.certificates, certificate.sha256])],
          },
          remedy: [
            `The missing certificate is ${name}, SHA-256 ${fingerprint(certificate)}, valid until ${dateText(certificate.notAfter)}: ${found}; its signature on the certificate below was verified`,
            ...finding.remedy,
          ],
        }
      : finding,
  );
}
