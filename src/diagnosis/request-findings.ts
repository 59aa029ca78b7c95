import { isUnexpected, type RequestRecord } from "../probe/follow-up/request-record.ts";
import type { Handshake } from "../probe/handshake.ts";
import { isRefusedByApplication } from "./client-auth/not-listed.ts";
import { missesCertificate } from "./client-auth/required.ts";
import type { Finding } from "./finding.ts";
import { makeFinding } from "./make-finding.ts";
import { hostPort, printable } from "./words.ts";

/** The finding about a request after the handshake; null when its answer is right, or none was made. */
export function requestFinding(handshake: Handshake): Finding | null {
  const { request } = handshake;
  if (request === null || !isUnexpected(request)) return null;
  // the consequence of a certificate that is missing, or not on a list
  if (missesCertificate(handshake, request) || isRefusedByApplication(handshake)) return null;
  const where = hostPort(handshake.endpoint);
  if (request.status === null)
    return makeFinding("topology.no-answer", {
      severity: "critical",
      summary: `${where} completes the handshake and does not answer ${wishOf(request)}: ${printable(request.failure ?? "")}`,
      remedy: [
        "Check that the service behind the TLS port speaks HTTP and is running",
        "Look into the log of the server, or of the load balancer in front of it",
      ],
    });
  const reason = request.reason === null ? "" : ` ${printable(request.reason)}`;
  const location =
    request.location === null ? "" : `, which leads to ${printable(request.location)}`;
  return makeFinding("topology.unexpected-status", {
    severity: request.expectStatus.length > 0 ? "critical" : "warning",
    summary: `${where} answers ${wishOf(request)} with ${request.status}${reason}${location}${expectation(request)}`,
    remedy: ["Check the path, and that the service behind the TLS port is the one that is meant"],
  });
}

function wishOf({ method, path }: RequestRecord): string {
  return method === "upgrade"
    ? `an upgrade of ${printable(path)} to a WebSocket`
    : `${method} ${printable(path)}`;
}

function expectation({ expectStatus, method }: RequestRecord): string {
  if (expectStatus.length > 0) return `; expected was ${expectStatus.join(" or ")}`;
  return method === "upgrade" ? "; expected was 101" : "";
}
