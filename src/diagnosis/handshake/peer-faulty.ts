import type { Handshake } from "../../probe/handshake.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { hostPort } from "../words.ts";

/** The peer breaks the TLS protocol. `said` is how, in one sentence. */
export function peerFaultyFinding({ endpoint }: Handshake, said: string): Finding {
  return makeFinding("handshake.peer-faulty", {
    severity: "critical",
    summary: `${hostPort(endpoint)} breaks the TLS protocol: ${said}`,
    remedy: [
      "Check what answers at this address: a device in between may alter the handshake",
      "Update the TLS library of the server",
    ],
  });
}
