import type { ProxyReply } from "./http-connect.ts";
import type { Proxy, ProxyKind } from "./route.ts";

/** The proxy of a conversation, without its credentials. */
export interface ProxyRecord {
  readonly kind: ProxyKind;
  readonly host: string;
  readonly port: number;
  /** Its answer to the wish for a tunnel; null when there was none. */
  readonly reply: ProxyReply | null;
}

/** A proxy before it has answered, as it is recorded. */
export function proxyRecord({ kind, host, port }: Proxy): ProxyRecord {
  return { kind, host, port, reply: null };
}
