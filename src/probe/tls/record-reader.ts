import { Abort } from "./abort.ts";
import { hex16 } from "./versions.ts";

/** Record content types (RFC 8446 section 5.1). */
export const ContentType = {
  changeCipherSpec: 20,
  alert: 21,
  handshake: 22,
  applicationData: 23,
} as const;

/** Bytes of a record header. */
export const RECORD_HEADER = 5;

/** Bytes of content in one record. */
export const MAX_PLAINTEXT = 1 << 14;

/** Bytes of content that each direction may put into one record. */
export interface RecordSizes {
  readonly sent: number;
  readonly received: number;
}

/** The sizes without any agreement. */
export const USUAL_SIZES: RecordSizes = { sent: MAX_PLAINTEXT, received: MAX_PLAINTEXT };

/** Bytes by which protection may make a record longer (RFC 5246 section 6.2.3; RFC 8446 allows 256). */
const MAX_EXPANSION = 2048;

/** A record as it came from the wire. */
export interface RawRecord {
  readonly type: number;
  /** The five bytes that protection authenticates in TLS 1.3. */
  readonly header: Uint8Array;
  readonly fragment: Uint8Array;
}

/**
 * Cuts the byte stream into records. Chunks that hold whole records are not copied; what is left of one is
 * kept in a buffer that grows by doubling and is never overwritten, so views of earlier records stay valid.
 */
export class RecordReader {
  #buffer: Uint8Array = new Uint8Array();
  #start = 0;
  #end = 0;
  #owned = false;

  /** Whether a record has begun to arrive and is not complete. */
  get partial(): boolean {
    return this.#end > this.#start;
  }

  push(chunk: Uint8Array): void {
    const kept = this.#end - this.#start;
    if (kept === 0) {
      this.#buffer = chunk;
      this.#start = 0;
      this.#end = chunk.length;
      this.#owned = false;
      return;
    }
    if (!this.#owned || this.#end + chunk.length > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(1024, 2 * (kept + chunk.length)));
      grown.set(this.#buffer.subarray(this.#start, this.#end));
      this.#buffer = grown;
      this.#start = 0;
      this.#end = kept;
      this.#owned = true;
    }
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** The next whole record; null when more bytes are needed. @throws {Abort} */
  next(): RawRecord | null {
    if (this.#end - this.#start < RECORD_HEADER) return null;
    const header = this.#buffer.subarray(this.#start, this.#start + RECORD_HEADER);
    const [type = 0, major = 0, minor = 0, high = 0, low = 0] = header;
    if (type < ContentType.changeCipherSpec || type > ContentType.applicationData || major !== 3)
      throw new Abort(
        "bad-record",
        "unexpected_message",
        `Record header has content type ${type} and version ${hex16(major * 256 + minor)}`,
      );
    const length = high * 256 + low;
    if (length > MAX_PLAINTEXT + MAX_EXPANSION)
      throw new Abort(
        "bad-record",
        "record_overflow",
        `Record announces ${length} bytes; at most ${MAX_PLAINTEXT + MAX_EXPANSION} are allowed`,
      );
    if (this.#end - this.#start < RECORD_HEADER + length) return null;
    this.#start += RECORD_HEADER + length;
    return {
      type,
      header,
      fragment: this.#buffer.subarray(this.#start - length, this.#start),
    };
  }
}
