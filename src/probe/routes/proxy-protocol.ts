import { isIP } from "node:net";
import { addressBytes } from "./address-bytes.ts";
import type { ProxyProtocolVersion } from "./route.ts";

/** One end of a connection; undefined where the system does not say. */
export interface ConnectionEnd {
  readonly address: string | undefined;
  readonly port: number | undefined;
}

const SIGNATURE = Uint8Array.of(13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10);

/**
 * The header that a load balancer puts ahead of a connection (HAProxy's PROXY protocol, versions 1 and 2).
 * It names the probe as the source; ends of different families, or unknown ones, are declared unknown.
 */
export function proxyProtocolHeader(
  version: ProxyProtocolVersion,
  source: ConnectionEnd,
  destination: ConnectionEnd,
): Uint8Array {
  return version === "v1" ? header1(source, destination) : header2(source, destination);
}

function header1(source: ConnectionEnd, destination: ConnectionEnd): Uint8Array {
  const [from, to] = [plain(source.address), plain(destination.address)];
  const family = isIP(from);
  const known = family !== 0 && family === isIP(to);
  const line = known
    ? `PROXY TCP${family} ${from} ${to} ${source.port ?? 0} ${destination.port ?? 0}`
    : "PROXY UNKNOWN";
  return Buffer.from(`${line}\r\n`, "latin1");
}

/** Version 2 and the command PROXY over TCP; LOCAL without addresses where the ends are unknown. */
function header2(source: ConnectionEnd, destination: ConnectionEnd): Uint8Array {
  const from = addressBytes(plain(source.address));
  const to = addressBytes(plain(destination.address));
  if (from === null || to === null || from.length !== to.length)
    return Buffer.concat([SIGNATURE, Uint8Array.of(0x20, 0, 0, 0)]);
  const ports = [source.port ?? 0, destination.port ?? 0].flatMap((port) => [
    port >> 8,
    port & 0xff,
  ]);
  const family = from.length === 4 ? 0x11 : 0x21;
  const length = 2 * from.length + ports.length;
  return Buffer.concat([
    SIGNATURE,
    Uint8Array.of(0x21, family, 0, length),
    from,
    to,
    Uint8Array.from(ports),
  ]);
}

/** Without zone, and IPv4 as such where it is mapped into IPv6. */
function plain(address = ""): string {
  const [text = ""] = address.split("%", 1);
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(text)?.[1] ?? text;
}
