import { findAddresses } from "../find-addresses.ts";
import type { Endpoint } from "../handshake.ts";
import type { ProbeOptions } from "../probe.ts";
import { DIRECT, resolvesRemotely } from "../routes/route.ts";
import { dialFacts } from "../unresolved.ts";
import { Pace, type PaceLimits } from "./pace.ts";
import { surveyAddress, unreachedAddress } from "./survey-address.ts";
import type { Survey } from "./survey-record.ts";

/** How a server is to be surveyed. */
export interface SurveyOptions
  extends
    PaceLimits,
    Pick<
      ProbeOptions,
      "port" | "serverName" | "route" | "connectHost" | "timeoutMs" | "phaseTimeoutMs" | "signal"
    > {
  /** Told after each answer how many there were, from all addresses. */
  readonly onAnswer?: ((answers: number) => void) | undefined;
}

const DEFAULT_TIMEOUT = 10_000;

/**
 * Finds out what every address of an endpoint offers, one address after another, each at its own pace. Never
 * rejects; what could not be found out says so.
 */
export async function survey(endpoint: Endpoint, options: SurveyOptions = {}): Promise<Survey> {
  const { route = DIRECT, connectHost = endpoint.host, timeoutMs = DEFAULT_TIMEOUT } = options;
  const { port = endpoint.port, signal, onAnswer, inFlight, perSecond, ...rest } = options;
  const startedAt = new Date().toISOString();
  const { serverName } = dialFacts(endpoint, options);
  const begun = { endpoint, serverName, startedAt };
  const found = resolvesRemotely(route)
    ? ({ ok: true, value: [connectHost] } as const)
    : await findAddresses(connectHost, route, { timeoutMs, signal });
  if (!found.ok) return { ...begun, addresses: [unreachedAddress(null, port, found.error)] };
  const addresses = [];
  let before = 0;
  for (const address of found.value) {
    const pace = new Pace({ inFlight, perSecond });
    const surveyed = await surveyAddress({
      ...rest,
      endpoint,
      port,
      serverName,
      route,
      timeoutMs,
      signal,
      address,
      pace,
      onAnswer: (answers) => onAnswer?.(before + answers),
    });
    before += surveyed.connections;
    addresses.push(surveyed);
  }
  return { ...begun, addresses };
}
