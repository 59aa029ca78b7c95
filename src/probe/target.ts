import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import { fail, ok, type Result } from "../x509/result.ts";
import type { Endpoint, TargetScheme } from "./handshake.ts";
import { defaultPort, isTargetScheme, SCHEME_ALIASES, SCHEMES } from "./schemes.ts";

/** What is wrong with a TARGET. */
export type TargetErrorCode =
  | "empty"
  | "too-long"
  | "scheme-unknown"
  | "credentials"
  | "host-invalid"
  | "port-invalid";

/** Why a text is not a TARGET; the message is a sentence for people and shows no credentials. */
export interface TargetError {
  readonly code: TargetErrorCode;
  readonly message: string;
}

const MAX_LENGTH = 2048;
const URL_SHAPE = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)/i;
const BRACKETED = /^\[([^\]]*)\](?::(.*))?$/;
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/**
 * Reads a TARGET: `host`, `host:port`, `[v6]:port`, a bare IPv6 address, or a URL whose scheme names
 * the protocol. A URL's path, query and fragment are ignored. Names become A-labels in lower case (RFC 5890).
 */
export function parseTarget(text: string): Result<Endpoint, TargetError> {
  const target = text.trim();
  if (target === "") return mistake("empty", "No target was given; write host, host:port or a URL");
  if (target.length > MAX_LENGTH)
    return mistake("too-long", `Target is longer than ${MAX_LENGTH} characters`);
  const [, written, authority = target] = URL_SHAPE.exec(target) ?? [];
  // The text is not shown: it may hold a password.
  if (/^[^/?#]*@/.test(authority))
    return mistake(
      "credentials",
      "A target holds no user name or password; leave out what precedes @",
    );
  const scheme = parseScheme(written?.toLowerCase() ?? "tls");
  if (!scheme.ok) return scheme;
  return parseAuthority(authority, scheme.value, written !== undefined);
}

/** Writes an endpoint as a TARGET that reads back as the same endpoint. */
export function formatEndpoint({ scheme, host, port }: Endpoint): string {
  const authority = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  return scheme === "tls" ? authority : `${scheme}://${authority}`;
}

function parseScheme(scheme: string): Result<TargetScheme, TargetError> {
  if (isTargetScheme(scheme)) return ok(scheme);
  const meant = SCHEME_ALIASES.get(scheme);
  if (meant !== undefined) return ok(meant);
  return mistake(
    "scheme-unknown",
    `Unknown scheme ${quote(scheme)}; known are ${SCHEMES.join(", ")}`,
  );
}

function parseAuthority(
  authority: string,
  scheme: TargetScheme,
  isUrl: boolean,
): Result<Endpoint, TargetError> {
  if (!isUrl && isIP(authority) === 6)
    return ok({ scheme, host: authority, port: defaultPort(scheme) });
  const bracketed = BRACKETED.exec(authority);
  const colon = authority.indexOf(":");
  const [host, digits] =
    bracketed !== null
      ? [bracketed[1] ?? "", bracketed[2]]
      : colon < 0
        ? [authority, undefined]
        : [authority.slice(0, colon), authority.slice(colon + 1)];
  const named = bracketed === null ? parseName(host, authority) : parseIPv6(host);
  if (!named.ok) return named;
  if (digits === undefined) return ok({ scheme, host: named.value, port: defaultPort(scheme) });
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : 0;
  if (port < 1 || port > 65_535)
    return mistake("port-invalid", `Port ${quote(digits)} is not a number from 1 to 65535`);
  return ok({ scheme, host: named.value, port });
}

function parseIPv6(host: string): Result<string, TargetError> {
  // RFC 6874 writes the zone's percent sign as %25.
  const address = host.replace("%25", "%");
  if (isIP(address) === 6) return ok(address);
  return mistake("host-invalid", `${quote(host)} in brackets is not an IPv6 address`);
}

function parseName(host: string, authority: string): Result<string, TargetError> {
  if (isIP(host) === 4) return ok(host);
  if (authority.split(":").length > 2)
    return mistake(
      "host-invalid",
      `${quote(authority)} is neither host:port nor an IPv6 address; write [address]:port`,
    );
  if (host === "") return mistake("host-invalid", "Target has no host");
  const [odd] = /[^\p{L}\p{M}\p{N}._-]/u.exec(host) ?? [];
  if (odd !== undefined)
    return mistake(
      "host-invalid",
      `Host ${quote(host)} holds ${quote(odd)}, which no host name does`,
    );
  const name = domainToASCII(host);
  const labels = (name.endsWith(".") ? name.slice(0, -1) : name).split(".");
  if (name.length > 254 || isIP(name) !== 0 || !labels.every((label) => LABEL.test(label)))
    return mistake("host-invalid", `${quote(host)} is not a host name or an IP address`);
  return ok(name);
}

function mistake(code: TargetErrorCode, message: string): Result<never, TargetError> {
  return fail({ code, message });
}

/** A text in quotes, short and without control characters. */
function quote(text: string): string {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return JSON.stringify(shown);
}
