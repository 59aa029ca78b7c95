import { Agent, type Dispatcher, request } from "undici";
import { fail, ok, type Result } from "../../x509/result.ts";
import type { DeliveryFailure } from "./notifier.ts";

/** Octets of an answer that are read, for the words in which it refuses. */
const MAX_ANSWER = 4096;

/** Milliseconds that a receiver may ask to wait at most. */
const MAX_RETRY_AFTER = 3_600_000;

/** A body to be posted. */
export interface Post {
  readonly url: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Posts JSON to one receiver over connections that are kept open. Follows no redirects. */
export class Poster {
  readonly #agent: Dispatcher;

  /** @param anchors certificates in PEM that the receiver is judged by; null: the runtime's and the system's */
  constructor(anchors: readonly string[] | null) {
    this.#agent = new Agent({
      connections: 1,
      headersTimeout: 30_000,
      bodyTimeout: 30_000,
      connect: { timeout: 10_000, ...(anchors === null ? {} : { ca: [...anchors] }) },
    });
  }

  /** Sends; success is a status from 200 to 299. */
  async send(
    { url, body, headers = {} }: Post,
    signal: AbortSignal,
  ): Promise<Result<null, DeliveryFailure>> {
    try {
      const answer = await request(url, {
        method: "POST",
        dispatcher: this.#agent,
        signal,
        headers: { "content-type": "application/json", "user-agent": "anchorwatch", ...headers },
        body,
      });
      const text = await bounded(answer.body);
      if (answer.statusCode >= 200 && answer.statusCode < 300) return ok(null);
      return fail(refusal(answer.statusCode, answer.headers["retry-after"], text));
    } catch (error) {
      return fail({ retry: true, message: troubleText(error), retryAfter: null });
    }
  }

  /** Closes the connections. */
  close(): Promise<void> {
    return this.#agent.destroy();
  }
}

function refusal(
  status: number,
  retryAfter: string | string[] | undefined,
  text: string,
): DeliveryFailure {
  const seconds = typeof retryAfter === "string" ? Number(retryAfter) : Number.NaN;
  const words = text
    .replaceAll(/[\p{C}\s]+/gu, " ")
    .trim()
    .slice(0, 200);
  return {
    retry: status === 408 || status === 429 || status >= 500,
    message: `The receiver answered with status ${status}${words === "" ? "" : `: ${words}`}`,
    retryAfter: seconds >= 0 ? Math.min(seconds * 1000, MAX_RETRY_AFTER) : null,
  };
}

/** The beginning of an answer; what follows is not read. */
async function bounded(body: Dispatcher.ResponseData["body"]): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  body.on("error", () => {});
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= MAX_ANSWER) break;
  }
  return Buffer.concat(chunks).subarray(0, MAX_ANSWER).toString("utf8");
}

/** What went wrong, without the address, which may be a secret. */
function troubleText(error: unknown): string {
  if (!(error instanceof Error)) return "The receiver cannot be reached";
  if (error.name === "AbortError" || error.name === "TimeoutError")
    return "The receiver did not answer in time";
  const code = "code" in error && typeof error.code === "string" ? ` (${error.code})` : "";
  return `The receiver cannot be reached${code}`;
}
