import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from "fastify";
import type { DaemonLog } from "../log.ts";
import { versionInfo } from "../version.ts";
import type { AccessControl } from "./access/access.ts";
import { openApiDocument } from "./api/openapi.ts";
import type { Operation } from "./api/operation.ts";
import type { Principals } from "./guard.ts";
import { refusal } from "./problem.ts";
import { refuse, sendAnswer } from "./reply.ts";

/** Where the description of the API is. */
export const OPENAPI_PATH = "/api/v1/openapi.json";

/** What the routes of the API go by. */
export interface ApiContext {
  readonly access: AccessControl;
  readonly principals: Principals;
  readonly log: DaemonLog;
}

/** Adds a route for each operation, and the description of them all. Returns the methods that each path takes. */
export function addApiRoutes(
  app: FastifyInstance,
  operations: readonly Operation[],
  context: ApiContext,
): ReadonlyMap<string, readonly string[]> {
  const methods = new Map<string, string[]>([[OPENAPI_PATH, ["GET"]]]);
  const document = openApiDocument(operations, versionInfo().version);
  app.get(OPENAPI_PATH, (_request, reply) => sendAnswer(reply, { kind: "json", value: document }));
  for (const each of operations) {
    const url = each.path.replace(/\{(\w+)\}/g, ":$1");
    methods.set(url, [...(methods.get(url) ?? []), each.method]);
    app.route({
      method: each.method,
      url,
      bodyLimit: each.bodyLimit,
      onRequest: async (request, reply) => admit(request, reply, each, context),
      handler: async (request, reply) => {
        const query = new URL(request.url, "http://localhost").searchParams;
        const { params, body } = request;
        const answer = await each.answer({ params: { ...(params as object) }, query, body });
        return answer.ok ? sendAnswer(reply, answer.value) : refuse(reply, answer.error);
      },
    });
  }
  return methods;
}

async function admit(
  request: FastifyRequest,
  reply: FastifyReply,
  { id, method, role }: Operation,
  { access, principals, log }: ApiContext,
): Promise<FastifyReply | undefined> {
  if (method === "GET") return undefined;
  const principal = principals.get(request);
  if (principal === undefined)
    return refuse(reply, refusal("token-missing", "Send a token as Authorization: Bearer"));
  const refused = access.refuseAction(request.raw, principal, role);
  if (refused !== null) return refuse(reply, refused);
  log.info({ operation: id, who: principal.name, address: request.ip }, "Asked to act");
  return undefined;
}

const METHODS: readonly HTTPMethods[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** Refuses every other method of known paths, and says which are taken; so does OPTIONS, without refusing. */
export function refuseOtherMethods(
  app: FastifyInstance,
  methods: ReadonlyMap<string, readonly string[]>,
): void {
  for (const [url, taken] of methods) {
    const allow = [
      ...taken.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])),
      "OPTIONS",
    ].join(", ");
    app.options(url, (_request, reply) => reply.code(204).header("allow", allow).send());
    app.route({
      method: METHODS.filter((method) => !taken.includes(method)),
      url,
      // before a body is read
      onRequest: async (_request, reply) =>
        refuse(
          reply.header("allow", allow),
          refusal("method-not-allowed", `This path takes ${allow}`),
        ),
      handler: (_request, reply) => reply.send(),
    });
  }
}
