import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { misfitRemedy, misfitSeverity, type Misfitting, versionGap } from "./misfit.ts";

/** The server accepts only versions that are newer than everything that the client offers (E2). */
export function clientTooOldFinding(facts: Misfitting, hello: string | null): Finding {
  const { handshake, offer, clientMessage } = facts;
  return makeFinding("handshake.client-too-old", {
    severity: misfitSeverity(facts),
    summary: versionGap(facts),
    remedy: misfitRemedy(facts, hello, [
      `Enable ${offer.versions[0] ?? "TLSv1.2"} beside ${handshake.version} on the server`,
      "Or update the client to a release that knows the version, or enable it in the client's settings",
    ]),
    clientMessage,
  });
}
