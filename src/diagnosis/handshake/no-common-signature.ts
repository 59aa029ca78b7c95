import { internCertificate } from "../../x509/certificate-cache.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import {
  choices,
  misfitRemedy,
  misfitSeverity,
  type Misfitting,
  nothingInCommon,
} from "./misfit.ts";
import { listed } from "./offer-words.ts";

/** What lets a server sign as every client accepts it. */
export const SIGNATURE_STEPS = [
  "Let the server sign with SHA-256, and give it a certificate with an RSA or ECDSA P-256 key",
] as const;

/**
 * What of the server's certificate a client does not offer to verify: a key on a curve that is none of its groups
 * (RFC 8422 section 5.1.1), or a signature with MD5; null when neither is so.
 */
export function foreignCertificate({ handshake, profile, offer }: Misfitting): string | null {
  const [der] = handshake.certificates;
  const parsed = der === undefined ? undefined : internCertificate(der);
  if (parsed?.ok !== true) return null;
  const { publicKey, signatureAlgorithm } = parsed.value;
  if (publicKey.type === "ec" && !offer.groups.includes(publicKey.curve?.toLowerCase() ?? ""))
    return `its certificate has a key on the curve ${publicKey.curve ?? "of its own"}, ${profile.title} offers ${listed(offer.groups)}`;
  return signatureAlgorithm?.hash === "md5"
    ? `its certificate is signed with MD5, which ${profile.title} does not offer`
    : null;
}

/** The server's key, or its hash, makes no signature that the client accepts (E7). */
export function noCommonSignatureFinding(facts: Misfitting, hello: string | null): Finding {
  return makeFinding("handshake.no-common-signature", {
    severity: misfitSeverity(facts),
    summary: `${nothingInCommon(facts)}: ${foreignCertificate(facts) ?? choices(facts)}`,
    remedy: misfitRemedy(facts, hello, SIGNATURE_STEPS),
    clientMessage: facts.clientMessage,
  });
}
