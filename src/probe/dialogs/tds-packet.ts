import { DIALOG_LIMITS } from "./limits.ts";
import { malformed, OtherProtocol, take, type Talk } from "./talk.ts";

/** Types of TDS packets (MS-TDS section 2.2.3.1.1). */
export const TdsType = { response: 0x04, prelogin: 0x12 } as const;

/** Bytes of a packet's header. */
export const TDS_HEADER = 8;

/** Bytes of a packet before a size has been agreed upon (MS-TDS section 2.2.3.1.3). */
const PACKET_SIZE = 4096;

const END_OF_MESSAGE = 1;

/** Cuts a message of the client into PRELOGIN packets, each with its header. */
export function tdsPackets(message: Uint8Array): Uint8Array {
  const packets: Uint8Array[] = [];
  for (let at = 0, number = 0; at === 0 || at < message.length; number++) {
    const content = message.subarray(at, at + PACKET_SIZE - TDS_HEADER);
    at += content.length || 1;
    const header = Buffer.alloc(TDS_HEADER);
    header.writeUInt8(TdsType.prelogin, 0);
    header.writeUInt8(at >= message.length ? END_OF_MESSAGE : 0, 1);
    header.writeUInt16BE(TDS_HEADER + content.length, 2);
    header.writeUInt8((number + 1) & 0xff, 6);
    packets.push(header, content);
  }
  return Buffer.concat(packets);
}

/** Length of the content that a header announces; null when it is no header of the server. */
export function tdsContentLength(header: Uint8Array): number | null {
  const [type, status = 0xff, high = 0, low = 0] = header;
  const length = high * 256 + low - TDS_HEADER;
  const known = type === TdsType.response || type === TdsType.prelogin;
  return known && status <= 0x1f && length >= 0 ? length : null;
}

/** Reads one message of the server, from as many packets as it takes. */
export function* readTdsMessage(): Talk<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (let received = 0; ;) {
    const header = yield* take(TDS_HEADER, [TdsType.response, TdsType.prelogin]);
    const length = tdsContentLength(header);
    if (length === null) throw new OtherProtocol();
    received += length;
    if (received > DIALOG_LIMITS.pieceLength)
      throw malformed(`Server's PRELOGIN has more than ${DIALOG_LIMITS.pieceLength} bytes`);
    parts.push(yield* take(length));
    if (((header[1] ?? 0) & END_OF_MESSAGE) !== 0) return Buffer.concat(parts);
  }
}
