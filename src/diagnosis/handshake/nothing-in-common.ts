import type { Handshake } from "../../probe/handshake.ts";
import type { Profile } from "../../trust/profile.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { hostPort } from "../words.ts";
import { alertMessage } from "./client-words.ts";
import { ENABLE_VERSIONS } from "./version.ts";

/** What a server that refuses every hello is held against. */
export interface WideRefusal {
  /** How the conversation ended, in one clause. */
  readonly said: string;
  /** Null where nobody's words are asked for. */
  readonly profile: Profile | undefined;
}

/** No version of TLS is in common, however much is offered (E1). */
export function noCommonVersionFinding(
  { endpoint, alert }: Handshake,
  { said, profile }: WideRefusal,
): Finding {
  return makeFinding("handshake.version", {
    severity: "critical",
    summary: `${hostPort(endpoint)} offers no protocol version in common: ${said}`,
    remedy: [ENABLE_VERSIONS],
    clientMessage: profile === undefined ? null : alertMessage(profile, alert),
  });
}

/** Nothing of all that is offered suits the server (E3). */
export function nothingOfferedSuitsFinding(
  { endpoint, alert }: Handshake,
  { said, profile }: WideRefusal,
): Finding {
  return makeFinding("handshake.no-common-parameters", {
    severity: "critical",
    summary: `${hostPort(endpoint)} shares no cipher suite, group or signature scheme: ${said}`,
    remedy: [
      "Enable an ECDHE cipher suite with AES-GCM or ChaCha20 on the server",
      "Give the server a certificate with an RSA, ECDSA P-256 or P-384, or Ed25519 key",
    ],
    clientMessage: profile === undefined ? null : alertMessage(profile, alert),
  });
}
