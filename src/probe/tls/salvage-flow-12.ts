import type { Abort } from "./abort.ts";
import { decodeCertificate12, decodeCertificateStatus } from "./certificate-message.ts";
import { decodeCertificateRequest12, requestRecord } from "./certificate-request.ts";
import { cipherSuiteFacts } from "./cipher-suite-facts.ts";
import type { Conversation, Flow } from "./conversation.ts";
import { Cursor } from "./cursor.ts";
import { HandshakeType, type HandshakeMessage } from "./handshake-type.ts";
import { parametersRecord } from "./key-exchange-record.ts";
import { SalvageFlow } from "./salvage-flow.ts";
import { recordCertificates } from "./server-certificate.ts";
import type { ServerHello } from "./server-hello.ts";
import { decodeParameters } from "./server-key-exchange.ts";
import { Version } from "./versions.ts";

/**
 * Reads on after a hello that cannot be followed: before TLS 1.3 the server's certificate comes next, in the clear, and
 * what else it says up to ServerHelloDone.
 */
export function salvageFlow12(
  conversation: Conversation,
  { version, cipherSuite }: ServerHello,
  reason: Abort,
): Flow {
  const record = ({ type, body }: HandshakeMessage): boolean => {
    switch (type) {
      case HandshakeType.certificate:
        recordCertificates(conversation, body, decodeCertificate12);
        return true;
      case HandshakeType.certificateStatus: {
        const response = decodeCertificateStatus(body);
        if (response !== null) conversation.emit({ kind: "ocsp-staple", response });
        return true;
      }
      case HandshakeType.serverKeyExchange: {
        const keyExchange = keyExchangeOf(cipherSuite, body);
        if (keyExchange !== null) conversation.emit({ kind: "key-exchange", keyExchange });
        return true;
      }
      case HandshakeType.certificateRequest: {
        const request = requestRecord(decodeCertificateRequest12(body, version >= Version.tls12));
        conversation.emit({ kind: "certificate-request", request });
        return true;
      }
      default:
        return false;
    }
  };
  return new SalvageFlow(conversation, reason, { readsPastWarnings: true, record });
}

/** Suites with a pre-shared key put a hint in front of the parameters (RFC 4279 section 3, RFC 5489 section 2). */
function keyExchangeOf(
  cipherSuite: number,
  body: Uint8Array,
): ReturnType<typeof parametersRecord> | null {
  const facts = cipherSuiteFacts(cipherSuite);
  if (facts?.keyExchange !== "dhe" && facts?.keyExchange !== "ecdhe") return null;
  const cursor = new Cursor(body);
  if (facts.authentication === "psk") cursor.vector16("identity hint");
  return parametersRecord(decodeParameters(cursor, facts.keyExchange));
}
