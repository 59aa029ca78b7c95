import { readAnchors } from "../daemon/load-route.ts";
import type { Proxy, Route } from "../probe/routes/route.ts";
import { MAX_CREDENTIAL_BYTES } from "../probe/routes/proxy-url.ts";
import { resolvePassword } from "../truststore/password.ts";
import type { RouteOptions } from "./route-options.ts";
import { UsageError } from "./usage-error.ts";

/** The way to servers that options describe. @throws {UsageError} when a password or a file cannot be had */
export async function routeOf(options: RouteOptions): Promise<Route> {
  const { proxyProtocol = null, source = null, resolver = [], address = "all" } = options;
  return {
    proxy: await proxyOf(options),
    source,
    proxyProtocol,
    resolvers: resolver,
    addresses: address,
  };
}

async function proxyOf({
  proxy,
  proxyPassword,
  proxyTruststore,
}: RouteOptions): Promise<Proxy | null> {
  if (proxy === undefined) return null;
  const { username, ...place } = proxy;
  const password = proxyPassword === undefined ? "" : await readPassword(proxyPassword);
  return {
    ...place,
    credentials: username === null ? null : { username, password },
    anchors: proxyTruststore === undefined ? null : await anchorsIn(proxyTruststore),
  };
}

async function readPassword(spec: string): Promise<string> {
  const password = await resolvePassword(spec);
  if (!password.ok) throw new UsageError(`--proxy-password: ${password.error.message}`);
  if (Buffer.byteLength(password.value) > MAX_CREDENTIAL_BYTES)
    throw new UsageError(`--proxy-password: It is longer than ${MAX_CREDENTIAL_BYTES} bytes`);
  return password.value;
}

async function anchorsIn(path: string): Promise<readonly string[]> {
  const anchors = await readAnchors([path]);
  if (!anchors.ok) throw new UsageError(`--proxy-truststore: ${anchors.error}`);
  return anchors.value;
}
