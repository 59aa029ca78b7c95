import type { IncomingHttpHeaders } from "node:http";
import { isIP } from "node:net";
import { isLoopbackHost, parseHostPort } from "../../estate/host-port.ts";
import { refusal, type Refusal } from "./problem.ts";

/**
 * Headers of every response. The page loads nothing from elsewhere, runs no script but its own files, and
 * cannot be framed.
 */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** Under what a request may reach the daemon. */
export interface OwnNames {
  /** Names of the estate, in lower case. */
  readonly hosts: readonly string[];
  /** The address that the request came in at; undefined once the connection is gone. */
  readonly localAddress: string | undefined;
}

/**
 * Whether the request names this daemon as its host. A page of another site whose name was bent to an address of
 * this machine (DNS rebinding) carries that name.
 */
export function refuseHost({ host }: IncomingHttpHeaders, own: OwnNames): Refusal | null {
  if (host === undefined) return refusal("host-missing", "Request has no Host header");
  const name = parseHostPort(host)?.host.toLowerCase().replace(/\.$/, "");
  if (name !== undefined && (isLoopbackHost(name) || own.hosts.includes(name))) return null;
  // an address cannot be bent
  if (name !== undefined && isIP(name) !== 0 && name === plain(own.localAddress)) return null;
  return refusal(
    "host-refused",
    "Host header names another machine; use localhost, 127.0.0.1, [::1] or a name under http.hosts",
  );
}

const plain = (address: string | undefined): string | undefined =>
  address?.replace(/^::ffff:(?=\d+\.)/i, "");

/** Whether the request comes from this very page, or from a program, which sends no Origin. */
export function refuseOrigin(headers: IncomingHttpHeaders, encrypted: boolean): Refusal | null {
  const { host, origin } = headers;
  const site = headers["sec-fetch-site"];
  const isForeign = site !== undefined && site !== "same-origin" && site !== "none";
  // what encrypts the way in front of the daemon makes the origin of the page an https one
  const schemes = encrypted ? ["https"] : ["http", "https"];
  const isOwn =
    origin === undefined ||
    (host !== undefined && schemes.some((scheme) => origin === `${scheme}://${host}`));
  return isOwn && !isForeign ? null : refusal("origin-refused", "Origin is another site");
}
