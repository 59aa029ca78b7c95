import type { HandshakeFailure } from "./handshake.ts";

/**
 * What is said on a connection before the ClientHello: to a proxy, or in the protocol of the server (an
 * upgrade dialog). Bytes in, bytes out: it has no socket and no timer, and nothing that a peer sends makes it
 * throw. Whoever drives it enforces the deadline and bounds what arrives in all.
 */
export interface Prelude {
  /** Speaks first, where it does. Called once, before `receive`. */
  start(): PreludeStep;
  /** Takes bytes as they arrive, cut anywhere. Not called after a step with an end. */
  receive(chunk: Uint8Array): PreludeStep;
  /** What it means that the peer closed or reset the connection; null: as after the ClientHello. */
  hangUp?(how: "closed" | "reset"): HandshakeFailure | null;
  /** What it means that time was up before the end; absent: no more than that. */
  expire?(afterMs: number): HandshakeFailure;
}

/** What one call brought about. */
export interface PreludeStep {
  /** Bytes for the peer; null when there are none. */
  readonly output: Uint8Array | null;
  /** Null as long as it goes on. */
  readonly end: PreludeEnd | null;
}

/** How a prelude ended. */
export type PreludeEnd =
  | {
      readonly kind: "ready";
      /** Bytes that arrived behind its last message; the next speaker gets them. */
      readonly rest: Uint8Array | null;
      /** How TLS is wrapped from here on (TDS); absent: not at all. */
      readonly framing?: Framing;
    }
  | { readonly kind: "failed"; readonly failure: HandshakeFailure };

/** A layer between TLS and the connection that some protocols put in during the handshake. */
export interface Framing {
  /** Wraps what TLS sends. */
  seal(output: Uint8Array): Uint8Array;
  /** Unwraps what arrived, cut anywhere; empty when nothing is complete yet. */
  open(chunk: Uint8Array): FramingOpened;
}

/** What unwrapping gave. */
export type FramingOpened =
  | { readonly ok: true; readonly value: Uint8Array }
  | { readonly ok: false; readonly error: HandshakeFailure };

/** What a prelude does for the record: which phase it is, and how its silence is worded. */
export interface PreludePart {
  readonly prelude: Prelude;
  readonly phase: "proxy" | "dialog";
  /** Who does not answer when time is up, such as `Proxy 192.0.2.1 port 3128`. */
  readonly peer: string;
}
