import { lookup } from "node:dns";
import { isIP } from "node:net";
import { fail, ok, type Result } from "../x509/result.ts";
import { askResolvers } from "./ask-resolvers.ts";
import { CANCELLED } from "./failures.ts";
import type { HandshakeFailure } from "./handshake.ts";

/** Addresses of one host that are looked at. */
const MAX_ADDRESSES = 64;

/** What a name resolution may take, and who is asked. */
export interface ResolveOptions {
  /** Milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Resolvers, `ADDRESS` or `ADDRESS:PORT` (`[V6]:PORT`); empty or absent: the system's way of resolving. */
  readonly resolvers?: readonly string[] | undefined;
}

/** What a resolution gave: addresses in the resolver's order, or the code of its error. */
export type Answer = Result<readonly string[], string>;

/**
 * Every A and AAAA address of a host in the resolver's order and without duplicates; an IP literal is its own
 * address. Never rejects.
 */
export function resolveAddresses(
  host: string,
  { timeoutMs, signal, resolvers = [] }: ResolveOptions,
): Promise<Result<readonly string[], HandshakeFailure>> {
  if (isIP(host) !== 0) return Promise.resolve(ok([host]));
  if (signal?.aborted === true) return Promise.resolve(fail(CANCELLED));
  return new Promise((resolve) => {
    const finish = (result: Result<readonly string[], HandshakeFailure>): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", cancel);
      resolve(result);
      stop();
    };
    const timer = setTimeout(
      () => {
        const message = `No answer for ${host} within ${Math.round(timeoutMs)} ms`;
        finish(fail({ code: "dns-failed", message }));
      },
      Math.max(0, timeoutMs),
    );
    const cancel = (): void => finish(fail(CANCELLED));
    signal?.addEventListener("abort", cancel);
    const answered = (answer: Answer): void =>
      finish(answer.ok ? chosen(host, answer.value) : fail(explain(host, answer.error)));
    const stop =
      resolvers.length === 0 ? askSystem(host, answered) : askResolvers(resolvers, host, answered);
  });
}

/** The system's resolver cannot be interrupted; an answer that comes too late is dropped. */
function askSystem(host: string, answered: (answer: Answer) => void): () => void {
  lookup(host, { all: true, order: "verbatim" }, (error, addresses) => {
    answered(
      error === null
        ? ok(addresses.map(({ address }) => address))
        : fail(error.code ?? "unknown error"),
    );
  });
  return () => undefined;
}

function chosen(
  host: string,
  addresses: readonly string[],
): Result<readonly string[], HandshakeFailure> {
  const distinct = [...new Set(addresses)].slice(0, MAX_ADDRESSES);
  return distinct.length > 0
    ? ok(distinct)
    : fail({ code: "dns-failed", message: `${host} has no address` });
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ["ENOTFOUND", "the name does not exist or has no address"],
  ["ENODATA", "the name has no address"],
  ["EAI_NONAME", "the name does not exist"],
  ["EAI_NODATA", "the name has no address"],
  ["EAI_AGAIN", "the resolver does not answer"],
  ["ETIMEOUT", "the resolver does not answer"],
  ["ECONNREFUSED", "nothing listens at the resolver's address"],
  ["ESERVFAIL", "the resolver failed"],
  ["EREFUSED", "the resolver refuses to answer"],
  ["EBADRESP", "the resolver's answer is malformed"],
  ["EAI_FAIL", "the resolver failed"],
  ["EAI_MEMORY", "the resolver ran out of memory"],
]);

function explain(host: string, code: string): HandshakeFailure {
  const reason = REASONS.get(code) ?? "the name could not be resolved";
  return { code: "dns-failed", message: `${host}: ${reason} (${code})` };
}
