import type { FastifyInstance, FastifyRequest } from "fastify";
import type { DaemonLog } from "../log.ts";
import type { AccessControl } from "./access/access.ts";
import type { Principal } from "./access/principal.ts";
import { type ProblemCode, refusal } from "./problem.ts";
import { refuse } from "./reply.ts";
import { SECURITY_HEADERS } from "./request-guard.ts";

/** Who asks, by request; those that come without a name are not in it. */
export type Principals = WeakMap<FastifyRequest, Principal>;

/** Paths that answer everybody who may reach the server: whether it lives is no secret. */
const PUBLIC: ReadonlySet<string> = new Set(["/healthz", "/readyz"]);

/** Puts access control in front of every route, and one form on every error. */
export function guard(app: FastifyInstance, access: AccessControl, log: DaemonLog): Principals {
  const principals: Principals = new WeakMap();
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    const refused = access.refuse(request.raw);
    if (refused !== null) return refuse(reply, refused);
    const found = access.principal(request.raw);
    if (found.ok) {
      principals.set(request, found.value);
      return undefined;
    }
    const [path = ""] = request.url.split("?", 1);
    if (PUBLIC.has(path)) return undefined;
    if (found.error.code === "token-refused")
      log.warn({ address: request.ip, path: path.slice(0, 200) }, "A token was refused");
    return refuse(reply, found.error);
  });
  app.setNotFoundHandler((_request, reply) =>
    refuse(reply, refusal("not-found", "There is nothing at this path")),
  );
  app.setErrorHandler((error, request, reply) => {
    const status = statusOfError(error);
    // only errors about the request itself have texts that are meant for the one who sent it
    if (status < 500 && error instanceof Error)
      return refuse(reply, refusal(codeOf(status), error.message.slice(0, 500)));
    log.error({ path: request.url.slice(0, 200), error: String(error) }, "A request failed");
    return refuse(reply, refusal("internal-error", "Internal error"));
  });
  return principals;
}

const statusOfError = (error: unknown): number =>
  error instanceof Error && "statusCode" in error && typeof error.statusCode === "number"
    ? error.statusCode
    : 500;

function codeOf(status: number): ProblemCode {
  if (status === 413) return "body-too-large";
  return status === 415 ? "media-type-refused" : "invalid-request";
}
