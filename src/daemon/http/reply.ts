import { hash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import type { FastifyReply } from "fastify";
import type { Answer } from "./api/operation.ts";
import { problem, PROBLEM_TYPE, type Refusal, statusOf } from "./problem.ts";

const JSON_TYPE = "application/json; charset=utf-8";
const LINES_TYPE = "application/x-ndjson; charset=utf-8";

/** Items of a list that are turned into JSON in one go. */
const BATCH = 200;

/** Items of a list that is made whole before it is sent. */
const WHOLE = 1000;

/** Revisions begin anew with every start. */
const START = randomBytes(6).toString("base64url");

/** Answers with an error. */
export function refuse(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const status = statusOf(refusal.code);
  reply.code(status).type(PROBLEM_TYPE).header("cache-control", "no-store");
  if (status === 401)
    // a line for each: Chromium understands the first challenge of a line alone
    reply.header("www-authenticate", ['Basic realm="Anchorwatch"', 'Bearer realm="Anchorwatch"']);
  if (status === 429) reply.header("retry-after", "10");
  return reply.send(JSON.stringify(problem(refusal)));
}

/** Sends what an operation answered: whole with an ETag, or piece by piece when it is long. */
export function sendAnswer(reply: FastifyReply, answer: Answer): FastifyReply {
  switch (answer.kind) {
    case "json":
      return sendText(reply, JSON_TYPE, JSON.stringify(answer.value));
    case "lines": {
      const text = answer.lines.map((line) => `${JSON.stringify(line)}\n`).join("");
      reply.header("content-disposition", `attachment; filename="${answer.fileName}"`);
      return sendText(reply, LINES_TYPE, text);
    }
    case "list": {
      if (answer.items.length <= WHOLE)
        return sendText(reply, JSON_TYPE, [...pieces(answer)].join(""));
      return sendLong(reply, answer);
    }
  }
}

function sendText(reply: FastifyReply, type: string, text: string): FastifyReply {
  const { method, headers } = reply.request;
  reply.type(type);
  if (method !== "GET" && method !== "HEAD")
    return reply.header("cache-control", "no-store").send(text);
  const etag = `"${hash("sha256", text, "base64url").slice(0, 22)}"`;
  reply.header("cache-control", "private, no-cache").header("etag", etag);
  return isKnown(headers["if-none-match"], etag) ? reply.code(304).send() : reply.send(text);
}

/** Whether If-None-Match names an entity tag: weak comparison with each of the list (RFC 9110 section 13.1.2). */
export const isKnown = (header: string | undefined, etag: string): boolean =>
  header !== undefined &&
  header
    .split(",")
    .map((tag) => tag.trim())
    .some((tag) => tag === "*" || strong(tag) === strong(etag));

const strong = (etag: string): string => etag.replace(/^W\//, "");

/** A list that is too long to be made twice: its tag is the revision of what it is made of. */
function sendLong(reply: FastifyReply, answer: ListAnswer): FastifyReply {
  const { method, headers } = reply.request;
  reply.type(JSON_TYPE);
  if (method === "POST" || answer.revision === undefined) reply.header("cache-control", "no-store");
  else {
    const etag = `W/"${START}-${answer.revision}"`;
    reply.header("cache-control", "private, no-cache").header("etag", etag);
    if (isKnown(headers["if-none-match"], etag)) return reply.code(304).send();
  }
  return reply.send(Readable.from(inTurns(pieces(answer))));
}

type ListAnswer = Extract<Answer, { kind: "list" }>;

function* pieces({ head, name, items, show, next }: ListAnswer): Generator<string> {
  const start = JSON.stringify(head).slice(0, -1);
  yield `${start}${start === "{" ? "" : ","}${JSON.stringify(name)}:[`;
  for (let at = 0; at < items.length; at += BATCH) {
    const shown = items.slice(at, at + BATCH).map((item) => JSON.stringify(show(item as never)));
    yield `${at === 0 ? "" : ","}${shown.join(",")}`;
  }
  yield next === null ? "]}" : `],"next":${JSON.stringify(next)}}`;
}

async function* inTurns(parts: Iterable<string>): AsyncGenerator<string> {
  for (const part of parts) {
    yield part;
    // other work gets its turn between parts
    await setImmediate();
  }
}
