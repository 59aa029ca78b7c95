import type { Handshake } from "../../probe/handshake.ts";
import { type Certificate, isSelfIssued } from "../../x509/certificate.ts";
import { namesEqual } from "../../x509/name.ts";
import { isSignedBy } from "../../x509/verify-signature.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { fingerprint, shortName } from "../words.ts";
import { refusedWords, saysTo } from "./client-auth-facts.ts";
import type { OwnCertificate } from "./own-certificate.ts";

/** Certificates that are looked through for the missing intermediate. */
const MAX_KNOWN = 1000;

/**
 * The intermediate that the client has to send and does not: it issued the last certificate that is sent, and is no
 * root that the server would have itself. Null where the chain is complete, or where nobody knows what comes next.
 */
export function missingIntermediate(
  chain: readonly Certificate[],
  known: readonly Certificate[],
): Certificate | null {
  const top = chain.at(-1);
  if (top === undefined || isSelfIssued(top)) return null;
  const found = known
    .slice(0, MAX_KNOWN)
    .find(
      (candidate) =>
        !isSelfIssued(candidate) &&
        namesEqual(candidate.subject, top.issuer, "openssl") &&
        isSignedBy(top, candidate),
    );
  return found ?? null;
}

/** The client sends its certificate without an intermediate that the server does not have (F7). */
export function chainIncompleteFinding(
  handshake: Handshake,
  leaf: Certificate,
  missing: Certificate,
  own: OwnCertificate,
): Finding {
  const name = shortName(missing.subject);
  return makeFinding("client-auth.chain-incomplete", {
    severity: "critical",
    summary: `${refusedWords(handshake)}: the client sends ${shortName(leaf.subject)} without the intermediate ${name} above it`,
    remedy: [
      `Add ${name}, SHA-256 ${fingerprint(missing)}, to the chain of the client's key, behind its certificate`,
      "For a keystore, with the certificate and its intermediates in chain.pem:",
      "keytool -importcert -alias ALIAS -file chain.pem -keystore FILE",
      "For PEM: append the intermediate to the file of the certificate",
    ],
    certificates: [leaf, missing],
    clientMessage: saysTo(own, handshake),
  });
}
