import { type Command, InvalidArgumentError } from "commander";
import { isIP } from "node:net";
import { parseProxyUrl, type ProxyUrl } from "../probe/routes/proxy-url.ts";
import { isResolver } from "../probe/routes/resolver-address.ts";
import type { ProxyProtocolVersion, Route } from "../probe/routes/route.ts";
import { parseFile, parseTimeout, PASSWORD_SPEC } from "./common-options.ts";
import { UsageError } from "./usage-error.ts";

/** Options that say how servers are reached. */
export interface RouteOptions {
  readonly proxy?: ProxyUrl;
  readonly proxyPassword?: string;
  readonly proxyTruststore?: string;
  readonly proxyProtocol?: ProxyProtocolVersion;
  readonly source?: string;
  readonly resolver?: readonly string[];
  readonly address?: Route["addresses"];
  /** Milliseconds. */
  readonly phaseTimeout?: number;
}

/** Adds the options to a command. */
export function addRouteOptions(command: Command): Command {
  return command
    .option(
      "--proxy <url>",
      "proxy on the way: http, https, socks5 or socks5h, as in socks5h://USER@HOST:1080",
      parseProxy,
    )
    .option("--proxy-password <spec>", PASSWORD_SPEC)
    .option(
      "--proxy-truststore <file>",
      "PEM file with the CAs of an https proxy (default: those of Node.js)",
      parseFile,
    )
    .option(
      "--proxy-protocol <version>",
      "v1 or v2: announce the connection as a load balancer does",
      parseProxyProtocol,
    )
    .option(
      "--resolver <address>",
      "name server to ask, ADDRESS[:PORT] (repeatable)",
      parseResolver,
    )
    .option("--source <address>", "local IP address to connect from", parseSource)
    .option(
      "--address <which>",
      "all or one: addresses of a name to probe (default: all)",
      parseWhich,
    )
    .option("--phase-timeout <seconds>", "for each phase of a handshake", parseTimeout);
}

/** Refuses options that would have no effect. @throws {UsageError} */
export function checkRouteOptions({ proxy, proxyPassword, proxyTruststore }: RouteOptions): void {
  if (proxyPassword !== undefined && proxy === undefined)
    throw new UsageError("--proxy-password is the password of --proxy, which is missing");
  if (proxyPassword !== undefined && proxy?.username === null)
    throw new UsageError("--proxy-password needs a user name: --proxy KIND://USER@HOST:PORT");
  if (proxyTruststore !== undefined && proxy?.kind !== "https")
    throw new UsageError("--proxy-truststore is for an https:// proxy");
}

function parseProxy(value: string): ProxyUrl {
  const url = parseProxyUrl(value);
  // commander's own error would show the value, which may hold a password
  if (!url.ok) throw new UsageError(`--proxy: ${url.error.message}`);
  return url.value;
}

function parseProxyProtocol(value: string): ProxyProtocolVersion {
  if (value === "v1" || value === "v2") return value;
  throw new InvalidArgumentError("Use v1 or v2");
}

function parseResolver(value: string, previous: readonly string[] | undefined): readonly string[] {
  if (!isResolver(value))
    throw new InvalidArgumentError(
      "Use an IP address, with a port as 192.0.2.1:53 or [2001:db8::1]:53",
    );
  return [...(previous ?? []), value];
}

function parseSource(value: string): string {
  if (isIP(value) === 0) throw new InvalidArgumentError("Use an IP address of this machine");
  return value;
}

function parseWhich(value: string): Route["addresses"] {
  if (value === "all" || value === "one") return value;
  throw new InvalidArgumentError("Use all or one");
}
