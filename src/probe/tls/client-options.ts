import type { KeyObject } from "node:crypto";
import type { Entropy } from "./entropy.ts";
import type { HelloShape } from "./hello-shape.ts";
import type { ServerKeys } from "./server-key.ts";

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
  /** Keys of servers seen before, shared by whoever makes many conversations. @default none */
  readonly serverKeys?: ServerKeys;
  /** @default FRESH */
  readonly entropy?: Entropy;
}
