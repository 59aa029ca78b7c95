import { createDecipheriv, hash, pbkdf2 } from "node:crypto";
import { promisify } from "node:util";
import { fail, ok, type Result } from "../../../x509/result.ts";

/** Why a password cannot be decoded; closed list. */
export type DecodeErrorCode =
  | "one-way"
  | "custom"
  | "unsupported-version"
  | "malformed"
  | "wrong-key";

/** A password that cannot be decoded. The message shows neither the password nor its encoding. */
export interface DecodeError {
  readonly code: DecodeErrorCode;
  readonly message: string;
}

/** How a password is written in a configuration of Liberty or WebSphere. */
export type PasswordEncoding = "plain" | "xor" | "aes" | "hash" | "custom";

/** What Liberty takes for the encryption's key when `wlp.password.encryption.key` is not set: the text itself. */
export const DEFAULT_AES_PASSPHRASE = "${wlp.password.encryption.key}";

/** Longest encoded password that is decoded. */
const MAX_LENGTH = 4096;

// com.ibm.ws.crypto.util.AESKeyManager: constants of Liberty's key derivation
const SALT_0 = Buffer.from("a7a283394c5ab34f32150a9e2f171138c32e7d80", "hex");
const SALT_1 = Buffer.from(
  "a7c1160f870b664ba544a2a76053ebbbd31d1a6aee453cfa6c496f7a29edb2b1" +
    "e46639f64230366f235c3b87240f0ec1d56b3fee572bc74a006b89fef9f9d2a1" +
    "d424f65689b08e0a55181887e23f3b3134b4866cac1004d93a4b09e77e7fa07a" +
    "c2a247f89bdf39d4a3564c8d718468d887f75679d0c7b3c649070c0418afc06b",
  "hex",
);

/** Which encoding a text has, by its tag; an unknown tag is a plain password. */
export function encodingOf(text: string): PasswordEncoding {
  const tag = /^\{([a-z]*)(?::[^}]*)?\}/i.exec(text)?.[1]?.toLowerCase();
  return tag === "xor" || tag === "aes" || tag === "hash" || tag === "custom" ? tag : "plain";
}

/**
 * Decodes a password as Liberty and WebSphere do: plain, `{}`, `{xor}` (each byte XOR 0x5F) and `{aes}` of
 * versions 0 (AES-128-CBC) and 1 (AES-256-GCM). One-way and custom encodings are refused.
 * @param passphrase value of `wlp.password.encryption.key`
 */
export async function decodePassword(
  text: string,
  passphrase: string = DEFAULT_AES_PASSPHRASE,
): Promise<Result<string, DecodeError>> {
  switch (encodingOf(text)) {
    case "plain":
      return ok(text.startsWith("{}") ? text.slice(2) : text);
    case "hash":
      return failure("one-way", "A password encoded with {hash} is one-way and opens no store");
    case "custom":
      return failure("custom", "A password with a {custom} encoding needs the product's extension");
    case "xor": {
      const bytes = base64(text.slice("{xor}".length));
      if (bytes === null) return failure("malformed", "The text behind {xor} is not base64");
      return utf8(
        bytes.map((byte) => byte ^ 0x5f),
        "malformed",
      );
    }
    case "aes": {
      const bytes = base64(text.slice("{aes}".length));
      if (bytes === null || bytes.length < 2)
        return failure("malformed", "The text behind {aes} is not base64");
      return decodeAes(bytes, passphrase);
    }
  }
}

async function decodeAes(
  bytes: Uint8Array,
  passphrase: string,
): Promise<Result<string, DecodeError>> {
  const version = bytes[0] ?? 0;
  if (version > 1)
    return failure("unsupported-version", `Version ${version} of {aes} is not known; 0 and 1 are`);
  const key = await derivedKey(passphrase, version === 0 ? 0 : 1);
  const plain = version === 0 ? decryptCbc(bytes.subarray(1), key) : decryptGcm(bytes, key);
  if (plain === null)
    return failure("wrong-key", "The {aes} password does not decrypt with the key that is known");
  // a seed of random bytes precedes the password
  const seed = plain[0] ?? 0;
  if (plain.length < 1 + seed)
    return failure("wrong-key", "The {aes} password does not decrypt with the key that is known");
  return utf8(plain.subarray(1 + seed), "wrong-key");
}

function decryptCbc(ciphertext: Uint8Array, key: Uint8Array): Uint8Array | null {
  try {
    const decipher = createDecipheriv("aes-128-cbc", key, key);
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch {
    return null;
  }
}

function decryptGcm(bytes: Uint8Array, key: Uint8Array): Uint8Array | null {
  const length = bytes[1] ?? 0;
  const iv = bytes.subarray(2, 2 + length);
  const body = bytes.subarray(2 + length);
  if (length === 0 || iv.length !== length || body.length < 16) return null;
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, iv, { authTagLength: 16 });
    decipher.setAuthTag(body.subarray(-16));
    return Buffer.concat([decipher.update(body.subarray(0, -16)), decipher.final()]);
  } catch {
    return null;
  }
}

const derive = promisify(pbkdf2);
const keys = new Map<string, Promise<Uint8Array>>();
/** Most derived keys that are kept: an installation has one or two. */
const MAX_KEYS = 16;

function derivedKey(passphrase: string, version: 0 | 1): Promise<Uint8Array> {
  const name = `${version} ${hash("sha256", passphrase, "hex")}`;
  const known = keys.get(name);
  if (known !== undefined) return known;
  if (keys.size >= MAX_KEYS) keys.clear();
  const key =
    version === 0
      ? derive(passphrase, SALT_0, 84_756, 16, "sha1")
      : derive(passphrase, SALT_1, 210_000, 32, "sha512");
  keys.set(name, key);
  return key;
}

function base64(text: string): Uint8Array | null {
  const trimmed = text.trim();
  return trimmed.length <= MAX_LENGTH && /^[A-Za-z0-9+/]*={0,2}$/.test(trimmed)
    ? new Uint8Array(Buffer.from(trimmed, "base64"))
    : null;
}

function utf8(bytes: Uint8Array, code: DecodeErrorCode): Result<string, DecodeError> {
  try {
    return ok(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return failure(code, "The decoded password is not UTF-8 text");
  }
}

const failure = (code: DecodeErrorCode, message: string): Result<string, DecodeError> =>
  fail({ code, message });
