import type { HandshakeFailure } from "../handshake.ts";
import { Leash, type LeashEnd } from "../leash.ts";
import { openRoute } from "../routes/open-route.ts";
import type { TunnelEnd } from "../routes/http-connect.ts";
import type { Route } from "../routes/route.ts";
import type { Keyring } from "../tls/client-options.ts";
import { printable } from "../dialogs/printable.ts";
import { ask } from "./ask.ts";
import type { RequestPlan, RequestRecord } from "./request-record.ts";
import { secure } from "./secure.ts";
import { upgrade } from "./upgrade.ts";

/** Where and how a follow-up is made: by the same way as the handshake before it. */
export interface FollowUpOptions {
  readonly route: Route;
  readonly server: TunnelEnd;
  /** Host and, where it is unusual, port as they stand in the URL: the header Host. */
  readonly authority: string;
  readonly serverName: string | null;
  readonly keyring: Keyring | null;
  /** Milliseconds for the whole. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** Whether a WebSocket is opened instead of a request made. */
  readonly webSocket: boolean;
}

/** What an answer says; texts as they came. */
export interface Answer {
  readonly status: number;
  readonly reason: string;
  readonly header: (name: string) => string | null;
}

/** What a follow-up needs of its connection's surroundings. */
export interface Asking {
  readonly plan: RequestPlan;
  readonly authority: string;
  readonly signal: AbortSignal;
}

const NOTHING = {
  status: null,
  reason: null,
  location: null,
  strictTransportSecurity: null,
  server: null,
  date: null,
};

/**
 * Makes a request, or an upgrade to a WebSocket, over a connection of its own. Certificates are not checked:
 * the verdict on them stands already. Whatever happens ends in a record; the connection is closed by then.
 */
export async function followUp(
  plan: RequestPlan,
  options: FollowUpOptions,
): Promise<RequestRecord> {
  const start = performance.now();
  const { timeoutMs, signal, webSocket } = options;
  const leash = new Leash({ timeoutMs, signal });
  const ending = new AbortController();
  try {
    const answer = await converse(plan, options, { leash, ending });
    const facts = answer.ok ? factsOf(answer.value) : NOTHING;
    return {
      method: webSocket ? "upgrade" : plan.method,
      path: plan.path,
      ...facts,
      expectStatus: plan.expectStatus,
      failure: answer.ok ? null : printable(answer.error.message),
      timeMs: Math.round((performance.now() - start) * 1000) / 1000,
    };
  } finally {
    ending.abort();
    leash.release();
  }
}

type Outcome =
  | { readonly ok: true; readonly value: Answer }
  | { readonly ok: false; readonly error: Pick<HandshakeFailure, "message"> };

async function converse(
  plan: RequestPlan,
  { route, server, authority, serverName, keyring, webSocket }: FollowUpOptions,
  { leash, ending }: { readonly leash: Leash; readonly ending: AbortController },
): Promise<Outcome> {
  const silent = { connected: () => {}, tunnelled: () => {}, replied: () => {} };
  const opened = await openRoute(route, server, { leash, progress: silent });
  if (!opened.ok) return opened;
  const { socket } = opened.value;
  const { promise: over, reject: end } = Promise.withResolvers<never>();
  leash.hold((reason) => {
    end(new Error(endText(reason)));
    ending.abort();
    socket.destroy();
  });
  try {
    return { ok: true, value: await Promise.race([over, answerOf()]) };
  } catch (error) {
    return { ok: false, error: { message: failureText(error) } };
  } finally {
    socket.destroy();
  }

  async function answerOf(): Promise<Answer> {
    const secured = await secure(socket, { serverName, keyring });
    const asking: Asking = { plan, authority, signal: ending.signal };
    return webSocket ? upgrade(secured, asking) : ask(secured, asking);
  }
}

function endText(end: LeashEnd): string {
  return end.kind === "cancelled"
    ? "The request was cancelled"
    : `No answer came within ${Math.round(end.afterMs)} ms`;
}

/** The runtime's code says what happened; its texts may quote what the server sent. */
function failureText(error: unknown): string {
  if (!(error instanceof Error)) return "The request failed";
  const code = "code" in error && typeof error.code === "string" ? ` (${error.code})` : "";
  if (error.name === "HTTPParserError") return `The answer is no HTTP${code}`;
  return "code" in error ? `The request failed${code}` : error.message;
}

function factsOf({ status, reason, header }: Answer) {
  const text = (value: string | null): string | null => (value === null ? null : printable(value));
  return {
    status,
    reason: reason === "" ? null : printable(reason),
    location: text(header("location")),
    strictTransportSecurity: text(header("strict-transport-security")),
    server: text(header("server")),
    date: dateOf(header("date")),
  };
}

/** An HTTP date (RFC 9110 section 5.6.7) as RFC 3339; null where it is none. */
function dateOf(value: string | null): string | null {
  const time = value === null || value.length > 64 ? Number.NaN : Date.parse(value);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}
