import { isIP } from "node:net";

/** A host (name, or address without brackets) and the port behind it, null when none is written. */
export interface HostPort {
  readonly host: string;
  readonly port: number | null;
}

const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i;

/** Reads `host`, `host:port`, `1.2.3.4:port`, `[v6]` or `[v6]:port`; null when it is none of them. */
export function parseHostPort(text: string): HostPort | null {
  const bracketed = /^\[([^\]]+)\](?::([0-9]{1,5}))?$/.exec(text);
  const plain = /^([^:[\]]+)(?::([0-9]{1,5}))?$/.exec(text);
  const [, host, digits] = bracketed ?? plain ?? [];
  if (host === undefined) return null;
  if (bracketed !== null ? isIP(host) !== 6 : !isHost(host)) return null;
  if (digits === undefined) return { host, port: null };
  const port = Number(digits);
  return port <= 65_535 ? { host, port } : null;
}

function isHost(text: string): boolean {
  if (isIP(text) === 4) return true;
  const name = text.endsWith(".") ? text.slice(0, -1) : text;
  return name.length <= 253 && name.split(".").every((label) => LABEL.test(label));
}

/** Whether a host to listen on is this machine alone (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3). */
export function isLoopbackHost(host: string): boolean {
  if (host.toLowerCase() === "localhost") return true;
  if (isIP(host) === 4) return host.startsWith("127.");
  // the URL parser writes every spelling of an address in one form
  return isIP(host) === 6 && new URL(`http://[${host.split("%")[0]}]/`).hostname === "[::1]";
}
