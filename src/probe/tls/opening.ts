import { foreignProtocol } from "./foreign-protocols.ts";
import { ContentType } from "./record-reader.ts";

/** First bytes that are kept of a peer that does not speak TLS. */
const KEPT = 64;

/** First bytes that are quoted in a sentence. */
const QUOTED = 24;

/** Bytes after which a peer's protocol is named without waiting for more. */
const ENOUGH = 48;

/** A complete line of text, after which a peer may well wait for an answer. */
const TEXT_LINE = /^[\t\x20-\x7e\x80-\xff]*\r?\n/;

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
    if (this.#verdict !== "foreign") return false;
    if (this.#bytes.length >= ENOUGH) return true;
    const protocol = foreignProtocol(this.#bytes);
    const named = protocol !== undefined && protocol.ambiguous !== true;
    return named || TEXT_LINE.test(latin1(this.#bytes));
  }

  add(chunk: Uint8Array): void {
    this.#bytes = new Uint8Array(
      Buffer.concat([this.#bytes, chunk.subarray(0, KEPT - this.#bytes.length)]),
    );
    if (this.#verdict === "undecided") this.#verdict = judge(this.#bytes);
  }

  /** One sentence about what the peer speaks instead. */
  describe(): string {
    const protocol = foreignProtocol(this.#bytes)?.name;
    const what =
      protocol === undefined ? "Peer does not speak TLS" : `Peer speaks ${protocol}, not TLS`;
    return `${what}; its first bytes are ${quote(this.#bytes.subarray(0, QUOTED))}`;
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

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}

function quote(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes)
    text +=
      byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c
        ? String.fromCharCode(byte)
        : `\\x${byte.toString(16).padStart(2, "0")}`;
  return `"${text}"`;
}
