import type { Handshake } from "../../probe/handshake.ts";
import type { Profile } from "../../trust/profile.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { hostPort } from "../words.ts";
import { alertMessage } from "./client-words.ts";

/** What an alert is known to mean, and what its owner looks into (E10). */
const MEANINGS: Readonly<Record<string, { readonly words: string; readonly step: string }>> = {
  internal_error: {
    words: ", which means that it failed itself",
    step: "Look into the log of the server: a key that cannot be read, a missing certificate for this name or an exhausted resource are the usual reasons",
  },
  access_denied: {
    words: ", which is a rule and no fault of the certificate",
    step: "Ask the owner of the gateway or firewall in front of the server which rule refuses this client: mostly by address, server name or client certificate",
  },
  decode_error: {
    words: ", which means that it could not read the hello",
    step: "Update the TLS library of the server, or of the device in front of it: it stumbles over a hello that others read",
  },
};

/** The server ended the handshake with an alert that does not say more from outside (E10). */
export function alertFinding(handshake: Handshake, profile: Profile | undefined): Finding {
  const { endpoint, alert } = handshake;
  const name = alert?.description ?? "alert";
  const meaning = MEANINGS[name];
  return makeFinding("handshake.alert", {
    severity: "critical",
    summary: `${hostPort(endpoint)} refused the handshake with the alert ${name}${meaning?.words ?? ""}`,
    remedy: [
      meaning?.step ?? "Look into the log of the server: the alert does not say more from outside",
    ],
    clientMessage: profile === undefined ? null : alertMessage(profile, alert),
  });
}
