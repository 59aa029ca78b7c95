import { describeForeign, isConclusive, KEPT_FIRST_BYTES } from "./first-bytes.ts";
import { ContentType } from "./record-reader.ts";

/** What the first bytes of a peer say about it so far. */
export type OpeningVerdict = "undecided" | "tls" | "foreign";

/** Decides from the peer's first bytes whether it speaks TLS at all. */
export class Opening {
  #bytes: Uint8Array = new Uint8Array();
  #verdict: OpeningVerdict = "undecided";

  get verdict(): OpeningVerdict {
    return this.#verdict;
  }

  /** At most 64 bytes. */
  get firstBytes(): Uint8Array {
    return this.#bytes;
  }

  /** Whether enough of a foreign protocol was seen to name it, or to give up naming it. */
  get conclusive(): boolean {
    return this.#verdict === "foreign" && isConclusive(this.#bytes);
  }

  add(chunk: Uint8Array): void {
    this.#bytes = new Uint8Array(
      Buffer.concat([this.#bytes, chunk.subarray(0, KEPT_FIRST_BYTES - this.#bytes.length)]),
    );
    if (this.#verdict === "undecided") this.#verdict = judge(this.#bytes);
  }

  /** One sentence about what the peer speaks instead. */
  describe(): string {
    return describeForeign(this.#bytes, "TLS");
  }
}

/** A TLS peer starts with an alert or a handshake record of protocol version 3.x (RFC 8446 section 5.1). */
function judge([type, major, minor]: Uint8Array): OpeningVerdict {
  if (type === undefined) return "undecided";
  if (type < ContentType.changeCipherSpec || type > ContentType.applicationData) return "foreign";
  if (major === undefined) return "undecided";
  if (major !== 3) return "foreign";
  if (minor === undefined) return "undecided";
  return minor <= 4 ? "tls" : "foreign";
}
