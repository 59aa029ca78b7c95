import type { Endpoint, Handshake } from "../handshake.ts";
import { probe, type ProbeOptions } from "../probe.ts";
import type { EngineEvent } from "../tls/events.ts";
import type { HelloShape } from "../tls/hello-shape.ts";
import type { Session, Sessions } from "../tls/sessions.ts";
import type { Pace } from "./pace.ts";

/** One hello for a server, and how much of the answer is wanted. */
export interface Question {
  readonly shape: HelloShape;
  /** Events of which one is enough. @default the whole handshake */
  readonly until?: readonly EngineEvent["kind"][];
  /** Name to ask for; null for none. @default the interview's */
  readonly serverName?: string | null;
  readonly alpn?: readonly string[];
  /** Whether to wait for tickets of TLS 1.3. @default false */
  readonly readsOn?: boolean;
  /** Takes what the server gives to resume the session with. */
  readonly sessions?: Sessions;
  /** Session to offer. */
  readonly resume?: Session;
  /** Whether the answer leads to the next question: then it goes before questions that lead to none. @default false */
  readonly leads?: boolean;
}

/** Whom an interview asks, and how. */
export interface InterviewOptions extends Omit<
  ProbeOptions,
  "shape" | "until" | "alpn" | "keyring" | "readsOn" | "sessions" | "resume" | "request"
> {
  readonly endpoint: Endpoint;
  /** Shared by everything that asks the same address. */
  readonly pace: Pace;
  /** Told after each answer how many there were. */
  readonly onAnswer?: ((answers: number) => void) | undefined;
}

/** Connections that are tried again when the server does not accept them: it may be asked too fast. */
const RETRIED: ReadonlySet<string> = new Set([
  "connect-refused",
  "connect-failed",
  "timeout-connect",
]);

/** Asks one address of a server, at its pace. */
export class Interview {
  readonly #options: InterviewOptions;
  readonly #heard: Handshake[] = [];

  constructor(options: InterviewOptions) {
    this.#options = options;
  }

  /** Every answer so far, in the order in which they came. */
  get heard(): readonly Handshake[] {
    return this.#heard;
  }

  /** Connections made so far. */
  get connections(): number {
    return this.#heard.length;
  }

  /** Makes one conversation; a connection that is not accepted is tried once more. Never rejects. */
  async ask(question: Question): Promise<Handshake> {
    const first = await this.#once(question);
    const again = RETRIED.has(first.failure?.code ?? "") && this.#options.signal?.aborted !== true;
    return again ? this.#once(question) : first;
  }

  async #once({ serverName, leads, ...question }: Question): Promise<Handshake> {
    const { endpoint, pace, onAnswer, ...options } = this.#options;
    const handshake = await pace.run(
      () =>
        probe(endpoint, {
          ...options,
          ...question,
          ...(serverName === undefined ? {} : { serverName }),
        }),
      leads,
    );
    this.#heard.push(handshake);
    onAnswer?.(this.#heard.length);
    return handshake;
  }
}
