import type { NamedTruststore } from "../../diagnosis/assessment.ts";
import type { Endpoint } from "../../probe/handshake.ts";
import type { Profile } from "../../trust/profile.ts";
import type { ProfileName } from "../../trust/profile-names.ts";
import type { NameCheck, PeerCheck } from "../../trust/verdict.ts";
import type { StoreEntry } from "../../truststore/truststore.ts";
import type { Result } from "../../x509/result.ts";
import type { ClientIdentity } from "../loaded-client.ts";
import type { Observation } from "../observation.ts";
import type { ChainFault } from "./lint-chain.ts";

/** An endpoint sends other certificates, is found elsewhere, or both. Null leaves a thing as it is. */
export interface EndpointEffect {
  readonly kind: "endpoint";
  readonly endpoint: string;
  readonly chain: {
    /** DER, in the order in which the server will send them. */
    readonly certificates: readonly Uint8Array[];
    /** Whether the key that was given belongs to them; null when none was given. */
    readonly keyFits: boolean | null;
  } | null;
  readonly url: { readonly text: string; readonly target: Endpoint } | null;
  readonly connect: { readonly host: string; readonly port: number | null } | null;
  readonly serverName: string | null;
  /** What answers at the new place; null when nobody looked there: the same server is assumed. */
  readonly seen: Observation | null;
}

/** A truststore has other anchors. */
export type StoreEffect =
  | {
      readonly kind: "store-add";
      readonly truststore: string;
      readonly entries: readonly StoreEntry[];
    }
  | {
      readonly kind: "store-remove";
      readonly truststore: string;
      /** The very entries of the store, or of an earlier step. */
      readonly entries: ReadonlySet<StoreEntry>;
    }
  | {
      readonly kind: "store-replace";
      readonly truststore: string;
      readonly store: NamedTruststore["store"];
      /** What it takes the place of. */
      readonly before: NamedTruststore["store"];
    }
  /** A gateway may use one of its certificates for something else. */
  | {
      readonly kind: "store-flags";
      readonly truststore: string;
      readonly entry: StoreEntry;
      /** Whether it is an anchor for the servers that the gateway dials. */
      readonly isAnchor: boolean;
      /** Whether host names are checked below it. */
      readonly verifiesHostname: boolean;
    };

/** A client has other rules, truststores or certificates. Null leaves a thing as it is. */
export interface ClientEffect {
  readonly kind: "client";
  readonly client: string;
  /** With another profile, settings of the one before do not go on. */
  readonly profile: ProfileName | null;
  readonly rules: Profile | null;
  readonly peerCheck: PeerCheck | null;
  readonly nameCheck: NameCheck | null;
  readonly trust: readonly string[] | null;
  readonly identity: { readonly to: Result<ClientIdentity, string> | null } | null;
}

/** What one step does. */
export type Effect = EndpointEffect | StoreEffect | ClientEffect;

/** The smallest thing that is done at once. */
export interface Step {
  /** Index of the entry of `changes` that it belongs to: adding to a store and removing from it are two steps. */
  readonly change: number;
  /** What is done, in words: `Add new-root.cer to the truststore pfs-trust`. */
  readonly title: string;
  readonly effect: Effect;
  /** Indices of steps that have to be done before, because the two do not commute. */
  readonly after: readonly number[];
}

/** A plan with its files read. */
export interface LoadedPlan {
  readonly steps: readonly Step[];
  /** What is wrong with the certificates that endpoints shall send. */
  readonly faults: readonly ChainFault[];
  /** Milliseconds since 1970 as of which is judged; null for now. */
  readonly at: number | null;
}

/** A set of steps: bit `i` stands for step `i`. */
export type StepSet = bigint;

const singles: StepSet[] = [];

/** The set of one step. */
export const only = (step: number): StepSet => (singles[step] ??= 1n << BigInt(step));

/** Whether a step is in a set. */
export const has = (set: StepSet, step: number): boolean => (set & only(step)) !== 0n;

/** The indices of a set, ascending. */
export function members(set: StepSet): readonly number[] {
  const found: number[] = [];
  // in one go: every shift of a large set would copy it
  const bits = set.toString(2);
  for (let at = bits.lastIndexOf("1"); at >= 0; at = at === 0 ? -1 : bits.lastIndexOf("1", at - 1))
    found.push(bits.length - 1 - at);
  return found;
}
