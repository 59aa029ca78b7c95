import { parseHostPort } from "../host-port.ts";

/** What a URL of a configuration leads to. */
export type DialledUrl =
  /** A TLS service; `url` is as the estate takes it. */
  | {
      readonly kind: "tls";
      readonly scheme: string;
      readonly url: string;
      readonly host: string;
      readonly port: number;
    }
  /** A service without TLS. */
  | {
      readonly kind: "plain";
      readonly scheme: string;
      readonly host: string;
      readonly port: number | null;
    }
  /** It holds a variable that only the running system knows. */
  | { readonly kind: "unresolved" }
  | { readonly kind: "invalid" };

/** Schemes of configurations with the estate's scheme for them and the default port. */
const TLS_SCHEMES: ReadonlyMap<string, readonly [scheme: string, port: number | null]> = new Map([
  ["https", ["https", 443]],
  ["wss", ["wss", 443]],
  ["grpcs", ["https", 443]],
  ["h2", ["https", 443]],
  ["ldaps", ["ldaps", 636]],
  ["imaps", ["imaps", 993]],
  ["pop3s", ["pop3s", 995]],
  ["smtps", ["smtps", 465]],
  ["ftps", ["ftps", 990]],
  ["suwsgi", ["tls", null]],
  ["ssl", ["tls", null]],
  ["tls", ["tls", null]],
  ["t3s", ["tls", null]],
  ["amqps", ["amqps", 5671]],
  ["mqtts", ["mqtts", 8883]],
]);

const PLAIN_PORTS: ReadonlyMap<string, number> = new Map([
  ["http", 80],
  ["ws", 80],
  ["grpc", 80],
  ["ldap", 389],
]);

/** Variables of shells, Java, nginx, Layer7 and templates. */
const VARIABLE = /\$|\{\{|%[{(]/u;

/** Understands a URL as configurations write it, with or without a path behind host and port. */
export function dialledUrl(text: string): DialledUrl {
  const [, name = "", authority = ""] =
    /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)/iu.exec(text.trim()) ?? [];
  if (VARIABLE.test(authority === "" ? text : authority)) return { kind: "unresolved" };
  const place = parseHostPort(authority.slice(authority.lastIndexOf("@") + 1));
  if (place === null || place.port === 0) return { kind: "invalid" };
  const scheme = name.toLowerCase();
  const known = TLS_SCHEMES.get(scheme);
  if (known === undefined)
    return {
      kind: "plain",
      scheme,
      host: place.host,
      port: place.port ?? PLAIN_PORTS.get(scheme) ?? null,
    };
  const port = place.port ?? known[1];
  if (port === null) return { kind: "invalid" };
  return {
    kind: "tls",
    scheme: known[0],
    url: serviceUrl(known[0], place.host, port),
    host: place.host,
    port,
  };
}

/** A URL as the estate takes it, the port always written. */
export function serviceUrl(scheme: string, host: string, port: number): string {
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** The local name of an endpoint: host and port, which is what people look for. */
export function endpointName(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}
