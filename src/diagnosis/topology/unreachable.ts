import type { Handshake } from "../../probe/handshake.ts";
import type { HandshakeDiagnosis } from "../handshake-diagnosis.ts";
import { hostPort } from "../words.ts";

/** Nothing accepts a connection. `said` is what the network answered. */
export function unreachable({ endpoint }: Handshake, said: string): HandshakeDiagnosis {
  return {
    code: "topology.unreachable",
    summary: `No connection to ${hostPort(endpoint)}: ${said}`,
    remedy: [
      "Check that the service is running and listens on this address and port",
      "Check firewall and routing between the client and the server",
    ],
  };
}
