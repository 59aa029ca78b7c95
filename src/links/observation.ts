import type { Handshake } from "../probe/handshake.ts";

/** One handshake with the identity that was shown for it; null for none. */
export interface ObservedHandshake {
  readonly identity: string | null;
  readonly handshake: Handshake;
}

/** A handshake that began with a client's own hello, with the client's name in the estate. */
export interface OwnHandshake {
  readonly client: string;
  readonly handshake: Handshake;
}

/** Everything that one look at an endpoint gave: a handshake per address and identity. */
export interface Observation {
  /** Milliseconds since 1970, when the look ended. */
  readonly at: number;
  /** Begun with the wide hello: the facts about the endpoint. */
  readonly handshakes: readonly ObservedHandshake[];
  /** Further ones for clients to which the server may answer otherwise. @default none was needed */
  readonly own?: readonly OwnHandshake[];
}
