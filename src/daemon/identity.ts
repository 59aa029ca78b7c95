import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import type { EstateIdentity, SecretReference } from "../estate/estate.ts";
import { parseCertificate } from "../x509/certificate.ts";
import { readPemBlocks } from "../x509/pem.ts";
import { fail, ok, type Result } from "../x509/result.ts";

/** The certificate chain and key with which a client answers a server's request (RFC 8446 section 4.4.2). */
export interface ClientIdentity {
  /** SHA-256 of the client's own certificate: clients with the same one share a handshake. */
  readonly id: string;
  /** DER, the client's own certificate first. */
  readonly chain: readonly Uint8Array[];
  readonly key: KeyObject;
}

/** Reads a password from where it is kept; the error never shows it. */
export type ReadSecret = (
  reference: SecretReference,
) => Promise<Result<string, { readonly message: string }>>;

const MAX_BYTES = 2 ** 20;

/** Reads a client's certificate and key from PEM files. The error is one sentence and shows no secret. */
export async function loadIdentity(
  identity: EstateIdentity,
  readSecret: ReadSecret,
): Promise<Result<ClientIdentity, string>> {
  const certificates = await readCertificates(identity.certificate);
  if (!certificates.ok) return certificates;
  const [own] = certificates.value;
  if (own === undefined) return fail(`${identity.certificate} holds no certificate`);
  const key = await readKey(identity, readSecret);
  if (!key.ok) return key;
  const parsed = parseCertificate(own);
  if (!parsed.ok)
    return fail(
      `The certificate in ${identity.certificate} is unreadable: ${parsed.error.message}`,
    );
  if (!new X509Certificate(own).checkPrivateKey(key.value))
    return fail(
      `The key in ${identity.key} does not belong to the certificate in ${identity.certificate}`,
    );
  return ok({ id: parsed.value.sha256, chain: certificates.value, key: key.value });
}

async function readCertificates(path: string): Promise<Result<readonly Uint8Array[], string>> {
  const text = await readBounded(path);
  if (!text.ok) return text;
  const blocks = readPemBlocks(text.value);
  if (!blocks.ok) return fail(`${path} is not PEM: ${blocks.error.message}`);
  return ok(blocks.value.filter(({ label }) => label === "CERTIFICATE").map(({ der }) => der));
}

async function readKey(
  { key: path, password }: EstateIdentity,
  readSecret: ReadSecret,
): Promise<Result<KeyObject, string>> {
  const text = await readBounded(path);
  if (!text.ok) return text;
  const secret = password === null ? null : await readSecret(password);
  if (secret !== null && !secret.ok)
    return fail(`The password of ${path} cannot be read: ${secret.error.message}`);
  try {
    const passphrase = secret === null ? {} : { passphrase: secret.value };
    return ok(createPrivateKey({ key: text.value, format: "pem", ...passphrase }));
  } catch {
    // the runtime's message may quote the file
    return fail(
      secret === null && text.value.includes("ENCRYPTED")
        ? `The key in ${path} is encrypted and no password is given for it`
        : `${path} holds no private key that can be read${secret === null ? "" : " with the password given"}`,
    );
  }
}

async function readBounded(path: string): Promise<Result<string, string>> {
  try {
    if ((await stat(path)).size > MAX_BYTES) return fail(`${path} is larger than 1 MiB`);
    return ok(await readFile(path, "utf8"));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
    return fail(code === "ENOENT" ? `${path} does not exist` : `${path} cannot be read (${code})`);
  }
}
