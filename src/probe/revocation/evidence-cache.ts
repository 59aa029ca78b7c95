/** What was fetched from a URL, and until when it counts. */
interface CachedEvidence {
  readonly bytes: Uint8Array;
  /** Milliseconds since 1970. */
  readonly until: number;
}

const MAX_ENTRIES = 1000;
const MAX_OCTETS = 256 << 20;

/** Lists and responses by what was asked for, as long as they are current; bounded in number and size. */
export class EvidenceCache {
  readonly #entries = new Map<string, CachedEvidence>();
  #octets = 0;

  /** What is known under a key at a moment; undefined when it has to be fetched. */
  get(key: string, now: number): Uint8Array | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.until > now) return entry.bytes;
    this.#remove(key, entry);
    return undefined;
  }

  /** Remembers octets until a moment; the oldest entries make room. */
  set(key: string, bytes: Uint8Array, until: number): void {
    const before = this.#entries.get(key);
    if (before !== undefined) this.#remove(key, before);
    if (bytes.length > MAX_OCTETS) return;
    this.#entries.set(key, { bytes, until });
    this.#octets += bytes.length;
    for (const [oldest, entry] of this.#entries) {
      if (this.#entries.size <= MAX_ENTRIES && this.#octets <= MAX_OCTETS) break;
      this.#remove(oldest, entry);
    }
  }

  #remove(key: string, { bytes }: CachedEvidence): void {
    this.#entries.delete(key);
    this.#octets -= bytes.length;
  }
}
