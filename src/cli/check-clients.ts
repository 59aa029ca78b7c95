import type { NamedTruststore, RelyingParty, Thresholds } from "../diagnosis/assess.ts";
import { type ClientIdentity, identityOf } from "../daemon/identity.ts";
import type { Endpoint } from "../probe/handshake.ts";
import { keyPolicyOf } from "../trust/key-policy.ts";
import type { ProfileName } from "../trust/profile-names.ts";
import type { ServerSystem } from "../trust/system-names.ts";
import type { CheckOptions } from "./check.ts";
import { readIdentity } from "./check-identity.ts";
import { maskedStores } from "./masked-stores.ts";
import { relyingParties } from "./relying-parties.ts";

/** One client to judge as, and what it answers a server's request for a certificate with. */
export interface CheckParty {
  readonly party: RelyingParty;
  readonly identity: ClientIdentity | null;
}

/** As whom `check` judges. */
export interface CheckClients {
  readonly parties: readonly CheckParty[];
  /** The estate's thresholds; null without an estate. */
  readonly thresholds: Thresholds | null;
  /** Truststores of the estate, for 'found in store X'. */
  readonly otherTruststores: readonly NamedTruststore[];
  /** The system that answers at a target, as the estate knows it; null for an unknown one. */
  readonly serverSystem: (endpoint: Endpoint) => ServerSystem | null;
  /** Addresses and networks at which the estate expects a target. @default anywhere */
  readonly expectedAddresses?: (endpoint: Endpoint) => readonly string[];
}

/** Reads truststores, keys and, with --client, the estate. @throws {UsageError} */
export async function checkClients(options: CheckOptions): Promise<CheckClients> {
  const certificates = await readIdentity(options);
  const identityAs = (profile: ProfileName): ClientIdentity | null =>
    certificates === null
      ? null
      : identityOf(certificates, keyPolicyOf(profile, options.keyManager ?? null));
  if (options.client !== undefined) {
    const { estateClient } = await import("./estate-client.ts");
    return estateClient(options.client, options.estate ?? "anchorwatch.yaml", identityAs);
  }
  const parties = await relyingParties(options, certificates?.[0]?.chain ?? null);
  const own = parties[0]?.truststores ?? [];
  return {
    parties: parties.map((party) => ({ party, identity: identityAs(party.profile) })),
    thresholds: null,
    otherTruststores: [...own, ...(await maskedStores(own))],
    serverSystem: () => options.serverSystem ?? null,
  };
}
