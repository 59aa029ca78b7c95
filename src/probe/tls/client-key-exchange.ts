import { constants, type KeyObject, publicEncrypt } from "node:crypto";
import { Abort } from "./abort.ts";
import type { Entropy } from "./entropy.ts";
import { groupByCode, groupName } from "./groups.ts";
import { HandshakeType } from "./handshake-type.ts";
import { answerDhe, type DheParameters } from "./modular-diffie-hellman.ts";
import type { EcdheParameters } from "./server-key-exchange.ts";
import { Writer } from "./writer.ts";

/** What the client answers to a key exchange, and the secret that both sides then share. */
export interface ClientKeyExchange {
  /** The message with its header. */
  readonly message: Uint8Array;
  readonly premaster: Uint8Array;
}

function encode(size: 1 | 2, value: Uint8Array): Uint8Array {
  const writer = new Writer(value.length + 8);
  const write = () => void writer.bytes(value);
  writer.uint8(HandshakeType.clientKeyExchange).vector24(() => {
    if (size === 1) writer.vector8(write);
    else writer.vector16(write);
  });
  return writer.finish();
}

/** Answers a point on a curve with another (RFC 8422 section 5.7). @throws {Abort} when it is no point of a known curve */
export function answerCurve(
  { group: code, publicKey }: EcdheParameters,
  entropy: Entropy,
): ClientKeyExchange {
  const group = groupByCode(code);
  if (group === undefined || group.kind !== "curve" || group.versions === "tls13")
    throw new Abort(
      "parameter-unsupported",
      "handshake_failure",
      `Server chose group ${groupName(code)}, which is not implemented for this version`,
    );
  const share = entropy.keyShare(group);
  const premaster = share.agree(publicKey);
  if (premaster === null)
    throw new Abort(
      "malformed-message",
      "illegal_parameter",
      `Server's public key is not a point of ${group.name}`,
    );
  return { message: encode(1, share.publicKey), premaster };
}

/** Bytes of our exponent: twice the strength of the largest suites is enough, whatever the prime (RFC 7919 section 5.2). */
const EXPONENT = 32;

/** Answers in the server's finite field (RFC 5246 section 7.4.7.2). @throws {Abort} when its numbers are of no use */
export function answerField(parameters: DheParameters, entropy: Entropy): ClientKeyExchange {
  const { publicKey, secret } = answerDhe(parameters, entropy.random(EXPONENT));
  return { message: encode(2, publicKey), premaster: secret };
}

const PREMASTER = 48;

/** Bytes that PKCS #1 adds at least (RFC 8017 section 7.2.1). */
const LEAST_PADDING = 11;

/**
 * Encrypts a secret to the server's key (RFC 5246 section 7.4.7.1). It begins with the highest version that the
 * hello offered, by which a server notices a version that was talked down. The padding is made here, so that
 * a conversation can be repeated.
 * @throws {Abort} when the key is too small or of no use
 */
export function encryptPremaster(
  key: KeyObject,
  offeredVersion: number,
  entropy: Entropy,
): ClientKeyExchange {
  const size = Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
  if (size < PREMASTER + LEAST_PADDING)
    throw new Abort(
      "parameter-unsupported",
      "handshake_failure",
      `Server's RSA key of ${8 * size} bits is too small to encrypt a secret`,
    );
  const premaster = new Uint8Array(entropy.random(PREMASTER));
  premaster.set([offeredVersion >>> 8, offeredVersion & 0xff]);
  const padding = entropy.random(size - PREMASTER - 3).map((byte) => (byte === 0 ? 1 : byte));
  const padded = Buffer.concat([Uint8Array.of(0, 2), padding, Uint8Array.of(0), premaster]);
  return { message: encode(2, encrypt(key, padded)), premaster };
}

function encrypt(key: KeyObject, padded: Uint8Array): Uint8Array {
  try {
    return publicEncrypt({ key, padding: constants.RSA_NO_PADDING }, padded);
  } catch {
    throw new Abort(
      "parameter-unsupported",
      "illegal_parameter",
      "Server's RSA key cannot encrypt a secret",
    );
  }
}
