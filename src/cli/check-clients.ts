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
  /** How the estate reaches a target that is written as one of its endpoints, or by its name; null for others. */
  readonly known?: (text: string, endpoint: Endpoint) => KnownEndpoint | null;
}

/** An endpoint of the estate as it is dialled. */
export interface KnownEndpoint {
  readonly endpoint: Endpoint;
  /** Host and port to dial in place of the endpoint's own. */
  readonly connect: { readonly host: string; readonly port: number | null } | null;
  /** Server name to send in place of the host. */
  readonly serverName: string | null;
}

/** Reads truststores, keys and, with --client, the estate. @throws {UsageError} */
export async function checkClients(options: CheckOptions): Promise<CheckClients> {
  const { certificates, problem } = await readIdentity(options);
  const identityAs = (profile: ProfileName): ClientIdentity | null =>
    certificates === null
      ? null
      : identityOf(certificates, keyPolicyOf(profile, options.keyManager ?? null));
  if (options.client !== undefined) {
    const { estateClient } = await import("./estate-client.ts");
    const estate = options.estate ?? "anchorwatch.yaml";
    return withProblem(await estateClient(options.client, estate, identityAs), problem);
  }
  const parties = await relyingParties(options, certificates?.[0]?.chain ?? null);
  const own = parties[0]?.truststores ?? [];
  const clients: CheckClients = {
    parties: parties.map((party) => ({ party, identity: identityAs(party.profile) })),
    thresholds: null,
    otherTruststores: [...own, ...(await maskedStores(own))],
    serverSystem: () => options.serverSystem ?? null,
  };
  return withProblem(clients, problem);
}

/** The same clients with a certificate of their own that is named and cannot be used. */
function withProblem(clients: CheckClients, problem: string | null): CheckClients {
  if (problem === null) return clients;
  const parties = clients.parties.map(({ party }) => ({
    party: { ...party, ownChain: null, ownProblem: problem },
    identity: null,
  }));
  return { ...clients, parties };
}
