import type { Handshake } from "../../probe/handshake.ts";
import type { Profile } from "../../trust/profile.ts";
import type { HandshakeDiagnosis } from "../handshake-diagnosis.ts";
import { hostPort } from "../words.ts";
import { encounterMessage } from "./client-words.ts";
import { schemeSteps } from "./likely-schemes.ts";

/** No answer in time. `said` tells in which phase. */
export function timeout(
  handshake: Handshake,
  { said, profile }: { readonly said: string; readonly profile: Profile | undefined },
): HandshakeDiagnosis {
  const isSilent = handshake.failure?.code === "timeout-handshake";
  return {
    code: "topology.timeout",
    summary: `No answer from ${hostPort(handshake.endpoint)}: ${said}`,
    remedy: [
      "Check whether a firewall drops the packets, and whether the service hangs",
      "Raise --timeout when the service is merely slow",
      ...schemeSteps(handshake),
    ],
    clientMessage: isSilent ? encounterMessage(profile, "silent") : null,
  };
}
