import { hash as digest } from "node:crypto";
import type { CipherSuite13 } from "./cipher-suites-13.ts";
import type { SuiteHash } from "./hashes.ts";
import { hmac } from "./hmac.ts";
import { NONCE_LENGTH, type TrafficKeys } from "./record-protection.ts";

const EMPTY = new Uint8Array();

/**
 * HKDF-Expand-Label for outputs of at most one hash (RFC 8446 section 7.1, RFC 5869 section 2.3): every
 * output here is that short, so one HMAC over the label and the counter 1 is the whole expansion.
 */
export function expandLabel(
  hash: SuiteHash,
  secret: Uint8Array,
  label: string,
  context: Uint8Array,
  length: number,
): Uint8Array {
  const full = `tls13 ${label}`;
  const info = Buffer.allocUnsafe(5 + full.length + context.length);
  info.writeUInt16BE(length, 0);
  info[2] = full.length;
  info.write(full, 3, "latin1");
  info[3 + full.length] = context.length;
  info.set(context, 4 + full.length);
  info[info.length - 1] = 1;
  return hmac(hash, secret, info).subarray(0, length);
}

const HASH_LENGTH: Readonly<Record<SuiteHash, number>> = { sha256: 32, sha384: 48 };

/** What the schedule starts with when there is no pre-shared key: constant for each hash. */
function start(hash: SuiteHash) {
  const zeros = new Uint8Array(HASH_LENGTH[hash]);
  const emptyHash = digest(hash, EMPTY, "buffer");
  const early = hmac(hash, zeros, zeros);
  const salt = expandLabel(hash, early, "derived", emptyHash, zeros.length);
  return { zeros, emptyHash, salt };
}

/** Bytes of a hash, and so of every secret of its suites. */
export function hashLength13(hash: SuiteHash): number {
  return HASH_LENGTH[hash];
}

const STARTS = { sha256: start("sha256"), sha384: start("sha384") } as const;

/** Secrets of both directions in one phase. */
export interface TrafficSecrets {
  readonly client: Uint8Array;
  readonly server: Uint8Array;
}

/** Secrets of the handshake phase and what the application phase grows from. */
export interface HandshakeSecrets extends TrafficSecrets {
  /** The handshake secret. */
  readonly base: Uint8Array;
}

/** Secrets after ServerHello; `transcript` is the hash up to and including it (RFC 8446 section 7.1). */
export function handshakeSecrets(
  hash: SuiteHash,
  shared: Uint8Array,
  transcript: Uint8Array,
): HandshakeSecrets {
  const base = hmac(hash, STARTS[hash].salt, shared);
  return { base, ...trafficSecrets(hash, base, "hs", transcript) };
}

/** Secrets of the application phase and what resumption grows from. */
export interface ApplicationSecrets extends TrafficSecrets {
  /** The master secret. */
  readonly master: Uint8Array;
}

/** Secrets after the server's Finished; `transcript` is the hash up to and including it. */
export function applicationSecrets(
  hash: SuiteHash,
  { base }: HandshakeSecrets,
  transcript: Uint8Array,
): ApplicationSecrets {
  const { zeros, emptyHash } = STARTS[hash];
  const salt = expandLabel(hash, base, "derived", emptyHash, zeros.length);
  const master = hmac(hash, salt, zeros);
  return { master, ...trafficSecrets(hash, master, "ap", transcript) };
}

/** The secret behind all tickets of a connection; `transcript` ends with the client's Finished. */
export function resumptionSecret(
  hash: SuiteHash,
  { master }: ApplicationSecrets,
  transcript: Uint8Array,
): Uint8Array {
  return expandLabel(hash, master, "res master", transcript, HASH_LENGTH[hash]);
}

/** The key that belongs to a ticket (RFC 8446 section 4.6.1). */
export function ticketKey13(
  hash: SuiteHash,
  resumption: Uint8Array,
  nonce: Uint8Array,
): Uint8Array {
  return expandLabel(hash, resumption, "resumption", nonce, HASH_LENGTH[hash]);
}

/** The secret of the binder of a ticket's key (RFC 8446 section 7.1). */
export function binderKey13(hash: SuiteHash, key: Uint8Array): Uint8Array {
  const { zeros, emptyHash } = STARTS[hash];
  return expandLabel(hash, hmac(hash, zeros, key), "res binder", emptyHash, zeros.length);
}

function trafficSecrets(
  hash: SuiteHash,
  base: Uint8Array,
  phase: "hs" | "ap",
  transcript: Uint8Array,
): TrafficSecrets {
  return {
    client: expandLabel(hash, base, `c ${phase} traffic`, transcript, HASH_LENGTH[hash]),
    server: expandLabel(hash, base, `s ${phase} traffic`, transcript, HASH_LENGTH[hash]),
  };
}

/** The secret that follows one of application data (RFC 8446 section 7.2). */
export function nextSecret13(hash: SuiteHash, secret: Uint8Array): Uint8Array {
  return expandLabel(hash, secret, "traffic upd", EMPTY, HASH_LENGTH[hash]);
}

/** Record keys of one direction (RFC 8446 section 7.3). */
export function trafficKeys13({ hash, aead }: CipherSuite13, secret: Uint8Array): TrafficKeys {
  return {
    aead,
    key: expandLabel(hash, secret, "key", EMPTY, aead.keyLength),
    iv: expandLabel(hash, secret, "iv", EMPTY, NONCE_LENGTH),
  };
}

/** Content of a Finished message (RFC 8446 section 4.4.4). */
export function verifyData13(
  hash: SuiteHash,
  secret: Uint8Array,
  transcript: Uint8Array,
): Uint8Array {
  const key = expandLabel(hash, secret, "finished", EMPTY, HASH_LENGTH[hash]);
  return hmac(hash, key, transcript);
}
