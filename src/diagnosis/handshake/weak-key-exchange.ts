import type { Handshake } from "../../probe/handshake.ts";
import type { Profile } from "../../trust/profile.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { hostPort } from "../words.ts";
import { misfitMessage } from "./client-words.ts";

/** Primes that every current client accepts, in bits (RFC 9325 section 4.1). */
const WANTED_PRIME = 2048;

const REMEDY = [
  "Enable ECDHE cipher suites on the server, and take those with DHE out",
  "Or give the server Diffie-Hellman parameters of 2048 bits or more (RFC 7919)",
] as const;

/**
 * A Diffie-Hellman prime that is too small for this client, or for others (E5).
 * @param least smallest prime that the client accepts, in bits
 */
export function weakKeyExchangeFinding(
  { endpoint, keyExchange }: Handshake,
  profile: Profile,
  least: number,
): Finding | null {
  const bits = keyExchange?.kind === "dhe" ? keyExchange.bits : null;
  if (bits === null || bits >= Math.max(least, WANTED_PRIME)) return null;
  const what = `${hostPort(endpoint)} agrees on keys with a Diffie-Hellman prime of ${bits} bits`;
  return bits < least
    ? makeFinding("handshake.weak-key-exchange", {
        severity: "critical",
        summary: `${what}; ${profile.title} refuses fewer than ${least}`,
        remedy: REMEDY,
        clientMessage: misfitMessage(profile, { kind: "small-prime" }),
      })
    : makeFinding("handshake.weak-key-exchange", {
        severity: "warning",
        summary: `${what}; ${profile.title} accepts it, clients that ask for ${WANTED_PRIME} do not`,
        remedy: REMEDY,
      });
}
