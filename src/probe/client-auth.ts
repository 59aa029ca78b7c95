import type { ClientAuth } from "./client-auth-record.ts";
import type { Handshake } from "./handshake.ts";

/**
 * What one conversation shows of a server's wish for client certificates; null where it does not show it:
 * the conversation ended too early, or a certificate was sent.
 */
export function clientAuthOf(
  handshake: Pick<
    Handshake,
    "outcome" | "stage" | "failure" | "clientCertificateRequested" | "clientCertificateAnswer"
  >,
): ClientAuth | null {
  const { outcome, stage, failure, clientCertificateAnswer } = handshake;
  if (!handshake.clientCertificateRequested)
    return stage === "finished" || stage === "complete" ? "none" : null;
  if (clientCertificateAnswer?.kind !== "empty") return null;
  if (outcome === "complete") return "optional";
  return failure?.code === "client-certificate-required" ? "required" : null;
}

/**
 * Completes a record with what a second conversation shows, in which no certificate is sent. `again` is called
 * only when the first one left the question open because a certificate was sent.
 */
export async function settleClientAuth(
  handshake: Handshake,
  again: () => Promise<Handshake>,
): Promise<Handshake> {
  if (handshake.clientAuth !== null || handshake.clientCertificateAnswer?.kind !== "sent")
    return handshake;
  const { clientAuth } = await again();
  return { ...handshake, clientAuth };
}
