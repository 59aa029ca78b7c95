import type { Rate } from "./access/rate-limit.ts";

/** What one place, and all together, may ask of the server. Times are milliseconds. */
export interface HttpLimits {
  readonly connections: number;
  /** From one IPv4 address or IPv6 network. */
  readonly connectionsPerPlace: number;
  /** In which a request must have come, and a TLS handshake must be over. */
  readonly requestTimeout: number;
  /** After which a connection on which nothing moves is cut, half-taken answers among them. */
  readonly idleTimeout: number;
  /** Requests of one place. */
  readonly requests: Rate;
  /** Tokens of one place that are refused. */
  readonly failures: Rate;
  /** Requests of one place that change or probe something, or that take work. */
  readonly actions: Rate;
}

/** Enough for a page, a few programs and a crowd behind one proxy. */
export const HTTP_LIMITS: HttpLimits = {
  connections: 512,
  connectionsPerPlace: 256,
  requestTimeout: 10_000,
  idleTimeout: 120_000,
  requests: { burst: 1000, perSecond: 100 },
  failures: { burst: 20, perSecond: 0.2 },
  actions: { burst: 30, perSecond: 1 },
};
