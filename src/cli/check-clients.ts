import type { NamedTruststore, RelyingParty, Thresholds } from "../diagnosis/assessment.ts";
import { type ClientIdentity, identityOf } from "../daemon/identity.ts";
import type { Endpoint, Handshake } from "../probe/handshake.ts";
import { keyPolicyOf } from "../trust/key-policy.ts";
import type { ProfileName } from "../trust/profile-names.ts";
import type { ServerSystem } from "../trust/system-names.ts";
import type { CheckOptions } from "./check.ts";
import { readIdentity } from "./check-identity.ts";
import { maskedStores } from "./masked-stores.ts";
import { relyingParties } from "./relying-parties.ts";
import { withStarted } from "./started-option.ts";

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
  /** The same for a handshake, where a share of the lifetime is one of its certificate's. @default `thresholds` */
  readonly thresholdsFor?: (handshake: Handshake) => Thresholds;
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
    const clients = withProblem(await estateClient(options.client, estate, identityAs), problem);
    return withStart(clients, options);
  }
  const parties = await relyingParties(options, certificates?.[0]?.chain ?? null);
  const own = parties[0]?.truststores ?? [];
  const clients: CheckClients = {
    parties: parties.map((party) => ({ party, identity: identityAs(party.profile) })),
    thresholds: null,
    otherTruststores: [...own, ...(await maskedStores(own))],
    serverSystem: () => options.serverSystem ?? null,
  };
  return withStart(withProblem(clients, problem), options);
}

/** The same clients with what is known of their running processes. @throws {UsageError} */
async function withStart(clients: CheckClients, { started }: CheckOptions): Promise<CheckClients> {
  if (started === undefined) return clients;
  const parties = await Promise.all(
    clients.parties.map(async ({ party, identity }) => ({
      party: await withStarted(party, started),
      identity,
    })),
  );
  return { ...clients, parties };
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
