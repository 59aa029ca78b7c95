import { connect, isIP, type Socket } from "node:net";
import { ok } from "../x509/result.ts";
import type { Endpoint, Handshake, HandshakeFailure } from "./handshake.ts";
import { Recorder } from "./recorder.ts";
import { resolveAddresses } from "./resolve.ts";
import { connectFailure, hangUpOf } from "./socket-error.ts";
import { dialFacts, type DialFacts, unresolvedHandshake } from "./unresolved.ts";
import type { ClientCertificate } from "./tls/client-options.ts";
import { type Step, TlsClient } from "./tls/client.ts";
import type { HelloShape } from "./tls/hello-shape.ts";
import { ServerKeys } from "./tls/server-key.ts";

/** How one conversation is to be made. */
export interface ProbeOptions extends DialFacts {
  /** IP literal to dial; absent: the first address of the endpoint's host. */
  readonly address?: string | undefined;
  /** Milliseconds for the whole conversation. @default 10000 */
  readonly timeoutMs?: number | undefined;
  /** Ends the conversation and frees its socket at once. */
  readonly signal?: AbortSignal | undefined;
  /** Sent when the server asks for a client certificate. */
  readonly clientCertificate?: ClientCertificate | undefined;
  /** Protocols for ALPN, in order of preference. @default [] */
  readonly alpn?: readonly string[] | undefined;
  /** What the hello offers. @default WIDE_HELLO */
  readonly shape?: HelloShape | undefined;
  /** Milliseconds that finding the address took, for the record. */
  readonly dnsTime?: number | undefined;
}

/** Keys of servers that were probed before. */
const SERVER_KEYS = new ServerKeys();

const DEFAULT_TIMEOUT = 10_000;

/** Milliseconds that a server gets to close its side after the conversation. */
const LINGER = 250;

/** Least time that a server gets to refuse a client certificate after the handshake, in milliseconds. */
const VERDICT_TIME = 250;

/** Turns of the event loop, after that time, in which a refusal that has already arrived is read. */
const SETTLING_TURNS = 8;

/** Round trips that the refusal may take longer than the hello did. */
const VERDICT_ROUND_TRIPS = 3;

/**
 * Makes one conversation with one address over one TCP connection, without retries. Whatever the peer or
 * the network does ends in a record; the socket is closed when the promise settles.
 */
export async function probe(endpoint: Endpoint, options: ProbeOptions = {}): Promise<Handshake> {
  const startedAt = new Date().toISOString();
  const start = performance.now();
  const { timeoutMs = DEFAULT_TIMEOUT, signal } = options;
  const given = options.address;
  const addresses =
    given === undefined
      ? await resolveAddresses(endpoint.host, { timeoutMs, signal })
      : ok([given]);
  if (!addresses.ok) return unresolvedHandshake(endpoint, options, addresses.error, startedAt);
  const [address = endpoint.host] = addresses.value;
  const now = performance.now();
  const resolved = given === undefined && isIP(endpoint.host) === 0;
  const dns = resolved ? now - start : (options.dnsTime ?? null);
  const recorder = new Recorder({ ...dialFacts(endpoint, options), address, dns }, startedAt, now);
  return new Dialogue(options, address, recorder, timeoutMs - (now - start)).run();
}

/** One socket, one engine, one deadline. */
class Dialogue {
  readonly #recorder: Recorder;
  readonly #engine: TlsClient;
  readonly #address: string;
  readonly #options: ProbeOptions;
  readonly #timeoutMs: number;
  readonly #port: number;
  #socket: Socket | null = null;
  #deadline: NodeJS.Timeout | undefined;
  #pause: NodeJS.Timeout | undefined;
  #awaitsVerdict = false;
  #settle: (handshake: Handshake) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor(options: ProbeOptions, address: string, recorder: Recorder, timeoutMs: number) {
    const { serverName, dialledPort } = recorder.finish();
    this.#options = options;
    this.#address = address;
    this.#recorder = recorder;
    this.#timeoutMs = timeoutMs;
    this.#port = dialledPort;
    this.#engine = new TlsClient({
      serverName,
      alpn: options.alpn ?? [],
      clientCertificate: options.clientCertificate ?? null,
      serverKeys: SERVER_KEYS,
      ...(options.shape === undefined ? {} : { shape: options.shape }),
    });
  }

  run(): Promise<Handshake> {
    return new Promise((resolve, reject) => {
      this.#settle = resolve;
      this.#reject = reject;
      if (this.#options.signal?.aborted === true) this.#cancel();
      else this.#dial();
    });
  }

  #dial(): void {
    this.#options.signal?.addEventListener("abort", this.#cancel);
    this.#deadline = setTimeout(this.#expire, Math.max(0, this.#timeoutMs));
    try {
      this.#socket = connect({
        host: this.#address,
        port: this.#port,
        noDelay: true,
        allowHalfOpen: true,
      });
    } catch (error) {
      this.#abandon(connectFailure(error, this.#address, this.#port));
      return;
    }
    this.#socket
      .on("connect", () => {
        this.#recorder.connect(performance.now());
        this.#drive(() => this.#engine.start());
      })
      .on("data", (chunk: Buffer) => this.#drive(() => this.#engine.receive(chunk)))
      .on("end", () => this.#drive(() => this.#engine.hangUp("closed")))
      .on("error", (error) => this.#broken(error))
      .on("close", () => this.#closed());
  }

  /** Lets the engine act, sends what it has to say, and parts from the peer once it has ended. */
  #drive(action: () => Step): void {
    const socket = this.#socket;
    if (socket === null || this.#engine.ended) return;
    try {
      const arrival = performance.now();
      const { output, events } = action();
      this.#record(events, arrival);
      if (this.#engine.ended) {
        this.#part(socket, output);
        return;
      }
      if (output !== null) socket.write(output);
      if (this.#awaitsVerdict && this.#pause === undefined)
        this.#pause = setTimeout(
          this.#consent,
          Math.max(VERDICT_TIME, VERDICT_ROUND_TRIPS * (this.#recorder.helloTime ?? 0)),
        );
    } catch (error) {
      this.#reject(error);
      socket.destroy();
    }
  }

  /** The hello is over when it arrives; everything else when it has been computed. */
  #record(events: Step["events"], arrival: number): void {
    const now = performance.now();
    for (const event of events) {
      this.#recorder.add(event, event.kind === "hello" ? arrival : now);
      if (event.kind === "finished") this.#awaitsVerdict = event.awaitsVerdict;
    }
  }

  /** Says goodbye and gives the peer a moment to do the same, so that it sees no reset. */
  #part(socket: Socket, output: Uint8Array | null): void {
    this.#clear();
    if (socket.destroyed) return;
    if (output === null) socket.end();
    else socket.end(output);
    this.#options.signal?.addEventListener("abort", this.#cancel);
    this.#pause = setTimeout(() => socket.destroy(), LINGER);
  }

  readonly #consent = (): void => this.#consentAfter(SETTLING_TURNS);

  /** A loop that was busy with other work has not looked at the network yet: it gets a few turns to do so. */
  #consentAfter(turns: number): void {
    if (this.#engine.ended) return;
    if (turns > 0) setImmediate(() => this.#consentAfter(turns - 1));
    else this.#drive(() => this.#engine.settle());
  }

  readonly #expire = (): void => {
    if (this.#awaitsVerdict) {
      this.#consent();
      return;
    }
    const { connected } = this.#recorder;
    this.#abandon({
      code: connected ? "timeout-handshake" : "timeout-connect",
      message: connected
        ? `Handshake did not complete within ${Math.round(this.#timeoutMs)} ms`
        : `No connection to ${this.#address} port ${this.#port} within ${Math.round(this.#timeoutMs)} ms`,
    });
  };

  readonly #cancel = (): void => {
    this.#abandon({ code: "cancelled", message: "The probe was cancelled" });
  };

  /** Ends the conversation from outside, without ceremony. */
  #abandon(failure: HandshakeFailure): void {
    this.#clear();
    this.#record(this.#engine.stop(failure).events, performance.now());
    if (this.#socket === null || this.#socket.closed) this.#closed();
    else this.#socket.destroy();
  }

  #broken(error: Error): void {
    if (this.#engine.ended) return;
    if (!this.#recorder.connected) {
      const failure = connectFailure(error, this.#address, this.#port);
      this.#record(this.#engine.stop(failure).events, performance.now());
      return;
    }
    const end = hangUpOf(error);
    this.#drive(() => (end === "reset" ? this.#engine.hangUp("reset") : this.#engine.stop(end)));
  }

  /** The socket is gone: nothing of this conversation remains but its record. */
  #closed(): void {
    if (!this.#engine.ended) this.#record(this.#engine.hangUp("closed").events, performance.now());
    this.#clear();
    this.#settle(this.#recorder.finish());
  }

  #clear(): void {
    clearTimeout(this.#deadline);
    clearTimeout(this.#pause);
    this.#options.signal?.removeEventListener("abort", this.#cancel);
  }
}
