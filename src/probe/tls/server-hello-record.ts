import type { ServerHelloRecord } from "../handshake.ts";
import { ExtensionType } from "./extensions.ts";
import type { ServerHello } from "./server-hello.ts";
import { Version } from "./versions.ts";

/** Registered compression methods (RFC 3749, RFC 3943). */
const COMPRESSIONS: ReadonlyMap<number, string> = new Map([
  [0, "null"],
  [1, "deflate"],
  [64, "lzs"],
]);

function compressionName(method: number): string {
  return COMPRESSIONS.get(method) ?? `0x${method.toString(16).padStart(2, "0")}`;
}

/** Seconds since 1970 in the first four bytes, as RFC 3339. */
function clockIn(random: Uint8Array): string {
  const seconds = Buffer.from(random).readUInt32BE(0);
  return new Date(seconds * 1000).toISOString();
}

/** What a ServerHello says beside its selections; `sessionId` is the identifier that our hello held. */
export function serverHelloRecord(hello: ServerHello, sessionId: Uint8Array): ServerHelloRecord {
  const before13 = hello.version !== Version.tls13;
  const has = (type: number): boolean | null => (before13 ? hello.extensions.has(type) : null);
  return {
    sessionIdLength: hello.sessionId.length,
    sessionIdEchoed: hello.sessionId.length > 0 && Buffer.from(sessionId).equals(hello.sessionId),
    compression: compressionName(hello.compression),
    secureRenegotiation: has(ExtensionType.renegotiationInfo),
    extendedMasterSecret: has(ExtensionType.extendedMasterSecret),
    encryptThenMac: has(ExtensionType.encryptThenMac),
    ticketPromised: has(ExtensionType.sessionTicket),
    time: before13 ? clockIn(hello.random) : null,
  };
}
