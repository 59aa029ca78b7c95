import { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import { type ExpositionForm, OPENMETRICS_FORM, TEXT_FORM } from "../exposition-form.ts";
import { estateFamilies, exposition } from "../exposition.ts";
import type { Health } from "../health.ts";
import type { OwnMetrics } from "../own-metrics.ts";
import type { FamilySamples } from "../sample.ts";
import type { State } from "../state.ts";
import type { TruststoreSummary } from "../truststore-summary.ts";
import type { Principals } from "./guard.ts";
import { prefersOpenMetrics } from "./negotiate.ts";
import { refusal } from "./problem.ts";
import { isKnown, refuse } from "./reply.ts";
import type { PageFile } from "./static-page.ts";

/** What the routes outside of the API show. */
export interface RouteSources {
  readonly state: State;
  readonly health: Health;
  readonly metrics: OwnMetrics;
  readonly truststores: () => readonly TruststoreSummary[];
  /** By path; see loadPage. */
  readonly page: ReadonlyMap<string, PageFile>;
}

/** Adds the page, the metrics and what tells whether the daemon lives. Returns their paths. */
export function addRoutes(
  app: FastifyInstance,
  { state, health, metrics, page, truststores }: RouteSources,
  principals: Principals,
): readonly string[] {
  for (const [path, file] of page)
    app.get(path, (request, reply) => {
      reply.header("cache-control", "no-cache").header("etag", file.etag);
      if (isKnown(request.headers["if-none-match"], file.etag)) return reply.code(304).send();
      return reply.type(file.type).send(file.body);
    });
  app.get("/healthz", (request, reply) => {
    const { problems } = health;
    const status = problems.length === 0 ? "ok" : "degraded";
    reply.header("cache-control", "no-store");
    // problems name files and hosts, which is for those who may read
    return reply.send(principals.has(request) ? { status, problems } : { status });
  });
  app.get("/readyz", (_request, reply) => {
    reply.header("cache-control", "no-store");
    if (state.complete) return reply.send({ status: "ready" });
    return refuse(reply, refusal("not-ready", "The first round of probes is not complete"));
  });
  app.get("/metrics", (request, reply) => {
    const form = prefersOpenMetrics(request.headers.accept) ? OPENMETRICS_FORM : TEXT_FORM;
    const parts = metricParts(metrics, estateFamilies(state, truststores()), form);
    return reply
      .header("cache-control", "no-store")
      .header("vary", "Accept")
      .type(form.contentType)
      .send(Readable.from(parts));
  });
  return [...page.keys(), "/healthz", "/readyz", "/metrics"];
}

/** Milliseconds after which others get their turn. */
const TURN = 10;

async function* metricParts(
  metrics: OwnMetrics,
  families: readonly FamilySamples[],
  form: ExpositionForm,
): AsyncGenerator<string> {
  let begun = performance.now();
  for (const part of exposition([...families, ...(await metrics.families())], form)) {
    if (part !== "") yield part;
    if (performance.now() - begun < TURN) continue;
    // other work gets its turn; where there is much of it, each turn that is given away takes long to come back
    await setImmediate();
    begun = performance.now();
  }
}
