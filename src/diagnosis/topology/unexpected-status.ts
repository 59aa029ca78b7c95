import type { RequestRecord } from "../../probe/follow-up/request-record.ts";
import type { Handshake } from "../../probe/handshake.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { hostPort, printable } from "../words.ts";
import { wishOf } from "./request-words.ts";

/** The handshake is complete, and the answer to the request after it is none of those that are right. */
export function unexpectedStatusFinding({ endpoint }: Handshake, request: RequestRecord): Finding {
  const reason = request.reason === null ? "" : ` ${printable(request.reason)}`;
  const location =
    request.location === null ? "" : `, which leads to ${printable(request.location)}`;
  return makeFinding("topology.unexpected-status", {
    severity: request.expectStatus.length > 0 ? "critical" : "warning",
    summary: `${hostPort(endpoint)} answers ${wishOf(request)} with ${request.status}${reason}${location}${expectation(request)}`,
    remedy: ["Check the path, and that the service behind the TLS port is the one that is meant"],
  });
}

function expectation({ expectStatus, method }: RequestRecord): string {
  if (expectStatus.length > 0) return `; expected was ${expectStatus.join(" or ")}`;
  return method === "upgrade" ? "; expected was 101" : "";
}
