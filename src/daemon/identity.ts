import { hash, type KeyObject } from "node:crypto";
import type {
  EstateIdentity,
  KeystoreIdentity,
  PemIdentity,
  SecretReference,
} from "../estate/estate.ts";
import type { ClientIdentity } from "../links/loaded-client.ts";
import type { ClientCertificate, KeyPolicy } from "../probe/tls/client-options.ts";
import { belongsTo, loadPemKey, loadPrivateKeys } from "../truststore/load-private-keys.ts";
import type { PrivateKeyError } from "../truststore/private-key.ts";
import { parseCertificate } from "../x509/certificate.ts";
import { readPemBlocks } from "../x509/pem.ts";
import { fail, ok, type Result } from "../x509/result.ts";
import { readBounded } from "./read-bounded.ts";

export type { ClientIdentity };

/** Reads a password from where it is kept; the error never shows it. */
export type ReadSecret = (
  reference: SecretReference,
) => Promise<Result<string, { readonly message: string }>>;

/** Why the certificate that a client is to show cannot be had. */
export interface IdentityError {
  /** `unusable`: the files are read, and key, certificate, alias or password do not go together; `unreadable`: not. */
  readonly code: "unusable" | "unreadable";
  /** One sentence that shows no secret. */
  readonly message: string;
}

/** Reads a client's certificates and keys. The error is one sentence and shows no secret. */
export async function loadIdentity(
  identity: EstateIdentity,
  policy: KeyPolicy,
  readSecret: ReadSecret,
): Promise<Result<ClientIdentity, string>> {
  const certificates = await loadCertificates(identity, readSecret);
  return certificates.ok
    ? ok(identityOf(certificates.value, policy))
    : fail(certificates.error.message);
}

/** The certificates and keys behind an identity. */
export function loadCertificates(
  identity: EstateIdentity,
  readSecret: ReadSecret,
): Promise<Result<readonly ClientCertificate[], IdentityError>> {
  return identity.kind === "pem"
    ? loadPem(identity, readSecret)
    : loadKeystore(identity, readSecret);
}

const unusable = (message: string): Result<never, IdentityError> =>
  fail({ code: "unusable", message });

const unreadable = (message: string): Result<never, IdentityError> =>
  fail({ code: "unreadable", message });

/** The identity of a client that has these certificates, in the order in which it looks at them. */
export function identityOf(
  certificates: readonly ClientCertificate[],
  policy: KeyPolicy,
): ClientIdentity {
  const chains = certificates.map(({ chain }) => chain.map((der) => hash("sha256", der, "hex")));
  const id = hash("sha256", JSON.stringify([policy, chains]), "hex");
  return { id, keyring: { certificates, policy } };
}

/** The first chain that an identity has, for diagnosis; null without one. */
export function chainOf(identity: ClientIdentity | null): readonly Uint8Array[] | null {
  return identity?.keyring.certificates[0]?.chain ?? null;
}

async function loadPem(
  { certificate: path, key: keyPath, password }: PemIdentity,
  readSecret: ReadSecret,
): Promise<Result<readonly ClientCertificate[], IdentityError>> {
  const certificates = await readCertificates(path);
  if (!certificates.ok) return unreadable(certificates.error);
  const [own] = certificates.value;
  if (own === undefined) return unreadable(`${path} holds no certificate`);
  const key = await readKey(keyPath, password, readSecret);
  if (!key.ok) return key;
  const parsed = parseCertificate(own);
  if (!parsed.ok)
    return unreadable(`The certificate in ${path} is unreadable: ${parsed.error.message}`);
  if (!belongsTo(key.value, own))
    return unusable(`The key in ${keyPath} does not belong to the certificate in ${path}`);
  return ok([{ chain: certificates.value, key: key.value }]);
}

async function readCertificates(path: string): Promise<Result<readonly Uint8Array[], string>> {
  const text = await readBounded(path);
  if (!text.ok) return text;
  const blocks = readPemBlocks(text.value);
  if (!blocks.ok) return fail(`${path} is not PEM: ${blocks.error.message}`);
  return ok(blocks.value.filter(({ label }) => label === "CERTIFICATE").map(({ der }) => der));
}

async function readKey(
  path: string,
  password: SecretReference | null,
  readSecret: ReadSecret,
): Promise<Result<KeyObject, IdentityError>> {
  const text = await readBounded(path);
  if (!text.ok) return unreadable(text.error);
  const secret = await secretOf(path, password, readSecret);
  if (!secret.ok) return unreadable(secret.error);
  const key = await loadPemKey(text.value, secret.value);
  if (key.ok) return key;
  return (MISMATCHES.has(key.error.code) ? unusable : unreadable)(
    wordsOf(key.error, path, secret.value !== null),
  );
}

/** Failures of files that are what they should be, and do not go together. */
const MISMATCHES: ReadonlySet<PrivateKeyError["code"]> = new Set<PrivateKeyError["code"]>([
  "wrong-password",
  "wrong-key-password",
  "no-such-alias",
  "key-mismatch",
]);

function wordsOf({ code }: PrivateKeyError, path: string, withPassword: boolean): string {
  return code === "password-required"
    ? `The key in ${path} is encrypted and no password is given for it`
    : `${path} holds no private key that can be read${withPassword ? " with the password given" : ""}`;
}

async function loadKeystore(
  { path, password, keyPassword, alias }: KeystoreIdentity,
  readSecret: ReadSecret,
): Promise<Result<readonly ClientCertificate[], IdentityError>> {
  const storeSecret = await secretOf(path, password, readSecret);
  if (!storeSecret.ok) return unreadable(storeSecret.error);
  const keySecret = await secretOf(path, keyPassword, readSecret);
  if (!keySecret.ok) return unreadable(keySecret.error);
  const keys = await loadPrivateKeys(path, {
    storePassword: storeSecret.value,
    keyPassword: keySecret.value,
    alias,
  });
  if (keys.ok) return ok(keys.value.map(({ chain, key }) => ({ chain, key })));
  return (MISMATCHES.has(keys.error.code) ? unusable : unreadable)(keys.error.message);
}

/** Null for no password. */
async function secretOf(
  path: string,
  reference: SecretReference | null,
  readSecret: ReadSecret,
): Promise<Result<string | null, string>> {
  if (reference === null) return ok(null);
  const secret = await readSecret(reference);
  return secret.ok
    ? secret
    : fail(`The password of ${path} cannot be read: ${secret.error.message}`);
}
