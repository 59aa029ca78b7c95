import type { EstateTruststore, SecretReference } from "../estate/estate.ts";
import { loadTruststore } from "../truststore/load.ts";
import { type PasswordError, resolvePassword } from "../truststore/password.ts";
import { storeError } from "../truststore/store-error.ts";
import type { StoreError, Truststore } from "../truststore/truststore.ts";
import { fail, type Result } from "../x509/result.ts";
import type { InventoryReaders } from "./inventory.ts";

/** Reads truststores and passwords from this machine's files and environment. */
export const systemReaders: InventoryReaders = { truststore: readTruststore, secret: readSecret };

function readSecret(reference: SecretReference): Promise<Result<string, PasswordError>> {
  const place = reference.kind === "env" ? reference.name : reference.path;
  return resolvePassword(`${reference.kind}:${place}`);
}

async function readTruststore({
  name,
  paths,
  password,
}: EstateTruststore): Promise<Result<Truststore, StoreError>> {
  if (password === null) return loadTruststore({ name, paths, password: null });
  const secret = await readSecret(password);
  if (!secret.ok)
    return fail(
      storeError("password-required", `The password cannot be had: ${secret.error.message}`),
    );
  return loadTruststore({ name, paths, password: secret.value });
}
