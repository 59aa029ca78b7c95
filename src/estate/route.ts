import { parseProxyUrl, type ProxyUrl } from "../probe/routes/proxy-url.ts";
import { DIRECT, type Route } from "../probe/routes/route.ts";
import type { RouteDocument, SecretDocument } from "./document.ts";
import type { SecretReference } from "./estate.ts";
import { listed } from "./references.ts";

/** A proxy of the estate; its password and anchors are read when it is used. */
export interface EstateProxy extends ProxyUrl {
  readonly password: SecretReference | null;
  /** Absolute paths of PEM files; null: the runtime's own. */
  readonly truststore: readonly string[] | null;
}

/** The way to an endpoint, before its secrets are read. */
export interface EstateRoute extends Omit<Route, "proxy"> {
  readonly proxy: EstateProxy | null;
}

/** How paths and secrets of a document are understood. */
export interface DocumentReaders {
  readonly at: (path: string) => string;
  readonly secret: (document: SecretDocument | undefined) => SecretReference | null;
}

/** The way to an endpoint: what it says itself, else what its zone says. */
export function estateRoute(
  own: RouteDocument,
  zone: RouteDocument,
  readers: DocumentReaders,
): EstateRoute {
  return {
    proxy: proxyOf(own.proxy ?? zone.proxy, readers),
    proxyProtocol: own.proxyProtocol ?? zone.proxyProtocol ?? DIRECT.proxyProtocol,
    source: own.source ?? zone.source ?? DIRECT.source,
    resolvers: own.resolvers ?? zone.resolvers ?? DIRECT.resolvers,
    addresses: own.addresses ?? zone.addresses ?? DIRECT.addresses,
  };
}

function proxyOf(
  document: RouteDocument["proxy"],
  { at, secret }: DocumentReaders,
): EstateProxy | null {
  if (document === undefined) return null;
  const { url, password, truststore } =
    typeof document === "string" ? { url: document } : { ...document };
  const parsed = parseProxyUrl(url);
  if (!parsed.ok) throw new TypeError("The URL of a proxy was not checked by the schema");
  return {
    ...parsed.value,
    password: secret(password),
    truststore:
      truststore === undefined ? null : listed(truststore, []).map(({ text }) => at(text)),
  };
}
