import type { Handshake } from "../../probe/handshake.ts";
import type { HandshakeDiagnosis } from "../handshake-diagnosis.ts";
import { directOf, protocolName } from "../topology/likely-schemes.ts";
import { hostPort } from "../words.ts";

/** The server speaks the protocol and does not begin TLS. `said` is its refusal. */
export function refusedUpgrade({ endpoint }: Handshake, said: string): HandshakeDiagnosis {
  const direct = directOf(endpoint.scheme);
  return {
    code: "handshake.upgrade-refused",
    summary: `${hostPort(endpoint)} does not upgrade to TLS: ${said}`,
    remedy: [
      `Switch TLS on in the configuration of the ${protocolName(endpoint.scheme)} server, with its certificate and key`,
      "Look into the log of the server: a key that it cannot read switches TLS off, too",
      ...(direct === null
        ? []
        : [`Or use the port on which the server begins with TLS, where it has one: ${direct}://`]),
    ],
  };
}
