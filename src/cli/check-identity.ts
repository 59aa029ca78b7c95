import { loadCertificates } from "../daemon/identity.ts";
import type { EstateIdentity, SecretReference } from "../estate/estate.ts";
import type { ClientCertificate } from "../probe/tls/client-options.ts";
import { resolvePassword } from "../truststore/password.ts";
import { ok } from "../x509/result.ts";
import type { IdentityOptions } from "./identity-options.ts";
import { UsageError } from "./usage-error.ts";

/** Where the estate would say that a password is kept; here it has been read already. */
const store: SecretReference = { kind: "env", name: "store" };
const key: SecretReference = { kind: "env", name: "key" };

/** What a client answers a request for a certificate with. */
export interface OwnIdentity {
  /** Null when the options name none, or none that can be used. */
  readonly certificates: readonly ClientCertificate[] | null;
  /** Why that which they name cannot be used, in one sentence; null when it can. */
  readonly problem: string | null;
}

/**
 * The certificates and keys that options name. A key, alias or password that does not fit is a fault of the link, to be
 * told as such.
 * @throws {UsageError} when a password cannot be had or a file cannot be read
 */
export async function readIdentity(options: IdentityOptions): Promise<OwnIdentity> {
  if (options.cert === undefined && options.keystore === undefined)
    return { certificates: null, problem: null };
  const passwords = {
    store: await readPassword("--keystore-password", options.keystorePassword),
    key: await readPassword("--key-password", options.keyPassword),
  };
  const loaded = await loadCertificates(
    identityOf(options, passwords),
    async ({ kind, ...place }) =>
      ok(
        (kind === "env" && "name" in place && place.name === "store"
          ? passwords.store
          : passwords.key) ?? "",
      ),
  );
  if (loaded.ok) return { certificates: loaded.value, problem: null };
  if (loaded.error.code === "unreadable") throw new UsageError(loaded.error.message);
  return { certificates: null, problem: loaded.error.message };
}

function identityOf(
  { cert = "", key: keyFile = "", keystore, alias }: IdentityOptions,
  passwords: { readonly store: string | null; readonly key: string | null },
): EstateIdentity {
  const password = passwords.key === null ? null : key;
  if (keystore === undefined)
    return { kind: "pem", certificate: cert, key: keyFile, password, keyManager: null };
  return {
    kind: "keystore",
    path: keystore,
    password: passwords.store === null ? null : store,
    keyPassword: password,
    alias: alias ?? null,
    keyManager: null,
  };
}

async function readPassword(option: string, spec: string | undefined): Promise<string | null> {
  if (spec === undefined) return null;
  const password = await resolvePassword(spec);
  if (!password.ok) throw new UsageError(`${option}: ${password.error.message}`);
  return password.value;
}
