import { Cursor, DecodeError } from "../tls/cursor.ts";
import {
  type Dialog,
  heard,
  malformed,
  OtherProtocol,
  refused,
  sendMessage,
  take,
  type Talk,
  text,
} from "./talk.ts";
import { DIALOG_LIMITS } from "./limits.ts";

/** Bits of the capability flags (MySQL client/server protocol). */
const LONG_PASSWORD = 0x1;
const PROTOCOL_41 = 0x200;
const SSL = 0x800;
const SECURE_CONNECTION = 0x8000;
const PLUGIN_AUTH = 0x8_0000;

const UTF8_GENERAL = 33;

/** MySQL's and MariaDB's SSLRequest: the server's greeting tells whether it can. */
export function* mysql(): Dialog {
  const { sequence, payload } = yield* readPacket();
  if (payload[0] === 0xff) {
    const words = errorWords(payload);
    yield* heard(`error ${words}`);
    throw refused("Server offers no service", `error ${words}`);
  }
  const { version, capabilities } = greetingOf(payload);
  yield* heard(`greeting of ${version}, TLS ${(capabilities & SSL) === 0 ? "off" : "on"}`);
  if ((capabilities & SSL) === 0)
    throw refused(
      "Server does not offer TLS",
      `the greeting of ${version} is without the flag CLIENT_SSL`,
    );
  yield* sendMessage(sslRequest(sequence + 1), "SSLRequest");
  return null;
}

interface Packet {
  readonly sequence: number;
  readonly payload: Uint8Array;
}

function* readPacket(): Talk<Packet> {
  const [low = 0, middle = 0, high = 0, sequence = 0] = yield* take(4);
  const length = low + middle * 256 + high * 65_536;
  // an error before the greeting has the number 0, or 1 from servers that counted the greeting
  if (length < 3 || length > DIALOG_LIMITS.pieceLength || sequence > 1) throw new OtherProtocol();
  const payload = yield* take(length);
  const [type] = payload;
  if (type !== 0xff && type !== 9 && type !== 10) throw new OtherProtocol();
  return { sequence, payload };
}

/** Protocol::HandshakeV10; version 9 is that of MySQL 3.20 and has no TLS. */
function greetingOf(payload: Uint8Array): {
  readonly version: string;
  readonly capabilities: number;
} {
  const end = payload.indexOf(0, 1);
  if (end < 0) throw new OtherProtocol();
  const version = text(payload.subarray(1, end));
  if (payload[0] === 9) return { version, capabilities: 0 };
  try {
    const cursor = new Cursor(payload, end + 1);
    cursor.take(4 + 8 + 1, "Connection and challenge");
    const [low = 0, high = 0] = cursor.take(2, "Capability flags");
    return { version, capabilities: low + high * 256 };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw malformed(`Malformed greeting: ${error.message}`);
  }
}

/** Code and text of an ERR packet; the SQL state behind the code is left out. */
function errorWords(payload: Uint8Array): string {
  const [, low = 0, high = 0] = payload;
  return `${low + high * 256}: ${text(payload.subarray(3)).replace(/^#.{5}/s, "")}`;
}

function sslRequest(sequence: number): Uint8Array {
  const packet = Buffer.alloc(4 + 32);
  packet.writeUIntLE(32, 0, 3);
  packet.writeUInt8(sequence & 0xff, 3);
  packet.writeUInt32LE(LONG_PASSWORD | PROTOCOL_41 | SSL | SECURE_CONNECTION | PLUGIN_AUTH, 4);
  packet.writeUInt32LE(0x100_0000, 8);
  packet.writeUInt8(UTF8_GENERAL, 12);
  return packet;
}
