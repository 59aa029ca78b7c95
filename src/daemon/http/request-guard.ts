import type { IncomingHttpHeaders } from "node:http";
import { isLoopbackHost, parseHostPort } from "../../estate/host-port.ts";

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

/** Why a request is refused. */
export interface Refusal {
  readonly status: 400 | 403 | 421;
  readonly detail: string;
}

/**
 * Whether the request names this machine as its host. A page of another site whose name was bent to a loopback
 * address (DNS rebinding) carries that name.
 */
export function refuseHost(headers: IncomingHttpHeaders): Refusal | null {
  const { host } = headers;
  if (host === undefined) return { status: 400, detail: "Request has no Host header" };
  const parsed = parseHostPort(host);
  if (parsed !== null && isLoopbackHost(parsed.host)) return null;
  return {
    status: 421,
    detail: "Host header names another machine; use localhost, 127.0.0.1 or [::1]",
  };
}

/** Whether the request comes from this very page, or from a program, which sends no Origin. */
export function refuseOrigin({ host, origin }: IncomingHttpHeaders): Refusal | null {
  if (origin === undefined || (host !== undefined && origin === `http://${host}`)) return null;
  return { status: 403, detail: "Origin is another site" };
}
