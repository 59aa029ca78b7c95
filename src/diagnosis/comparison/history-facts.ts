/** What one address of an endpoint sent during a time. */
export interface PastAnswer {
  /** DER, in the order sent. */
  readonly certificates: readonly Uint8Array[];
  /** `TLSv1.3`, ...; null when it is not known. */
  readonly version: string | null;
  /** Milliseconds since 1970. */
  readonly firstSeen: number;
  /** Milliseconds since 1970. */
  readonly lastSeen: number;
}

/** A change of the version that an address chooses. */
export interface VersionChange {
  /** `TLSv1.3`, ... */
  readonly was: string;
  readonly is: string;
  /** Milliseconds since 1970: when the old one was seen last. */
  readonly lastSeen: number;
  /** Milliseconds since 1970: since when it is the new one. */
  readonly since: number;
}

/** What a history knows about the address that is judged. */
export interface HistoryFacts {
  /** The answers before the present one, oldest first; the present one is left out. */
  readonly previous: readonly PastAnswer[];
  /** Milliseconds since 1970: since when it has answered as it does now; null when this is the first time. */
  readonly since: number | null;
  /** Addresses of the endpoint that answered before, whether or not its name still leads to them. */
  readonly addresses: readonly { readonly address: string; readonly lastSeen: number }[];
  /** The latest change of the version, as long as it holds. @default none */
  readonly version?: VersionChange | null;
}
