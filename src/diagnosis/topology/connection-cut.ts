import type { Handshake } from "../../probe/handshake.ts";
import type { Profile } from "../../trust/profile.ts";
import type { HandshakeDiagnosis } from "../handshake-diagnosis.ts";
import { hostPort } from "../words.ts";
import { encounterMessage } from "./client-words.ts";
import { schemeSteps } from "./likely-schemes.ts";

/** The connection was closed or reset in the middle of the handshake (D8). `said` tells where. */
export function connectionCut(
  handshake: Handshake,
  { said, profile }: { readonly said: string; readonly profile: Profile | undefined },
): HandshakeDiagnosis {
  const encounter = handshake.failure?.code === "connection-reset" ? "reset" : "closed";
  return {
    code: "topology.connection-cut",
    summary: `The connection to ${hostPort(handshake.endpoint)} was cut during the handshake: ${said}`,
    remedy: [
      "Look for a firewall or inspection device that ends connections after the ClientHello",
      "Look into the log of the server for the reason",
      ...schemeSteps(handshake),
    ],
    clientMessage: encounterMessage(profile, encounter),
  };
}
