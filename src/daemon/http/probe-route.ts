import type { FastifyInstance, FastifyReply } from "fastify";
import { readProbeRequest } from "../blackbox/probe-request.ts";
import { TEXT_FORM } from "../exposition-form.ts";
import type { AccessControl } from "./access/access.ts";
import type { BlackboxProbes } from "./blackbox-probes.ts";
import { refusal } from "./problem.ts";
import { refuse } from "./reply.ts";

/** Where blackbox_exporter probes. */
export const PROBE = "/probe";

/** Adds `/probe` as blackbox_exporter has it. */
export function addProbeRoute(
  app: FastifyInstance,
  probes: BlackboxProbes,
  access: AccessControl,
): void {
  app.route({
    method: "GET",
    url: PROBE,
    // a probe is more than a look, and no other site may have it made by somebody's browser
    onRequest: async (request, reply) => {
      const refused = access.refuseForeign(request.raw);
      return refused === null ? undefined : refuse(reply, refused);
    },
    handler: async (request, reply) => {
      // nothing of it would be seen
      if (request.method === "HEAD") return reply.type(TEXT_FORM.contentType).send("");
      const { searchParams } = new URL(request.url, "http://localhost");
      const header = request.headers["x-prometheus-scrape-timeout-seconds"];
      const read = readProbeRequest(searchParams, typeof header === "string" ? header : undefined);
      if (!read.ok) return refuse(reply, refusal("invalid-request", read.error.slice(0, 500)));
      const answered = await probes.probe(read.value, goneSignal(reply));
      if (!answered.ok) return refuse(reply, answered.error);
      const type = read.value.debug ? "text/plain; charset=utf-8" : TEXT_FORM.contentType;
      return reply.header("cache-control", "no-store").type(type).send(answered.value);
    },
  });
}

/** Aborts when the connection closes before the answer is complete. */
function goneSignal({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.once("close", () => gone.abort());
  return gone.signal;
}
