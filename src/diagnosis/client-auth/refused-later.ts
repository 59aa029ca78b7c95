import type { Handshake } from "../../probe/handshake.ts";
import type { Certificate } from "../../x509/certificate.ts";
import { acceptsIssuerOf } from "./accepted-authorities.ts";
import { missingIntermediate } from "./chain-incomplete.ts";
import { isRefusedByApplication } from "./not-listed.ts";
import { isSureRefusal, missesCertificate } from "./required.ts";
import { lacksClientAuth, type OwnCertificate, ownCertificates } from "./own-certificate.ts";

/** Statuses of nginx for a client certificate that it does not accept, or misses; clients see 400. */
const NAMED: ReadonlySet<number> = new Set([495, 496]);
const BAD_REQUEST = 400;

/** What came of a client certificate after a handshake that is complete. */
export type LaterRefusal =
  /** It is refused, for its own sake. */
  | "certificate"
  /** Its client is refused, and nothing speaks against the certificate. */
  | "client";

/**
 * Whether a server that lets every client through the handshake refuses this one with its answer to the request, as nginx
 * and gateways do; null where it does not. `400` alone says little: the certificate has to give a reason.
 */
export function laterRefusal(handshake: Handshake, own: OwnCertificate): LaterRefusal | null {
  const { clientCertificateAnswer, request, outcome } = handshake;
  const status = request?.status ?? 0;
  if (outcome !== "complete" || clientCertificateAnswer?.kind !== "sent") return null;
  const isForbidden = isRefusedByApplication(handshake);
  if (NAMED.has(status)) return "certificate";
  if (status !== BAD_REQUEST && !isForbidden) return null;
  if (isFaulty(handshake, ownCertificates(own.ownChain), own)) return "certificate";
  return isForbidden ? "client" : null;
}

/**
 * Whether the link fails after a handshake that is complete, for the client's certificate: the one that is refused, or the
 * one that is missing.
 */
export function refusesLater(handshake: Handshake, own: OwnCertificate): boolean {
  const { request, outcome } = handshake;
  if (outcome !== "complete" || request === null) return false;
  if (missesCertificate(handshake, request)) return isSureRefusal(request);
  return laterRefusal(handshake, own) === "certificate";
}

/** Whether a server that looks has to refuse the certificate. */
function isFaulty(
  handshake: Handshake,
  chain: readonly Certificate[],
  { at, known = [] }: OwnCertificate,
): boolean {
  const [leaf] = chain;
  return (
    leaf !== undefined &&
    (leaf.notAfter < at ||
      lacksClientAuth(leaf) ||
      missingIntermediate(chain, known) !== null ||
      acceptsIssuerOf(handshake, chain) === false)
  );
}
