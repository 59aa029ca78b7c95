import type { StoreEntry } from "../../truststore/truststore.ts";
import type { WhatIf } from "../changes/what-if.ts";
import type { EstateLink } from "../../estate/estate.ts";

/** Certificates and where a plan finds them. */
export interface Source {
  /** As plans name them (estate/plans/plan-text.ts): a path, or PEM text. */
  readonly text: string;
  readonly entries: readonly StoreEntry[];
}

/** A chain that an endpoint is to send. */
export interface NewService {
  readonly endpoint: string;
  readonly chain: Source;
  /** The private key, as plans name it, and whether it belongs to the chain; null when none was given. */
  readonly key: { readonly text: string; readonly fits: boolean } | null;
}

/** What is to take the place of what. */
export interface RotationRequest {
  /** SHA-256 of the CA certificates that go; empty where only endpoints get new certificates. */
  readonly retired: ReadonlySet<string>;
  /** The CA certificates that clients are to trust from then on; null where they are to be found. */
  readonly successor: Source | null;
  readonly services: readonly NewService[];
}

/** One change that is proposed. */
export type ProposedChange =
  | {
      readonly kind: "add";
      readonly truststore: string;
      readonly source: Source;
    }
  | { readonly kind: "serve"; readonly service: NewService }
  | {
      readonly kind: "remove";
      readonly truststore: string;
      readonly entries: readonly StoreEntry[];
    };

/** A truststore that holds what is to go. */
export interface Holder {
  readonly truststore: string;
  readonly entries: readonly StoreEntry[];
  /** Names of the clients that trust by it. */
  readonly clients: readonly string[];
}

/** A removal that has to wait: these links would break. */
export interface Kept {
  readonly truststore: string;
  readonly links: readonly EstateLink[];
}

/** A plan with what it rests on. */
export interface Rotation {
  /** Whether a CA goes, and not only certificates of endpoints. */
  readonly isCa: boolean;
  /** In the order in which they are safe, as far as there is one. */
  readonly changes: readonly ProposedChange[];
  /** Who trusts what is to go. */
  readonly holders: readonly Holder[];
  /** What cannot be removed yet. */
  readonly kept: readonly Kept[];
  /** Endpoints that some client trusts by what is to go, and that get no new certificate here. */
  readonly waiting: readonly string[];
  /** Clients whose own certificate is below what is to go: servers have to trust its successor. */
  readonly ownCertificates: readonly string[];
  /** Milliseconds since 1970 as of which the plan has to be judged, because something is not valid before; null: now. */
  readonly at: number | null;
  /** What the plan comes to. */
  readonly result: WhatIf;
}
