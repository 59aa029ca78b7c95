import type { Abort } from "./abort.ts";
import { decodeCertificate13 } from "./certificate-message.ts";
import { decodeCertificateRequest13, requestRecord } from "./certificate-request.ts";
import { expandCertificate } from "./compressed-certificate.ts";
import type { Conversation, Flow } from "./conversation.ts";
import { HandshakeType, type HandshakeMessage } from "./handshake-type.ts";
import { type HelloShape, offeredExtensions } from "./hello-shape.ts";
import { SalvageFlow } from "./salvage-flow.ts";
import { recordCertificates } from "./server-certificate.ts";

/** Reads on after a mistake of the server in front of its certificate, which comes in the same flight. */
export function salvageFlow13(conversation: Conversation, shape: HelloShape, reason: Abort): Flow {
  const certificates = (body: Uint8Array): void => {
    recordCertificates(conversation, body, (list, sink) =>
      decodeCertificate13(list, offeredExtensions(shape), sink),
    );
  };
  const record = ({ type, body }: HandshakeMessage): boolean => {
    switch (type) {
      case HandshakeType.certificateRequest: {
        const request = requestRecord(decodeCertificateRequest13(body));
        conversation.emit({ kind: "certificate-request", request });
        return true;
      }
      case HandshakeType.certificate:
        certificates(body);
        return false;
      case HandshakeType.compressedCertificate:
        certificates(expandCertificate(body, shape.certificateCompression).body);
        return false;
      default:
        return false;
    }
  };
  return new SalvageFlow(conversation, reason, { readsPastWarnings: false, record });
}
