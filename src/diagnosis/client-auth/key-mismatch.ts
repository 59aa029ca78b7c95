import type { Handshake } from "../../probe/handshake.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { hostPort, printable } from "../words.ts";
import { refusedWords, saysTo } from "./client-auth-facts.ts";
import { identityPlaceSteps } from "../remedies/client-certificate-steps.ts";
import { type OwnCertificate, sidesOf } from "./own-certificate.ts";

const REMEDY = [
  "Compare the public keys: for a pair the next two commands print the same",
  "openssl x509 -in client.pem -noout -pubkey",
  "openssl pkey -in client.key -pubout",
  "In a keystore the entry that is meant has to be a PrivateKeyEntry: the next command lists them",
  "keytool -list -keystore client.p12",
  "Configure the key that was made for the certificate, or the alias and the password of the entry that holds both",
] as const;

/**
 * The key and certificate that are configured cannot be used together or at all (F8).
 * @param problem what is wrong with them, in one sentence
 */
export function unusableIdentityFinding(
  handshake: Handshake,
  problem: string,
  own: OwnCertificate,
): Finding {
  const required =
    handshake.outcome === "failed" && handshake.clientCertificateRequested
      ? `, and ${hostPort(handshake.endpoint)} requires one`
      : "";
  return makeFinding("client-auth.key-mismatch", {
    severity: handshake.clientCertificateRequested ? "critical" : "warning",
    summary: `The client's own certificate cannot be used${required}: ${printable(problem)}`,
    remedy: [...REMEDY, ...identityPlaceSteps(sidesOf(own))],
  });
}

/** The server finds that the proof of the key does not fit the certificate: decrypt_error (RFC 8446 section 6.2). */
export function keyMismatchFinding(handshake: Handshake, own: OwnCertificate): Finding {
  return makeFinding("client-auth.key-mismatch", {
    severity: "critical",
    summary: `${refusedWords(handshake)}: the signature was not made with the key of the certificate`,
    remedy: [...REMEDY, ...identityPlaceSteps(sidesOf(own))],
    clientMessage: saysTo(own, handshake),
  });
}
