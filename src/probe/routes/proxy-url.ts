import { fail, ok, type Result } from "../../x509/result.ts";
import { parseTarget } from "../target.ts";
import type { Proxy, ProxyKind } from "./route.ts";

/** What is wrong with the URL of a proxy. */
export type ProxyUrlErrorCode = "scheme" | "password" | "host" | "port" | "extra" | "username";

/** Why a text is not the URL of a proxy; the message shows no credentials. */
export interface ProxyUrlError {
  readonly code: ProxyUrlErrorCode;
  readonly message: string;
}

/** A proxy as its URL names it. */
export interface ProxyUrl extends Pick<Proxy, "kind" | "host" | "port"> {
  /** Null when the URL has none. */
  readonly username: string | null;
}

/** Ports that a URL may leave out; HTTP proxies have no usual one. */
const DEFAULT_PORTS: Readonly<Record<ProxyKind, number | null>> = {
  http: null,
  https: null,
  socks5: 1080,
  socks5h: 1080,
};

const SHAPE = /^([a-z][a-z0-9+.-]{0,20}):\/\/(?:([^@/?#]{0,2048})@)?([^@/?#]{1,300})\/?([^]?)/i;

/** Longest user name and password in bytes: RFC 1929 has one octet for their lengths. */
export const MAX_CREDENTIAL_BYTES = 255;

/**
 * Reads `KIND://[USER@]HOST[:PORT]` with KIND http, https, socks5 or socks5h. A password in it is refused:
 * other users can read command lines, and estate files hold references alone.
 */
export function parseProxyUrl(text: string): Result<ProxyUrl, ProxyUrlError> {
  const [, scheme = "", user, authority = "", rest = ""] = SHAPE.exec(text.trim()) ?? [];
  const kind = kindOf(scheme.toLowerCase());
  if (kind === null)
    return mistake(
      "scheme",
      "A proxy is written as http://HOST:PORT, https://HOST:PORT, socks5://HOST:PORT or socks5h://HOST:PORT",
    );
  if (rest !== "") return mistake("extra", "The URL of a proxy ends behind its port");
  if (user?.includes(":") === true)
    return mistake(
      "password",
      "A password is not taken from the URL of a proxy, where other users can read it; name it with --proxy-password SPEC, or as password in the estate",
    );
  const username = user === undefined ? null : decoded(user);
  if (username === undefined || username === "" || byteLength(username) > MAX_CREDENTIAL_BYTES)
    return mistake(
      "username",
      `The user name of a proxy has 1 to ${MAX_CREDENTIAL_BYTES} bytes, percent-encoded where need be`,
    );
  const port = DEFAULT_PORTS[kind];
  const hasPort = /:[^\]]*$/.test(authority);
  if (!hasPort && port === null)
    return mistake(
      "port",
      `The URL of an ${kind} proxy names its port, such as ${kind}://HOST:3128`,
    );
  const place = parseTarget(`tls://${hasPort ? authority : `${authority}:${port}`}`);
  if (!place.ok) return mistake("host", `The URL names no proxy: ${place.error.message}`);
  return ok({ kind, host: place.value.host, port: place.value.port, username });
}

function kindOf(scheme: string): ProxyKind | null {
  switch (scheme) {
    case "http":
    case "https":
    case "socks5":
    case "socks5h":
      return scheme;
    default:
      return null;
  }
}

/** Undefined when the percent-encoding is broken. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

const byteLength = (text: string | null): number => (text === null ? 0 : Buffer.byteLength(text));

function mistake(code: ProxyUrlErrorCode, message: string): Result<never, ProxyUrlError> {
  return fail({ code, message });
}
