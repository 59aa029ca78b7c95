import type { NamedTruststore, RelyingParty, Thresholds } from "../diagnosis/assess.ts";
import { type ClientIdentity, loadIdentity } from "../daemon/identity.ts";
import { resolvePassword } from "../truststore/password.ts";
import type { CheckOptions } from "./check.ts";
import { relyingParties } from "./relying-parties.ts";
import { UsageError } from "./usage-error.ts";

/** As whom `check` judges, and with which certificate it answers a server's request. */
export interface CheckClients {
  readonly parties: readonly RelyingParty[];
  readonly identity: ClientIdentity | null;
  /** The estate's thresholds; null without an estate. */
  readonly thresholds: Thresholds | null;
  /** Truststores of the estate, for 'found in store X'. */
  readonly otherTruststores: readonly NamedTruststore[];
}

/** Reads truststores, keys and, with --client, the estate. @throws {UsageError} */
export async function checkClients(options: CheckOptions): Promise<CheckClients> {
  const identity = await readIdentity(options);
  if (options.client !== undefined) {
    const { estateClient } = await import("./estate-client.ts");
    return estateClient(options.client, options.estate ?? "anchorwatch.yaml", identity);
  }
  const parties = await relyingParties(options, identity !== null);
  return {
    parties,
    identity,
    thresholds: null,
    otherTruststores: parties[0]?.truststores ?? [],
  };
}

async function readIdentity({
  cert,
  key,
  keyPassword,
}: CheckOptions): Promise<ClientIdentity | null> {
  if (cert === undefined || key === undefined) return null;
  const spec = keyPassword === undefined ? null : await resolvePassword(keyPassword);
  if (spec !== null && !spec.ok) throw new UsageError(`--key-password: ${spec.error.message}`);
  const password = spec?.value ?? null;
  const loaded = await loadIdentity(
    { certificate: cert, key, password: password === null ? null : { kind: "env", name: "" } },
    async () => ({ ok: true, value: password ?? "" }),
  );
  if (!loaded.ok) throw new UsageError(loaded.error);
  return loaded.value;
}
