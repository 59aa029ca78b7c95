import { parseTarget } from "../../probe/target.ts";
import type { Endpoint } from "../../probe/handshake.ts";
import { fail, ok, type Result } from "../../x509/result.ts";

/** What `/probe` was asked for. */
export interface ProbeRequest {
  readonly endpoint: Endpoint;
  /** Path of a request that follows the handshake; null where the target is no web address. */
  readonly path: string | null;
  /** Name of the module. */
  readonly module: string;
  /** Name to send, to check and to put into the header Host instead of the target's; null for that. */
  readonly hostname: string | null;
  /** Whether the answer is the log of the probe instead of metrics. */
  readonly debug: boolean;
  /** Milliseconds. */
  readonly timeout: number;
}

/** The module that blackbox_exporter takes when none is named. */
export const USUAL_MODULE = "http_2xx";

/** Milliseconds that a probe may take where the scraper does not say. */
const USUAL_TIMEOUT = 10_000;

/** Milliseconds by which the answer comes before the scraper gives up; blackbox_exporter's own offset. */
const OFFSET = 500;

const MAX_TARGET = 2048;

/**
 * Reads the parameters of `/probe` as blackbox_exporter has them: `target`, `module`, `hostname`, `debug`. The error is
 * one sentence.
 * @param scrapeTimeout value of `X-Prometheus-Scrape-Timeout-Seconds`; undefined without the header
 */
export function readProbeRequest(
  parameters: URLSearchParams,
  scrapeTimeout: string | undefined,
): Result<ProbeRequest, string> {
  for (const name of ["target", "module", "hostname", "debug"])
    if (parameters.getAll(name).length > 1) return fail(`Parameter ${name} is there twice`);
  const target = parameters.get("target") ?? "";
  if (target === "") return fail("Target parameter is missing");
  if (target.length > MAX_TARGET) return fail(`Target is longer than ${MAX_TARGET} characters`);
  const url = /^https?:\/\//i.test(target) ? URL.parse(target) : null;
  if (url?.protocol === "http:") return fail("Target is not reached by TLS: expected https");
  if (url !== null && (url.username !== "" || url.password !== ""))
    return fail("Target holds credentials");
  const parsed = parseTarget(url === null ? target : url.origin);
  if (!parsed.ok) return fail(parsed.error.message);
  const hostname = parameters.get("hostname");
  if (hostname !== null && !/^[A-Za-z0-9._-]{1,253}$/.test(hostname))
    return fail("Parameter hostname is no host name");
  return ok({
    endpoint: parsed.value,
    path: url === null ? null : url.pathname + url.search,
    module: parameters.get("module") ?? USUAL_MODULE,
    hostname,
    debug: parameters.get("debug") === "true",
    timeout: timeoutOf(scrapeTimeout),
  });
}

function timeoutOf(scrapeTimeout: string | undefined): number {
  const seconds = Number(scrapeTimeout ?? "");
  if (!Number.isFinite(seconds) || seconds <= 0) return USUAL_TIMEOUT;
  const milliseconds = Math.min(seconds * 1000, 120_000);
  return Math.max(milliseconds - OFFSET, milliseconds / 2);
}
