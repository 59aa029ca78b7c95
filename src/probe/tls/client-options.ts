import type { KeyObject } from "node:crypto";
import type { Entropy } from "./entropy.ts";
import type { EngineEvent } from "./events.ts";
import type { HelloShape } from "./hello-shape.ts";
import type { ServerKeys } from "./server-key.ts";
import type { Session, Sessions } from "./sessions.ts";

/** A certificate with which the client can authenticate. */
export interface ClientCertificate {
  /** DER certificates, leaf first, as they are to be sent. */
  readonly chain: readonly Uint8Array[];
  /** Private key of the leaf. */
  readonly key: KeyObject;
}

/**
 * How a kind of client decides what it sends to a server that asks for a certificate: `configured` whatever is
 * configured if its key can sign (OpenSSL, Node), `go` as crypto/tls, `sunx509` and `pkix` as the two key
 * managers of the JDK (SunX509, the default, and NewSunX509).
 */
export type KeyPolicy = "configured" | "go" | "sunx509" | "pkix";

/** What a client has to authenticate itself, and how it chooses from it. */
export interface Keyring {
  /** In the order in which the client looks at them. */
  readonly certificates: readonly ClientCertificate[];
  readonly policy: KeyPolicy;
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
  readonly keyring?: Keyring | null;
  /** Keys of servers seen before, shared by whoever makes many conversations. @default none */
  readonly serverKeys?: ServerKeys;
  /** Takes what the server gives to resume the session with, once the handshake is complete. @default none */
  readonly sessions?: Sessions | null;
  /**
   * A session of an earlier conversation to offer. Whether the server resumes it shows in its ServerHello; the
   * conversation cannot be completed then, so leave it after `server-hello`. @default none
   */
  readonly resume?: Session | null;
  /** @default FRESH */
  readonly entropy?: Entropy;
  /** Goes on reading after a TLS 1.3 handshake, for the tickets that the server sends then. @default false */
  readonly readsOn?: boolean;
  /**
   * Events of which one is enough: after the message that brings it the conversation is left, politely and with
   * the failure `cancelled`. @default none
   */
  readonly until?: readonly EngineEvent["kind"][];
}

/** A keyring of one certificate that is sent whenever its key can sign. */
export function configuredKeyring(certificate: ClientCertificate): Keyring {
  return { certificates: [certificate], policy: "configured" };
}
