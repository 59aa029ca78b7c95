import type { Handshake } from "../../probe/handshake.ts";
import type { Profile } from "../../trust/profile.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { hostPort } from "../words.ts";
import { misfitMessage } from "./client-words.ts";

const REMEDY = [
  "Update the TLS library of the server, or of what ends TLS in front of it",
  "Stopgap for one OpenSSL client: Options = UnsafeLegacyServerConnect in a configuration of its own",
] as const;

/** The server does not answer with renegotiation_info (E9, RFC 5746): OpenSSL 3 breaks off, others connect. */
export function insecureRenegotiationFinding(
  { endpoint, serverHello }: Handshake,
  profile: Profile,
): Finding | null {
  if (serverHello?.secureRenegotiation !== false) return null;
  const what = `${hostPort(endpoint)} does not say that it renegotiates securely (RFC 5746)`;
  return profile.rules.kind === "openssl"
    ? makeFinding("handshake.insecure-renegotiation", {
        severity: "critical",
        summary: `${what}, and ${profile.title} connects to no such server`,
        remedy: REMEDY,
        clientMessage: misfitMessage(profile, { kind: "legacy-renegotiation" }),
      })
    : makeFinding("handshake.insecure-renegotiation", {
        severity: "info",
        summary: `${what}; ${profile.title} connects all the same, OpenSSL 3 and Node.js do not`,
        remedy: REMEDY,
      });
}
