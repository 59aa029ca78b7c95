import { fail, ok } from "../../x509/result.ts";
import type { Framing, FramingOpened } from "../prelude.ts";
import { ContentType, RECORD_HEADER } from "../tls/record-reader.ts";
import { TDS_HEADER, tdsContentLength, tdsPackets } from "./tds-packet.ts";

/**
 * TLS within TDS packets, which lasts as long as the handshake does (MS-TDS section 3.2.5.2): afterwards the
 * records stand on the connection by themselves. The records of both sides tell when that is: in TLS 1.3
 * after the client's first protected flight, in TLS 1.2 after the server's Finished, which is the handshake
 * record behind its ChangeCipherSpec. That one follows the client's; one that comes before it is nothing but
 * TLS 1.3's compatibility mode (RFC 8446 appendix D.4).
 */
export class TdsFraming implements Framing {
  readonly #sent = new RecordTypes();
  readonly #received = new RecordTypes();
  readonly #header: number[] = [];
  /** Bytes that are left of the packet. */
  #content = 0;
  /** Whether the server has left the packets. */
  #bare = false;
  #changed = false;
  #serverChanged = false;
  #over = false;

  seal(output: Uint8Array): Uint8Array {
    if (this.#over) return output;
    for (const type of this.#sent.push(output)) {
      if (type === ContentType.changeCipherSpec) this.#changed = true;
      if (type === ContentType.applicationData) this.#over = true;
    }
    return tdsPackets(output);
  }

  open(chunk: Uint8Array): FramingOpened {
    const parts: Uint8Array[] = [];
    for (let at = 0; at < chunk.length;) {
      const first = chunk[at] ?? 0;
      this.#bare ||= this.#content === 0 && this.#header.length === 0 && isRecord(first);
      if (this.#bare) {
        parts.push(chunk.subarray(at));
        break;
      }
      if (this.#content > 0) {
        const part = chunk.subarray(at, at + this.#content);
        parts.push(part);
        this.#content -= part.length;
        at += part.length;
        continue;
      }
      this.#header.push(first);
      at++;
      if (this.#header.length < TDS_HEADER) continue;
      const length = tdsContentLength(Uint8Array.from(this.#header.splice(0)));
      if (length === null)
        return fail({
          code: "malformed-message",
          message: "Server sent neither a TDS packet nor a TLS record during the handshake",
        });
      this.#content = length;
    }
    const opened = Buffer.concat(parts);
    this.#watch(opened);
    return ok(opened);
  }

  #watch(records: Uint8Array): void {
    for (const type of this.#received.push(records)) {
      if (type === ContentType.changeCipherSpec) this.#serverChanged ||= this.#changed;
      else if (type === ContentType.handshake) this.#over ||= this.#serverChanged;
    }
  }
}

/** Types of TLS records and of TDS packets have nothing in common. */
function isRecord(first: number): boolean {
  return first >= ContentType.changeCipherSpec && first <= ContentType.applicationData;
}

/** Follows the headers of a stream of records. */
class RecordTypes {
  readonly #header: number[] = [];
  #left = 0;

  /** Types of the records that begin in these bytes. */
  push(bytes: Uint8Array): readonly number[] {
    const types: number[] = [];
    for (let at = 0; at < bytes.length;) {
      if (this.#left > 0) {
        const skipped = Math.min(this.#left, bytes.length - at);
        this.#left -= skipped;
        at += skipped;
        continue;
      }
      this.#header.push(bytes[at] ?? 0);
      at++;
      if (this.#header.length < RECORD_HEADER) continue;
      const [type = 0, , , high = 0, low = 0] = this.#header.splice(0);
      this.#left = high * 256 + low;
      types.push(type);
    }
    return types;
  }
}
