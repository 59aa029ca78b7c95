import type { EstateTruststore, SecretReference } from "../estate/estate.ts";
import { readSecret } from "../estate/systems/secret/read-secret.ts";
import { loadTruststore } from "../truststore/load.ts";
import { storeError } from "../truststore/store-error.ts";
import type { StoreError, Truststore } from "../truststore/truststore.ts";
import { fail, type Result } from "../x509/result.ts";
import type { InventoryReaders } from "./inventory.ts";
import { noteSecret } from "./redaction.ts";

/** Reads truststores and passwords from this machine's files and environment. */
export const systemReaders: InventoryReaders = { truststore: readTruststore, secret: readNoted };

/** Whatever secret the daemon reads, its log will not show it. */
async function readNoted(reference: SecretReference): ReturnType<typeof readSecret> {
  const secret = await readSecret(reference);
  if (secret.ok) noteSecret(secret.value);
  return secret;
}

async function readTruststore({
  name,
  paths,
  password,
}: EstateTruststore): Promise<Result<Truststore, StoreError>> {
  if (password === null) return loadTruststore({ name, paths, password: null });
  const secret = await readNoted(password);
  if (!secret.ok)
    return fail(
      storeError("password-required", `The password cannot be had: ${secret.error.message}`),
    );
  return loadTruststore({ name, paths, password: secret.value });
}
