import type { Handshake } from "../../probe/handshake.ts";
import type { Profile } from "../../trust/profile.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { hostPort } from "../words.ts";
import { javaSecuritySteps } from "../remedies/java-security-steps.ts";
import {
  choices,
  misfitRemedy,
  misfitSeverity,
  type Misfitting,
  nothingInCommon,
} from "./misfit.ts";

const STEPS = [
  "Enable an ECDHE cipher suite with AES-GCM on the server",
  ...javaSecuritySteps("jdk.tls.disabledAlgorithms", "TLS_RSA_*"),
] as const;

/** Whether a suite encrypts the secret with the certificate's key (RFC 5246 section 7.4.7.1). */
export function isStaticRsa(cipherSuite: string | null): boolean {
  return cipherSuite?.startsWith("TLS_RSA_WITH_") ?? false;
}

/** The server does nothing but static RSA, and the client does no longer offer it (E4). */
export function staticRsaFinding(facts: Misfitting, hello: string | null): Finding {
  return makeFinding("handshake.static-rsa", {
    severity: misfitSeverity(facts),
    summary: `${nothingInCommon(facts)}: ${choices(facts)}`,
    remedy: misfitRemedy(facts, hello, STEPS),
    clientMessage: facts.clientMessage,
  });
}

/**
 * A Java client that still takes static RSA, and will not after its next update: JDK 24, and the updates of older
 * releases from January 2026 on, put `TLS_RSA_*` on jdk.tls.disabledAlgorithms.
 */
export function acceptedStaticRsaFinding(
  { endpoint, cipherSuite }: Handshake,
  profile: Profile,
): Finding | null {
  if (!isStaticRsa(cipherSuite) || profile.rules.kind !== "java") return null;
  return makeFinding("handshake.static-rsa", {
    severity: "warning",
    summary: `Works until ${profile.title} is updated: ${hostPort(endpoint)} negotiates ${cipherSuite ?? ""}, and JDK 24 and the updates of January 2026 refuse static RSA key exchange`,
    remedy: [STEPS[0], "Do this before the JDK is patched"],
  });
}
