import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { AccessControl } from "./access/access.ts";
import type { LiveFeed } from "./live-feed.ts";
import { problem, PROBLEM_TYPE, refusal, type Refusal } from "./problem.ts";
import { endBarely } from "./bare-answer.ts";

/** Path of the live feed. */
export const EVENTS = "/api/v1/events";

/** A connection that asks to become a WebSocket. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** Hands a connection to the live feed, or refuses it. */
export function takeUpgrade(
  { request, socket, head }: Upgrade,
  feed: LiveFeed,
  control: AccessControl,
): void {
  const [path = "", query = ""] = (request.url ?? "").split("?", 2);
  const follower = control.follower(request);
  const since = resumeOf(query);
  const refused = follower.ok
    ? ((path === EVENTS ? null : refusal("not-found", "There is nothing at this path")) ??
      (since === undefined ? BAD_SINCE : null) ??
      (feed.full ? refusal("busy", "Too many readers follow already") : null))
    : follower.error;
  if (refused !== null) {
    answer(socket, refused);
    return;
  }
  const until = follower.ok ? follower.value.until : null;
  feed.accept({ request, socket, head }, { resume: since ?? null, until });
}

const BAD_SINCE = refusal(
  "invalid-request",
  "query: Expected since=NUMBER&stream=STREAM from an earlier message",
);

/** From where a reader goes on. */
export interface Resume {
  /** Number of the last change that it was told. */
  readonly since: number;
  /** The stream that the number belongs to. */
  readonly stream: string;
}

/** Null when the whole is wanted; undefined when the query cannot be read. */
function resumeOf(query: string): Resume | null | undefined {
  const given = new URLSearchParams(query);
  const [since, stream] = [given.get("since"), given.get("stream")];
  if (since === null) return null;
  return /^\d{1,15}$/.test(since) && stream !== null ? { since: Number(since), stream } : undefined;
}

function answer(socket: Duplex, refused: Refusal): void {
  const told = problem(refused);
  const body = JSON.stringify(told);
  const headers = {
    "Content-Type": PROBLEM_TYPE,
    "Content-Length": String(Buffer.byteLength(body)),
    ...(told.status === 401 ? { "WWW-Authenticate": 'Bearer realm="Anchorwatch"' } : {}),
  };
  endBarely(socket, `${told.status} ${told.title}`, headers, body);
}
