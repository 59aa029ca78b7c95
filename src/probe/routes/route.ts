/** How a proxy is spoken to. `socks5` is told addresses, `socks5h` names, as in curl. */
export type ProxyKind = "http" | "https" | "socks5" | "socks5h";

/** User name and password for a proxy; never part of a record, a message or a log. */
export interface ProxyCredentials {
  readonly username: string;
  readonly password: string;
}

/** A proxy through which a connection is made. */
export interface Proxy {
  readonly kind: ProxyKind;
  /** DNS name or IP literal without brackets. */
  readonly host: string;
  readonly port: number;
  readonly credentials: ProxyCredentials | null;
  /** PEM certificates that an `https` proxy's own certificate must lead to; null: those of the runtime. */
  readonly anchors: readonly string[] | null;
}

/** Versions of the PROXY protocol. */
export type ProxyProtocolVersion = "v1" | "v2";

/** The way to a server. */
export interface Route {
  /** Null: straight. */
  readonly proxy: Proxy | null;
  /** Local IP address from which connections are made; null: as the system chooses. */
  readonly source: string | null;
  /** Header sent ahead of everything else, for servers behind load balancers; null: none. */
  readonly proxyProtocol: ProxyProtocolVersion | null;
  /** Resolvers to ask, `ADDRESS` or `ADDRESS:PORT` (`[V6]:PORT`); empty: the system's. */
  readonly resolvers: readonly string[];
  /** Whether every address of a name is probed or its first. */
  readonly addresses: "all" | "one";
}

/** The way that is taken unless something else is asked for. */
export const DIRECT: Route = {
  proxy: null,
  source: null,
  proxyProtocol: null,
  resolvers: [],
  addresses: "all",
};

/** Whether the names of servers are resolved at the other end of a route. */
export function resolvesRemotely({ proxy }: Route): boolean {
  return proxy !== null && proxy.kind !== "socks5";
}

/** A proxy as messages name it: without credentials. */
export function proxyName({ kind, host, port }: Proxy): string {
  return `${kind}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
