import { lookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import type { Agent } from "undici";
import { fail, ok, type Result } from "../../x509/result.ts";
import { type AddressPolicy, mayAsk } from "./address-policy.ts";

/** Why nothing was fetched from a URL. */
export interface FetchError {
  readonly code:
    | "url-refused"
    | "address-refused"
    | "unreachable"
    | "timeout"
    | "status"
    | "too-large"
    | "too-many-redirects";
  readonly url: string;
  readonly message: string;
}

/** Bounds of one request. */
export interface FetchLimits {
  readonly policy: AddressPolicy;
  /** For the whole exchange, redirects included, in milliseconds. */
  readonly timeoutMs: number;
  readonly maxOctets: number;
}

/** One request by HTTP. */
export interface HttpRequest {
  readonly url: string;
  /** Body of a POST; null for a GET. */
  readonly body: { readonly bytes: Uint8Array; readonly type: string } | null;
}

const MAX_REDIRECTS = 3;

/** Asks for the addresses of a name and keeps those that may be asked. */
function guardedLookup(policy: AddressPolicy): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, []);
      const allowed = addresses.filter(({ address }) => mayAsk(address, policy));
      const [first] = allowed;
      if (first !== undefined)
        return options.all === true
          ? callback(null, allowed)
          : callback(null, first.address, first.family);
      const refused = new Error(`No address of ${hostname} may be asked`);
      return callback(Object.assign(refused, { code: "ERR_ADDRESS_REFUSED" }), []);
    });
  };
}

const agents = new Map<AddressPolicy, Promise<Agent>>();

/** Connections by policy, opened when they are needed and closed when nobody uses them. */
function agentFor(policy: AddressPolicy): Promise<Agent> {
  let agent = agents.get(policy);
  if (agent === undefined) {
    agent = import("undici").then(
      (undici) =>
        new undici.Agent({
          connect: { lookup: guardedLookup(policy), timeout: 10_000 },
          keepAliveTimeout: 1000,
          maxResponseSize: -1,
        }),
    );
    agents.set(policy, agent);
  }
  return agent;
}

/** Fetches octets by HTTP or HTTPS within limits. */
export async function httpFetch(
  request: HttpRequest,
  limits: FetchLimits,
): Promise<Result<Uint8Array, FetchError>> {
  const signal = AbortSignal.timeout(limits.timeoutMs);
  const { request: send } = await import("undici");
  const dispatcher = await agentFor(limits.policy);
  let url = request.url;
  for (let redirects = 0; ; redirects++) {
    const refused = refusal(url, limits.policy);
    if (refused !== null) return fail(refused);
    try {
      const { statusCode, headers, body } = await send(url, {
        dispatcher,
        signal,
        method: request.body === null ? "GET" : "POST",
        ...(request.body === null
          ? {}
          : { body: request.body.bytes, headers: { "content-type": request.body.type } }),
      });
      // a body that is not wanted fails when it is cut off
      body.on("error", () => {});
      const location = headers["location"];
      if (statusCode >= 300 && statusCode < 400 && typeof location === "string") {
        body.destroy();
        if (redirects >= MAX_REDIRECTS)
          return failure("too-many-redirects", request.url, `More than ${MAX_REDIRECTS} redirects`);
        const next = URL.parse(location, url);
        if (next === null) return failure("url-refused", url, "Redirect to a URL that is none");
        url = next.href;
        continue;
      }
      if (statusCode !== 200) {
        body.destroy();
        return failure("status", url, `The server answered with status ${statusCode}`);
      }
      return await collect(body, url, limits.maxOctets);
    } catch (error) {
      return explain(error, url);
    }
  }
}

function failure(
  code: FetchError["code"],
  url: string,
  message: string,
): Result<never, FetchError> {
  return fail({ code, url, message });
}

function refusal(text: string, policy: AddressPolicy): FetchError | null {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:"))
    return { code: "url-refused", url: text, message: "Only http and https are fetched" };
  if (url.username !== "" || url.password !== "")
    return { code: "url-refused", url: text, message: "URLs with a user name are not fetched" };
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  // names are looked at when they are resolved
  if (isIP(host) === 0 || mayAsk(host, policy)) return null;
  return { code: "address-refused", url: text, message: `${host} may not be asked` };
}

async function collect(
  body: AsyncIterable<Uint8Array> & { destroy: () => void },
  url: string,
  maxOctets: number,
): Promise<Result<Uint8Array, FetchError>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxOctets) {
      body.destroy();
      return failure("too-large", url, `The answer is longer than ${maxOctets} octets`);
    }
    chunks.push(chunk);
  }
  return ok(Buffer.concat(chunks));
}

function explain(error: unknown, url: string): Result<never, FetchError> {
  const name = error instanceof Error ? error.name : "";
  const code =
    error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  if (name === "TimeoutError" || name === "AbortError" || code.includes("TIMEOUT"))
    return failure("timeout", url, "The server did not answer in time");
  if (code === "ERR_ADDRESS_REFUSED")
    return failure("address-refused", url, "The name leads to addresses that may not be asked");
  return failure(
    "unreachable",
    url,
    `The server cannot be reached${code === "" ? "" : ` (${code})`}`,
  );
}
