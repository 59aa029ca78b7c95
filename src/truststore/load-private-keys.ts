import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { DerError } from "../x509/der.ts";
import { fail, ok, type Result } from "../x509/result.ts";
import { detectFormat } from "./detect.ts";
import { readBytes } from "./load.ts";
import {
  type PrivateKeyEntry,
  type PrivateKeyError,
  PrivateKeyFault,
  type StoredKey,
} from "./private-key.ts";
import { FORMAT_NAMES } from "./store-format.ts";
import { StoreFault } from "./store-error.ts";
import { jksKeys } from "./stored-keys-jks.ts";
import { pemKeys } from "./stored-keys-pem.ts";
import { pkcs12Keys } from "./stored-keys-pkcs12.ts";

/** How the private keys of a file are opened. */
export interface PrivateKeyOptions {
  /** Password of the store; null when none is known. */
  readonly storePassword: string | null;
  /** Password of the keys; null: that of the store, as with most stores. */
  readonly keyPassword: string | null;
  /** The one entry to read, in any case of letters as in Java; null: all. */
  readonly alias: string | null;
}

/**
 * Reads the private keys of a keystore (JKS, JCEKS, PKCS#12) or a PEM file, each with the chain stored with it,
 * in the order of the file. One that cannot be opened, has no certificate or does not belong to it fails the
 * whole. Neither keys nor passwords are in any message.
 */
export async function loadPrivateKeys(
  path: string,
  options: PrivateKeyOptions,
): Promise<Result<readonly PrivateKeyEntry[], PrivateKeyError>> {
  const bytes = await readBytes(path);
  // what a missing truststore means for Java is no matter of a keystore
  if (!bytes.ok)
    return fail({
      code: "unreadable",
      message: bytes.error.message.replace(/; Java clients fall back[^;]*$/u, ""),
    });
  const read = await readPrivateKeys(bytes.value, options);
  return read.ok ? read : fail({ ...read.error, message: `${path}: ${read.error.message}` });
}

/** The private key of a PEM text in which no certificate need be. */
export async function loadPemKey(
  text: string,
  password: string | null,
): Promise<Result<KeyObject, PrivateKeyError>> {
  try {
    const [stored] = pemKeys(Buffer.from(text, "utf8"));
    if (stored === undefined) throw new PrivateKeyFault("no-key", "There is no private key in it");
    return ok(keyObject(await stored.open(password), "the private key"));
  } catch (error) {
    if (error instanceof PrivateKeyFault) return fail(error.error);
    throw error;
  }
}

/** As loadPrivateKeys(), from bytes. */
export async function readPrivateKeys(
  bytes: Uint8Array,
  options: PrivateKeyOptions,
): Promise<Result<readonly PrivateKeyEntry[], PrivateKeyError>> {
  try {
    const chosen = choose(await storedKeys(bytes, options), options);
    const entries: PrivateKeyEntry[] = [];
    for (const stored of chosen)
      entries.push(await openEntry(stored, options.keyPassword ?? options.storePassword));
    return ok(entries);
  } catch (error) {
    if (error instanceof PrivateKeyFault) return fail(error.error);
    if (error instanceof StoreFault || error instanceof DerError)
      return fail({ code: "unreadable", message: error.message });
    throw error;
  }
}

async function storedKeys(
  bytes: Uint8Array,
  { storePassword }: PrivateKeyOptions,
): Promise<readonly StoredKey[]> {
  const format = detectFormat(bytes);
  switch (format) {
    case "jks":
    case "jceks":
      return jksKeys(bytes, format);
    case "pkcs12":
      return pkcs12Keys(bytes, storePassword);
    case "pem":
      return pemKeys(bytes);
    default:
      throw new PrivateKeyFault(
        "unsupported",
        `Private keys are read from JKS, JCEKS, PKCS#12 and PEM; this is ${FORMAT_NAMES[format]}`,
      );
  }
}

function choose(keys: readonly StoredKey[], { alias }: PrivateKeyOptions): readonly StoredKey[] {
  if (keys.length === 0) throw new PrivateKeyFault("no-key", "There is no private key in it");
  if (alias === null) return keys;
  const wanted = keys.filter((key) => key.alias?.toLowerCase() === alias.toLowerCase());
  if (wanted.length > 0) return wanted;
  const names = keys.map((key) => JSON.stringify(key.alias ?? ""));
  throw new PrivateKeyFault(
    "no-such-alias",
    `No private key has the alias ${JSON.stringify(alias)}; there is ${names.slice(0, 20).join(", ")}`,
  );
}

async function openEntry(
  { alias, chain, open }: StoredKey,
  password: string | null,
): Promise<PrivateKeyEntry> {
  const name = alias === null ? "the private key" : `the key ${alias}`;
  const [own] = chain;
  if (own === undefined)
    throw new PrivateKeyFault("no-certificate", `There is no certificate for ${name}`);
  const key = keyObject(await open(password), name);
  if (!belongsTo(key, own))
    throw new PrivateKeyFault(
      "key-mismatch",
      `The certificate stored with ${name} belongs to another key`,
    );
  return { alias, chain, key };
}

function keyObject(pkcs8: Uint8Array, name: string): KeyObject {
  try {
    return createPrivateKey({ key: Buffer.from(pkcs8), format: "der", type: "pkcs8" });
  } catch {
    // the runtime's message may quote the key
    throw new PrivateKeyFault("key-unusable", `The type of ${name} is not supported`);
  } finally {
    pkcs8.fill(0);
  }
}

/** Whether a key is the one in a certificate; one that cannot be read has none. */
export function belongsTo(key: KeyObject, certificate: Uint8Array): boolean {
  try {
    return new X509Certificate(certificate).checkPrivateKey(key);
  } catch {
    return false;
  }
}
