import type { Handshake } from "../handshake.ts";

/** What is changed in a conversation against the one that it explains. */
export const VARIATIONS = [
  /** Nothing: shows whether the failure comes back. */
  "again",
  /** Few suites, one key share, no further extensions: well below 300 bytes. */
  "small-hello",
  /** Without the key shares of post-quantum groups, which make a hello longer than one packet. */
  "no-post-quantum",
  /** TLS 1.2 is the newest version. */
  "tls12-only",
  "no-alpn",
  "no-server-name",
  /** With a name that no server has (RFC 6761 section 6.4). */
  "other-server-name",
  "rsa-only",
  "ecdsa-only",
] as const;

/** What is changed in a conversation against the one that it explains. */
export type Variation = (typeof VARIATIONS)[number];

/** One further conversation with the same address. */
export interface Experiment {
  readonly variation: Variation;
  /** It is left as soon as the certificates are there, so that it may not be complete. */
  readonly handshake: Handshake;
}

/** What further conversations with one address showed about a first one: facts, without a conclusion. */
export interface Investigation {
  /** The conversation that is explained. */
  readonly about: Handshake;
  /** In the order in which they were made. */
  readonly experiments: readonly Experiment[];
}

/** Whether a conversation brought an answer to its hello: to the second one, where the server asked for that. */
export function isAnswered({ version, retry, failure }: Handshake): boolean {
  return version !== null || (retry !== null && failure === null);
}

/** The conversation of one variation; null where it was not made. */
export function experimentOf(
  investigation: Investigation | null,
  variation: Variation,
): Handshake | null {
  const found = investigation?.experiments.find((each) => each.variation === variation);
  return found?.handshake ?? null;
}
