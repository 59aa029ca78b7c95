import type { Endpoint } from "../../probe/handshake.ts";
import type { ProfileName } from "../../trust/profile-names.ts";
import type { NameCheck, PeerCheck } from "../../trust/verdict.ts";
import type { EstateIdentity, SecretReference } from "../estate.ts";
import type { GatewayFlag } from "./document.ts";

/** Another certificate, or another place, for an endpoint. Null leaves a thing as it is. */
export interface EndpointChange {
  readonly kind: "endpoint";
  readonly endpoint: string;
  /** Locations (truststore/location.ts) of the certificates that are served from then on, leaf first. */
  readonly serves: readonly string[] | null;
  /** Absolute path of the key that goes with them. */
  readonly key: string | null;
  readonly keyPassword: SecretReference | null;
  readonly url: { readonly text: string; readonly target: Endpoint } | null;
  readonly connect: { readonly host: string; readonly port: number | null } | null;
  readonly serverName: string | null;
}

/** Other anchors in a truststore. */
export interface TruststoreChange {
  readonly kind: "truststore";
  readonly truststore: string;
  /** Locations (truststore/location.ts) of certificates. */
  readonly add: readonly string[];
  /** Aliases, fingerprints or numbers as `store remove` takes them, or certificate files; as written, PEM as location. */
  readonly remove: readonly string[];
  /** Locations (truststore/location.ts) of what takes the place of the whole store; null when it stays. */
  readonly replace: readonly string[] | null;
  /** Password of `replace`; null for that of the store. */
  readonly password: SecretReference | null;
  /** What a gateway may use one of its trusted certificates for from then on; null when that stays. */
  readonly flags: {
    /** As an entry of `remove`. */
    readonly certificate: string;
    /** All that are on. */
    readonly on: readonly GatewayFlag[];
  } | null;
}

/** Other rules, truststores or certificates for a client. Null leaves a thing as it is. */
export interface ClientChange {
  readonly kind: "client";
  readonly client: string;
  readonly profile: ProfileName | null;
  /** A `java.security` file, by its absolute path or as text. */
  readonly javaSecurity: { readonly path: string } | { readonly text: string } | null;
  readonly peerCheck: PeerCheck | null;
  readonly nameCheck: NameCheck | null;
  readonly trust: readonly string[] | null;
  readonly identity: EstateIdentity | "none" | null;
}

/** One entry of `changes`. */
export type PlannedChange = (EndpointChange | TruststoreChange | ClientChange) & {
  /** Where its values stand: `""` is the change itself, `add.1` the second value of `add`. */
  readonly places: Readonly<Record<string, PlanPlace>>;
};

/** A place in the text of a plan, from 1. */
export interface PlanPlace {
  readonly line: number;
  readonly column: number;
}

/** A change plan, checked against its estate: every name is known, paths are absolute. */
export interface ChangePlan {
  /** As it was given. */
  readonly file: string;
  /** Folder from which relative paths count. */
  readonly folder: string;
  /** Whether texts in `remove` and `certificate` may be the names of files; everything else says so by itself. */
  readonly readsFiles: boolean;
  /** At least one, in the order written. */
  readonly changes: readonly PlannedChange[];
  /** Milliseconds since 1970 as of which is judged; null for now. */
  readonly at: number | null;
}
