import type { Handshake } from "../../probe/handshake.ts";
import type { Profile } from "../../trust/profile.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { hostPort } from "../words.ts";
import { alertMessage } from "./client-words.ts";

/** The server ends the handshake because of the server name (E8, RFC 6066 section 3). */
export function nameUnrecognisedFinding(
  handshake: Handshake,
  profile: Profile | undefined,
): Finding {
  return makeFinding("handshake.name-unrecognised", {
    severity: "critical",
    summary: `${hostPort(handshake.endpoint)} does not know the server name ${handshake.serverName ?? "(none sent)"}`,
    remedy: [
      "Add the name, or an alias for it, to the virtual hosts of the server",
      "Use --servername NAME when the client sends another name",
    ],
    clientMessage: profile === undefined ? null : alertMessage(profile, handshake.alert),
  });
}
