import { type Command, InvalidArgumentError } from "commander";
import { isRequestPath } from "../probe/follow-up/request-path.ts";
import type { RequestPlan } from "../probe/follow-up/request-record.ts";
import { UsageError } from "./usage-error.ts";

/** Options that say what is asked of a server after its handshake. */
export interface RequestOptions {
  readonly request?: string;
  readonly requestMethod?: RequestPlan["method"];
  readonly expectStatus?: readonly number[];
}

/** Adds the options to a command. */
export function addRequestOptions(command: Command): Command {
  return command
    .option(
      "--request <path>",
      "make an HTTP request after the handshake, or with wss:// an upgrade",
      parsePath,
    )
    .option("--request-method <method>", "HEAD or GET (default: HEAD)", parseMethod)
    .option(
      "--expect-status <list>",
      "statuses that are right, such as 200,302 (default: all below 500)",
      parseStatuses,
    );
}

/** The request that options describe; undefined when they describe none. @throws {UsageError} */
export function requestOf({
  request,
  requestMethod,
  expectStatus,
}: RequestOptions): RequestPlan | undefined {
  if (request === undefined) {
    if (requestMethod !== undefined || expectStatus !== undefined)
      throw new UsageError(
        "--request-method and --expect-status belong to --request, which is missing",
      );
    return undefined;
  }
  return {
    method: requestMethod ?? "HEAD",
    path: request,
    expectStatus: expectStatus ?? [],
    headers: {},
  };
}

function parsePath(value: string): string {
  if (!isRequestPath(value))
    throw new InvalidArgumentError("Use a path that begins with / and holds no space");
  return value;
}

function parseMethod(value: string): RequestPlan["method"] {
  const method = value.toUpperCase();
  if (method === "HEAD" || method === "GET") return method;
  throw new InvalidArgumentError("Use HEAD or GET");
}

function parseStatuses(value: string): readonly number[] {
  const statuses = value.split(",").map(Number);
  if (!statuses.every((status) => Number.isInteger(status) && status >= 100 && status <= 599))
    throw new InvalidArgumentError("Use statuses from 100 to 599, joined by commas");
  return statuses;
}
