import type { SuiteHash } from "./hashes.ts";

/** How a session can be resumed. */
export type SessionKind = "identifier" | "ticket" | "pre-shared-key";

/** What a server gave to resume a session with. It stays in memory: no record, log or file has it. */
export type Session =
  /** Before TLS 1.3 (RFC 5246 section 7.3). */
  | { readonly kind: "identifier"; readonly identifier: Uint8Array }
  /** Before TLS 1.3 (RFC 5077). */
  | { readonly kind: "ticket"; readonly ticket: Uint8Array }
  | PreSharedKey;

/** A ticket of TLS 1.3 with the key that belongs to it (RFC 8446 section 4.6.1). */
export interface PreSharedKey {
  readonly kind: "pre-shared-key";
  readonly hash: SuiteHash;
  readonly key: Uint8Array;
  /** The ticket. */
  readonly identity: Uint8Array;
  /** Added to the age of the ticket, modulo 2^32. */
  readonly ageSummand: number;
}

/** Collects what servers give to resume sessions with, for whoever wants to try that; the first of each kind. */
export class Sessions {
  readonly #kept = new Map<SessionKind, Session>();

  /** Keeps a copy of a session unless there is one of its kind. */
  keep(session: Session): void {
    if (!this.#kept.has(session.kind)) this.#kept.set(session.kind, copyOf(session));
  }

  /** The session of a kind; null for none. */
  of(kind: SessionKind): Session | null {
    return this.#kept.get(kind) ?? null;
  }
}

/** Without the buffers of the connection that the parts were read from. */
function copyOf(session: Session): Session {
  switch (session.kind) {
    case "identifier":
      return { ...session, identifier: Uint8Array.from(session.identifier) };
    case "ticket":
      return { ...session, ticket: Uint8Array.from(session.ticket) };
    case "pre-shared-key":
      return {
        ...session,
        key: Uint8Array.from(session.key),
        identity: Uint8Array.from(session.identity),
      };
  }
}
