import type { FailureCode, Handshake } from "../../probe/handshake.ts";
import { type Investigation, isAnswered } from "../../probe/investigation/investigation.ts";
import type { Profile } from "../../trust/profile.ts";
import { causeOf, type HelloTrigger } from "../comparison/hello-trigger.ts";
import type { Finding } from "../finding.ts";
import type { FindingCode } from "../finding-codes.ts";
import { makeFinding } from "../make-finding.ts";
import { alertMessage } from "../handshake/client-words.ts";
import { hostPort, printable } from "../words.ts";
import { encounterMessage } from "./client-words.ts";

/** The finding that further conversations lead to; null where they add nothing to what the failure says itself. */
export function investigatedFinding(
  investigation: Investigation,
  profile: Profile,
): Finding | null {
  const { about } = investigation;
  const { failure } = about;
  // a hello that was answered is not what the conversation failed for, whatever else was asked
  if (failure === null || isAnswered(about)) return null;
  const cause = causeOf(investigation);
  if (cause === null) return null;
  const where = hostPort(about.endpoint);
  const clientMessage = messageOf(about, profile);
  switch (cause.kind) {
    case "every-hello":
      return null;
    case "sporadic":
      return makeFinding(sporadicCode(failure.code), {
        severity: "critical",
        summary: `${where} ${deed(about)}, and answered the same hello a moment later: the fault comes and goes`,
        remedy: [
          "Look for a member of the load balancer, or a worker of the server, that fails: its log at the time of the probe names the reason",
          "Look for limits on connections per second in a firewall on the way",
        ],
        clientMessage,
      });
    case "trigger":
      return makeFinding(codeFor(cause.trigger, failure.code), {
        severity: "critical",
        summary: `${where}, or something on the way, ${deed(about)} because of ${culprit(cause.trigger, about)}`,
        remedy: [...STEPS[cause.trigger], ...DEVICE_STEPS],
        clientMessage,
      });
  }
}

function messageOf({ failure, alert }: Handshake, profile: Profile): string | null {
  switch (failure?.code) {
    case "alert-received":
      return alertMessage(profile, alert);
    case "connection-reset":
      return encounterMessage(profile, "reset");
    case "timeout-handshake":
      return encounterMessage(profile, "silent");
    default:
      return encounterMessage(profile, "closed");
  }
}

/** Alerts come from something that reads TLS; whatever only cuts need not. */
const ALERT: FailureCode = "alert-received";

const sporadicCode = (code: FailureCode): FindingCode =>
  code === ALERT
    ? "handshake.alert"
    : code === "timeout-handshake"
      ? "topology.timeout"
      : "topology.connection-cut";

function codeFor(trigger: HelloTrigger, code: FailureCode): FindingCode {
  if (trigger === "unknown-server-name") return "handshake.name-unrecognised";
  return code === ALERT ? "handshake.intolerance" : "topology.hello-dropped";
}

/** What became of the hello. */
function deed({ failure, alert }: Handshake): string {
  switch (failure?.code) {
    case "alert-received":
      return `refuses this hello (alert ${printable(alert?.description ?? "unknown")})`;
    case "timeout-handshake":
      return "leaves this hello without an answer";
    case "connection-reset":
      return "resets the connection after this hello";
    default:
      return "closes the connection after this hello";
  }
}

function culprit(trigger: HelloTrigger, { serverName }: Handshake): string {
  const name = printable(serverName ?? "");
  switch (trigger) {
    case "post-quantum-share":
      return "its post-quantum key share: without it the hello is answered";
    case "long-hello":
      return "its length or its newer extensions: a short hello is answered";
    case "alpn":
      return "the application protocols that it offers (ALPN): without them it is answered";
    case "tls13":
      return "TLS 1.3: a hello that offers TLS 1.2 alone is answered";
    case "this-server-name":
      return `the server name ${name}: without it, and with another name, the hello is answered`;
    case "unknown-server-name":
      return `the server name ${name}, which it does not have: without a name the hello is answered`;
  }
}

const DEVICE_STEPS = [
  "Repeat the check from the network of the server: where it works there, a device on the way is the cause, and its log at the time of the probe names the rule",
] as const;

const STEPS: Readonly<Record<HelloTrigger, readonly string[]>> = {
  "post-quantum-share": [
    "Update the firewall, load balancer or server that does not take a hello of more than one packet (about 1400 bytes), or have a rule made for this connection",
    "Until then leave the group out in the client: Java -Djdk.tls.namedGroups=x25519,secp256r1, OpenSSL Groups = X25519:P-256 in openssl.cnf, Node.js the option ecdhCurve 'X25519:P-256', Go GODEBUG=tlsmlkem=0",
  ],
  "long-hello": [
    "Update the firewall, load balancer or server that does not take long or unusual hellos",
    "See with anchorwatch survey which hellos it stumbles over",
  ],
  alpn: [
    "Permit the application protocols of the client in the device or server, or have it pass over those that it does not know (RFC 7301)",
  ],
  tls13: [
    "Update the firewall, load balancer or server: one that knows TLS 1.2 only has to answer with TLS 1.2, not to hang up (RFC 8446 section 4.1.3)",
    "Until then keep the client to TLS 1.2: Java -Djdk.tls.client.protocols=TLSv1.2",
  ],
  "this-server-name": [
    "Look for a filter that blocks this name: the category or the list of a firewall, proxy or name filter, and have an exception made for it",
  ],
  "unknown-server-name": [
    "Add the name, or an alias for it, to the virtual hosts of the server",
    "Use --servername NAME when the client sends another name",
  ],
};
