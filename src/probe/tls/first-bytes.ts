import { foreignProtocol } from "./foreign-protocols.ts";

/** First bytes that are kept of a peer that speaks another protocol. */
export const KEPT_FIRST_BYTES = 64;

/** First bytes that are quoted in a sentence. */
const QUOTED = 24;

/** Bytes after which a peer's protocol is named without waiting for more. */
const ENOUGH = 48;

/** A complete line of text, after which a peer may well wait for an answer. */
const TEXT_LINE = /^[\t\x20-\x7e\x80-\xff]*\r?\n/;

/** Whether enough was seen of a peer that speaks another protocol to name it, or to give up naming it. */
export function isConclusive(firstBytes: Uint8Array): boolean {
  if (firstBytes.length >= ENOUGH) return true;
  const protocol = foreignProtocol(firstBytes);
  const named = protocol !== undefined && protocol.ambiguous !== true;
  return named || TEXT_LINE.test(Buffer.from(firstBytes).toString("latin1"));
}

/** One sentence about what a peer speaks instead of the protocol that was expected. */
export function describeForeign(firstBytes: Uint8Array, expected: string): string {
  const protocol = foreignProtocol(firstBytes)?.name;
  const what =
    protocol === undefined
      ? `Peer does not speak ${expected}`
      : `Peer speaks ${protocol}, not ${expected}`;
  return `${what}; its first bytes are ${quote(firstBytes.subarray(0, QUOTED))}`;
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
