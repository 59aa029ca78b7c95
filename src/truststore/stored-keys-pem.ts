import { createPrivateKey } from "node:crypto";
import { readPemBlocks, type PemBlock } from "../x509/pem.ts";
import { openPrivateKey } from "./open-private-key.ts";
import { PrivateKeyFault, type StoredKey } from "./private-key.ts";
import { decodeText } from "./text-encoding.ts";

const KEY_LABEL = /^(?:[A-Z0-9-]+ )?PRIVATE KEY$/;

/**
 * The private key of a PEM file with the certificates beside it: PKCS#8 in the clear or encrypted, or the
 * traditional forms of OpenSSL, encrypted or not. One key is read, the first.
 * @throws {PrivateKeyFault}
 */
export function pemKeys(bytes: Uint8Array): readonly StoredKey[] {
  const { text } = decodeText(bytes);
  const blocks = readPemBlocks(text);
  if (!blocks.ok)
    throw new PrivateKeyFault("unreadable", `File is not PEM: ${blocks.error.message}`);
  const key = blocks.value.find(({ label }) => KEY_LABEL.test(label));
  if (key === undefined) return [];
  const chain = blocks.value.filter(({ label }) => label === "CERTIFICATE").map(({ der }) => der);
  return [{ alias: null, chain, open: (password) => open(key, text, password) }];
}

async function open(
  { label, der }: PemBlock,
  text: string,
  password: string | null,
): Promise<Uint8Array> {
  if (label === "ENCRYPTED PRIVATE KEY") {
    if (password === null)
      throw new PrivateKeyFault(
        "password-required",
        "The key is encrypted and no password is given",
      );
    const opened = await openPrivateKey(der, password);
    if (opened === null)
      throw new PrivateKeyFault("wrong-key-password", "The password does not open the key");
    return opened;
  }
  return traditional(blockOf(text, label), password);
}

/** The first block with a label, as written. */
function blockOf(text: string, label: string): string {
  const start = text.indexOf(`-----BEGIN ${label}-----`);
  const end = `-----END ${label}-----`;
  return text.slice(start, text.indexOf(end, start) + end.length);
}

/** Traditional keys, whose encryption stands in headers (RFC 1421 as OpenSSL uses it), are the runtime's business. */
function traditional(text: string, password: string | null): Uint8Array {
  const encrypted = /^Proc-Type: *4,ENCRYPTED/m.test(text);
  if (encrypted && password === null)
    throw new PrivateKeyFault("password-required", "The key is encrypted and no password is given");
  try {
    const passphrase = password === null ? {} : { passphrase: password };
    const key = createPrivateKey({ key: text, format: "pem", ...passphrase });
    return key.export({ format: "der", type: "pkcs8" });
  } catch {
    // the runtime's message may quote the file
    throw encrypted
      ? new PrivateKeyFault("wrong-key-password", "The password does not open the key")
      : new PrivateKeyFault("key-unusable", "The file holds no private key that can be used");
  }
}
