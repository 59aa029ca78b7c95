import type { Handshake } from "../../probe/handshake.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { hostPort } from "../words.ts";
import { acceptedSteps, acceptedText } from "./accepted-authorities.ts";

/** The server asks for a client certificate and goes on without (F10). */
export function optionalFinding(handshake: Handshake): Finding {
  return makeFinding("client-auth.optional", {
    severity: "info",
    summary: `${hostPort(handshake.endpoint)} asks for a client certificate and completes the handshake without one; whether the application behind it does, a request tells${acceptedText(handshake)}`,
    remedy: [
      "Ask what the application answers without a certificate: --request PATH",
      ...acceptedSteps(handshake),
    ],
  });
}
