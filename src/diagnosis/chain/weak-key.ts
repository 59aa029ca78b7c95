import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import type { Situation } from "../situation.ts";
import { shortName } from "../words.ts";

const STEPS = ["Re-key with RSA 2048 bits or more, or with P-256"] as const;

/** Size of RSA keys that OpenSSL asks for at its usual security level 2, in bits. */
const WANTED_BITS = 2048;

/** A key that is too small for this client, or of a curve that it does not allow (B21). */
export function weakKeyFinding(
  certificate: Certificate | undefined,
  detail: string,
  situation: Situation,
): Finding {
  const name = certificate === undefined ? "a certificate" : shortName(certificate.subject);
  return refusalFinding("chain.weak-key", situation, {
    summary: `The key of ${name} is too small for ${situation.profile.title}${detail === "" ? "" : ` (${detail})`}`,
    remedy: STEPS,
    certificates: certificate === undefined ? [] : [certificate],
  });
}

/** An RSA key of the path that this client bears and others do not; null where there is none. */
export function weakKeyOverlookedFinding(
  path: readonly Certificate[],
  { profile }: Situation,
): Finding | null {
  const weak = path.filter(
    ({ publicKey: { type, bits } }) =>
      (type === "rsa" || type === "rsa-pss") && bits !== null && bits < WANTED_BITS,
  );
  const [first] = weak;
  if (first === undefined) return null;
  return makeFinding("chain.weak-key", {
    severity: "warning",
    summary: `The key of ${shortName(first.subject)} has ${first.publicKey.bits} bits; ${profile.title} accepts that, OpenSSL refuses RSA keys of fewer than ${WANTED_BITS} at its usual security level`,
    remedy: STEPS,
    certificates: weak,
  });
}
