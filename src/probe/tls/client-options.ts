import type { KeyObject } from "node:crypto";
import type { Entropy } from "./entropy.ts";
import type { HelloShape } from "./hello-shape.ts";

/** A certificate with which the client can authenticate. */
export interface ClientCertificate {
  /** DER certificates, leaf first, as they are to be sent. */
  readonly chain: readonly Uint8Array[];
  /** Private key of the leaf. */
  readonly key: KeyObject;
}

/** What one conversation offers. */
export interface ClientOptions {
  /** @default WIDE_HELLO */
  readonly shape?: HelloShape;
  /** A-label for SNI; null or absent for none. */
  readonly serverName?: string | null;
  /** Protocols to offer, in order of preference. @default [] */
  readonly alpn?: readonly string[];
  /** Absent or null: a request is answered with an empty Certificate. */
  readonly clientCertificate?: ClientCertificate | null;
  /** @default FRESH */
  readonly entropy?: Entropy;
}
