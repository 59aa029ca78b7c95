import { isUnexpected } from "../probe/follow-up/request-record.ts";
import type { Handshake } from "../probe/handshake.ts";
import { isRefusedByApplication } from "./client-auth/not-listed.ts";
import { missesCertificate } from "./client-auth/required.ts";
import type { Finding } from "./finding.ts";
import { noAnswerFinding } from "./topology/no-answer.ts";
import { unexpectedStatusFinding } from "./topology/unexpected-status.ts";

/** The finding about a request after the handshake; null when its answer is right, or none was made. */
export function requestFinding(handshake: Handshake): Finding | null {
  const { request } = handshake;
  if (request === null || !isUnexpected(request)) return null;
  // the consequence of a certificate that is missing, or not on a list
  if (missesCertificate(handshake, request) || isRefusedByApplication(handshake)) return null;
  return request.status === null
    ? noAnswerFinding(handshake, request)
    : unexpectedStatusFinding(handshake, request);
}
