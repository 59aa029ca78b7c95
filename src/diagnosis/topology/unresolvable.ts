import type { Handshake } from "../../probe/handshake.ts";
import type { HandshakeDiagnosis } from "../handshake-diagnosis.ts";

/** The name has no address. `said` is what the resolver answered. */
export function unresolvable({ endpoint }: Handshake, said: string): HandshakeDiagnosis {
  const { host } = endpoint;
  return {
    code: "topology.unresolvable",
    summary: `The name ${host} does not resolve: ${said.replace(`${host}: `, "")}`,
    remedy: [
      `Check the spelling and the resolver of the client: getent hosts ${host}`,
      "Use --connect ADDRESS:PORT to probe an address that DNS does not know",
    ],
  };
}
