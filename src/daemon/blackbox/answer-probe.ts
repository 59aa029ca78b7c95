import { assess } from "../../diagnosis/assess.ts";
import type { RelyingParty } from "../../diagnosis/assessment.ts";
import { hostPort } from "../../diagnosis/words.ts";
import type { EstateEndpoint } from "../../estate/estate.ts";
import type { Handshake } from "../../probe/handshake.ts";
import { isUnexpected } from "../../probe/follow-up/request-record.ts";
import { DIRECT, resolvesRemotely, type Route } from "../../probe/routes/route.ts";
import type { Keyring } from "../../probe/tls/client-options.ts";
import { unresolvedHandshake } from "../../probe/unresolved.ts";
import { ok } from "../../x509/result.ts";
import type { Clock } from "../clock.ts";
import type { Prober } from "../prober.ts";
import { type ProbeResult, probeExposition } from "./probe-exposition.ts";
import type { ProbeRequest } from "./probe-request.ts";

/** What a probe on request needs. */
export interface ProbeContext {
  /** The client of the module. */
  readonly party: RelyingParty;
  readonly keyring: Keyring | null;
  readonly prober: Prober;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Keeps only addresses that may be dialled. */
  readonly mayDial: (address: string) => boolean;
  /** How the estate reaches the target; null: straight, under its own name. */
  readonly way: ProbeWay | null;
}

/** How an endpoint of the estate is reached. */
export interface ProbeWay {
  readonly route: Route;
  /** What is dialled instead of the target; null: the target itself. */
  readonly connect: EstateEndpoint["connect"];
  /** Name for SNI; null: the target's. */
  readonly serverName: string | null;
}

const STRAIGHT: ProbeWay = { route: DIRECT, connect: null, serverName: null };

/** Statuses that are right; a redirection is not followed, and tells that the server answers. */
const RIGHT = Array.from({ length: 200 }, (_, index) => 200 + index);

/** Answers `/probe`: metrics, or the log of the probe with `debug`. */
export async function answerProbe(request: ProbeRequest, context: ProbeContext): Promise<string> {
  const result = await runProbe(request, context);
  const metrics = probeExposition(result);
  return request.debug ? debugText(request, result, metrics) : metrics;
}

async function runProbe(request: ProbeRequest, context: ProbeContext): Promise<ProbeResult> {
  const { party, clock } = context;
  const begun = clock.monotonic();
  const handshake = await converse(request, context);
  const assessment = assess(party, handshake, {
    at: clock.wall(),
    thresholds: { warning: 0, critical: 0 },
    otherTruststores: [],
  });
  const answered = handshake.request === null || !isUnexpected(handshake.request);
  const success = assessment.ok && answered && handshake.outcome === "complete";
  return { success, duration: clock.monotonic() - begun, handshake, assessment };
}

async function converse(
  { endpoint, hostname, path, timeout }: ProbeRequest,
  { prober, clock, signal, keyring, mayDial, way }: ProbeContext,
): Promise<Handshake> {
  const { route, connect, serverName } = way ?? STRAIGHT;
  const name = hostname ?? serverName;
  const facts = {
    route,
    ...(connect === null || connect.port === null ? {} : { port: connect.port }),
    ...(name === null ? {} : { serverName: name }),
  };
  const host = connect?.host ?? endpoint.host;
  const startedAt = new Date(clock.wall()).toISOString();
  const begun = clock.monotonic();
  const found = resolvesRemotely(route)
    ? ok([null])
    : await prober.findAddresses(host, route, { timeoutMs: timeout, signal });
  if (!found.ok) return unresolvedHandshake(endpoint, facts, found.error, startedAt);
  const allowed = found.value.filter((each) => each === null || mayDial(each));
  // blackbox_exporter prefers IPv6 and takes what there is
  const address = allowed.find((each) => each?.includes(":")) ?? allowed[0];
  if (address === undefined)
    return unresolvedHandshake(
      endpoint,
      facts,
      { code: "dns-failed", message: `No address of ${endpoint.host} may be probed` },
      startedAt,
    );
  const dnsTime = clock.monotonic() - begun;
  return prober.probe(endpoint, {
    ...facts,
    address: address ?? undefined,
    connectHost: host,
    timeoutMs: Math.max(1, timeout - dnsTime),
    signal,
    dnsTime,
    ...(keyring === null ? {} : { keyring }),
    ...(path === null
      ? {}
      : { request: { method: "GET", path, expectStatus: RIGHT, headers: {} } }),
  });
}

function debugText(
  { endpoint, module }: ProbeRequest,
  { success, duration, handshake, assessment }: ProbeResult,
  metrics: string,
): string {
  const lines = [
    `target=${hostPort(endpoint)} module=${module} profile=${assessment.client.profile}`,
    `address=${handshake.address ?? "none"} outcome=${handshake.outcome} stage=${handshake.stage}`,
    ...(handshake.failure === null ? [] : [`failure: ${handshake.failure.message}`]),
    ...assessment.findings.map(
      ({ severity, code, summary }) => `finding: ${severity} ${code}: ${summary}`,
    ),
    `${success ? "Probe succeeded" : "Probe failed"} duration_seconds=${duration / 1000}`,
  ].map((line) => line.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "\ufffd"));
  return `Logs for the probe:\n${lines.join("\n")}\n\n\n\nMetrics that would have been returned:\n${metrics}`;
}
