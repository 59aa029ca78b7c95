import type { RequestRecord } from "../../probe/follow-up/request-record.ts";
import type { Handshake } from "../../probe/handshake.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { hostPort, printable } from "../words.ts";
import { wishOf } from "./request-words.ts";

/** The handshake is complete, and no answer comes to the request after it. */
export function noAnswerFinding({ endpoint }: Handshake, request: RequestRecord): Finding {
  return makeFinding("topology.no-answer", {
    severity: "critical",
    summary: `${hostPort(endpoint)} completes the handshake and does not answer ${wishOf(request)}: ${printable(request.failure ?? "")}`,
    remedy: [
      "Check that the service behind the TLS port speaks HTTP and is running",
      "Look into the log of the server, or of the load balancer in front of it",
    ],
  });
}
