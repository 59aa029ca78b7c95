import type { Handshake } from "../../probe/handshake.ts";
import { Version, versionName } from "../../probe/tls/versions.ts";
import type { Profile } from "../../trust/profile.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { hostPort } from "../words.ts";
import { misfitMessage } from "./client-words.ts";
import { misfitRemedy, misfitSeverity, type Misfitting, versionGap } from "./misfit.ts";

/** What brings a server up to the versions of current clients. */
export const ENABLE_VERSIONS = "Enable TLS 1.2 or TLS 1.3 on the server";

const NEWEST_FIRST: readonly string[] = [
  Version.tls13,
  Version.tls12,
  Version.tls11,
  Version.tls10,
  Version.ssl30,
].map(versionName);

/** Whether a version, by its name, is older than another one. */
export function isOlder(version: string | null, than: string): boolean {
  return version !== null && NEWEST_FIRST.indexOf(version) > NEWEST_FIRST.indexOf(than);
}

/** The client's hello was refused: the server is older than everything that it offers (E1). */
export function serverTooOldFinding(facts: Misfitting, hello: string | null): Finding {
  return makeFinding("handshake.version", {
    severity: misfitSeverity(facts),
    summary: versionGap(facts),
    remedy: misfitRemedy(facts, hello, [ENABLE_VERSIONS]),
    clientMessage: facts.clientMessage,
  });
}

/** The server chose a version that the client does not complete. */
export function refusedVersionFinding(
  { endpoint, version }: Handshake,
  profile: Profile,
  oldest: number,
): Finding {
  return makeFinding("handshake.version", {
    severity: "critical",
    summary: `${hostPort(endpoint)} negotiates ${version} at best; ${profile.title} accepts nothing older than ${versionName(oldest)}`,
    remedy: [ENABLE_VERSIONS],
  });
}

/** The client offers an old version and refuses what is signed in it: OpenSSL 3 with TLS 1.0 and 1.1. */
export function oldSignatureFinding({ endpoint, version }: Handshake, profile: Profile): Finding {
  return makeFinding("handshake.version", {
    severity: "critical",
    summary: `${hostPort(endpoint)} negotiates ${version} at best, where it signs with MD5 and SHA-1; ${profile.title} offers that version but refuses such signatures`,
    remedy: [ENABLE_VERSIONS],
    clientMessage: misfitMessage(profile, { kind: "old-signature" }),
  });
}
