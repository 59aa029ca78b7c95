import { lookup } from "node:dns";
import { isIP } from "node:net";
import { fail, ok, type Result } from "../x509/result.ts";
import type { HandshakeFailure } from "./handshake.ts";

/** Addresses of one host that are looked at. */
const MAX_ADDRESSES = 64;

/** What a name resolution may take. */
export interface ResolveOptions {
  /** Milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Every A and AAAA address of a host through the system's resolver, in its order and without duplicates; an
 * IP literal is its own address. Never rejects.
 */
export function resolveAddresses(
  host: string,
  { timeoutMs, signal }: ResolveOptions,
): Promise<Result<readonly string[], HandshakeFailure>> {
  if (isIP(host) !== 0) return Promise.resolve(ok([host]));
  if (signal?.aborted === true) return Promise.resolve(fail(CANCELLED));
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      finish(fail({ code: "dns-failed", message: `No answer for ${host} within ${timeoutMs} ms` }));
    }, timeoutMs);
    const cancel = (): void => finish(fail(CANCELLED));
    const finish = (result: Result<readonly string[], HandshakeFailure>): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", cancel);
      resolve(result);
    };
    signal?.addEventListener("abort", cancel);
    // The system's resolver cannot be interrupted; an answer that comes too late is dropped.
    lookup(host, { all: true, order: "verbatim" }, (error, addresses) => {
      finish(error === null ? chosen(host, addresses) : fail(explain(host, error)));
    });
  });
}

const CANCELLED: HandshakeFailure = { code: "cancelled", message: "The probe was cancelled" };

function chosen(
  host: string,
  addresses: readonly { readonly address: string }[],
): Result<readonly string[], HandshakeFailure> {
  const distinct = [...new Set(addresses.map(({ address }) => address))].slice(0, MAX_ADDRESSES);
  return distinct.length > 0
    ? ok(distinct)
    : fail({ code: "dns-failed", message: `${host} has no address` });
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ["ENOTFOUND", "the name does not exist or has no address"],
  ["EAI_NONAME", "the name does not exist"],
  ["EAI_NODATA", "the name has no address"],
  ["EAI_AGAIN", "the resolver does not answer"],
  ["EAI_FAIL", "the resolver failed"],
  ["EAI_MEMORY", "the resolver ran out of memory"],
]);

function explain(
  host: string,
  { code = "unknown error" }: NodeJS.ErrnoException,
): HandshakeFailure {
  const reason = REASONS.get(code) ?? "the name could not be resolved";
  return { code: "dns-failed", message: `${host}: ${reason} (${code})` };
}
