import { Abort } from "./abort.ts";
import type { CertificateRequest } from "./certificate-request.ts";
import { answerRequest, type SentCertificate } from "./client-authentication.ts";
import type { ClientKeyExchange } from "./client-key-exchange.ts";
import type { Conversation } from "./conversation.ts";
import type { Entropy } from "./entropy.ts";
import {
  directionKeys,
  extendedMasterSecret,
  masterSecret,
  verifyData12,
} from "./key-schedule-12.ts";
import type { Parameters12 } from "./negotiation-12.ts";
import type { Opener } from "./record-protection.ts";
import { protectors12 } from "./record-protection-12.ts";
import { encodeCertificateVerify, encodeFinished } from "./signed-messages.ts";
import { makeSignature } from "./signatures.ts";
import { Version } from "./versions.ts";

/** What is left to do after the client's flight: verify the server's. */
export interface ClientFlight {
  readonly master: Uint8Array;
  /** Opens the server's records after its ChangeCipherSpec. */
  readonly opener: Opener;
}

/**
 * Sends [Certificate,] ClientKeyExchange, [CertificateVerify,] ChangeCipherSpec and Finished (RFC 5246 section
 * 7.3). The transcript ends with ServerHelloDone before and with our Finished afterwards.
 * @throws {Abort} when the client's own key cannot sign
 */
export function sendClientFlight(
  conversation: Conversation,
  parameters: Parameters12,
  { message, premaster }: ClientKeyExchange,
  request: CertificateRequest | null,
  entropy: Entropy,
): ClientFlight {
  const { version, suite, hash, randoms, encryptThenMac } = parameters;
  const sent = request === null ? null : answerRequest(conversation, request, false);
  conversation.queue(message);
  const master = parameters.extendedMasterSecret
    ? extendedMasterSecret(hash, premaster, conversation.transcript.digest())
    : masterSecret(hash, premaster, randoms);
  if (sent !== null) prove(conversation, sent, version);
  conversation.flush();
  const keys = directionKeys(hash, suite.protection, version, master, randoms);
  const { opener, sealer } = protectors12(
    suite.protection,
    { version, encryptThenMac },
    entropy,
    keys,
  );
  conversation.sendChangeCipherSpec();
  conversation.seal(sealer);
  const finished = verifyData12(hash, master, "client", conversation.transcript.digest());
  conversation.queue(encodeFinished(finished));
  conversation.flush();
  return { master, opener };
}

function prove(
  conversation: Conversation,
  { certificate, scheme }: SentCertificate,
  version: number,
): void {
  const signature = makeSignature(scheme, certificate.key, conversation.transcript.bytes());
  if (signature === null)
    throw new Abort(
      "parameter-unsupported",
      "internal_error",
      `The client's key cannot sign with ${scheme.name}`,
    );
  const code = version >= Version.tls12 ? scheme.code : null;
  conversation.queue(encodeCertificateVerify(code, signature));
}
