import type { Socket } from "node:net";
import { CANCELLED } from "./failures.ts";
import type { HandshakeFailure } from "./handshake.ts";
import type { Leash, LeashEnd } from "./leash.ts";
import type { Framing } from "./prelude.ts";
import type { Recorder } from "./recorder.ts";
import { hangUpOf } from "./socket-error.ts";
import type { Step, TlsClient } from "./tls/client.ts";

/** Milliseconds that a server gets to close its side after the conversation. */
const LINGER = 250;

/** Least time that a server gets to refuse a client certificate after the handshake, in milliseconds. */
const VERDICT_TIME = 250;

/** Time in which a further ticket may follow one, in milliseconds: servers send all that they give at once. */
const TICKET_TIME = 50;

/** Turns of the event loop, after that time, in which a refusal that has already arrived is read. */
const SETTLING_TURNS = 8;

/** Times that a server which has begun a message gets as long again to end it, before that counts as silence. */
const MESSAGE_PAUSES = 8;

/** Round trips that the refusal may take longer than the hello did. */
const VERDICT_ROUND_TRIPS = 3;

/** Everything that a TLS exchange works with. */
export interface TlsExchangeParts {
  readonly socket: Socket;
  readonly engine: TlsClient;
  readonly recorder: Recorder;
  readonly leash: Leash;
  /** What stands between TLS and the socket; null: nothing. */
  readonly framing: Framing | null;
  /** What arrived before the exchange began. */
  readonly early: Uint8Array | null;
}

/** Drives one engine over one socket until the engine has ended and the socket is closed. */
export function exchangeTls(parts: TlsExchangeParts): Promise<void> {
  return new TlsExchange(parts).run();
}

class TlsExchange {
  readonly #socket: Socket;
  readonly #engine: TlsClient;
  readonly #recorder: Recorder;
  readonly #leash: Leash;
  readonly #framing: Framing | null;
  readonly #early: Uint8Array | null;
  #pause: NodeJS.Timeout | undefined;
  #awaitsVerdict = false;
  #pauses = 0;
  #settle: () => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor({ socket, engine, recorder, leash, framing, early }: TlsExchangeParts) {
    this.#socket = socket;
    this.#engine = engine;
    this.#recorder = recorder;
    this.#leash = leash;
    this.#framing = framing;
    this.#early = early;
  }

  run(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#settle = resolve;
      this.#reject = reject;
      this.#socket
        .on("data", (chunk: Buffer) => this.#receive(chunk))
        .on("end", () => this.#drive(() => this.#engine.hangUp("closed")))
        .on("error", (error) => this.#broken(error))
        .on("close", this.#closed);
      this.#leash.hold(this.#stop);
      this.#drive(() => this.#engine.start());
      if (this.#early !== null) this.#receive(this.#early);
      this.#socket.resume();
    });
  }

  #receive(chunk: Uint8Array): void {
    this.#drive(() => {
      const opened = this.#framing?.open(chunk);
      if (opened === undefined) return this.#engine.receive(chunk);
      return opened.ok ? this.#engine.receive(opened.value) : this.#engine.stop(opened.error);
    });
  }

  /** Lets the engine act, sends what it has to say, and parts from the peer once it has ended. */
  #drive(action: () => Step): void {
    if (this.#engine.ended) return;
    try {
      const arrival = performance.now();
      const { output, events } = action();
      const wrapped = output === null ? null : (this.#framing?.seal(output) ?? output);
      this.#record(events, arrival);
      if (this.#engine.ended) {
        this.#part(wrapped);
        return;
      }
      if (wrapped !== null) this.#socket.write(wrapped);
      if (this.#onlyTicketsAwaited && events.some(({ kind }) => kind === "ticket")) {
        clearTimeout(this.#pause);
        this.#pause = setTimeout(this.#consent, TICKET_TIME);
      } else if (this.#awaitsVerdict && this.#pause === undefined)
        this.#pause = setTimeout(
          this.#consent,
          Math.max(VERDICT_TIME, VERDICT_ROUND_TRIPS * (this.#recorder.helloTime ?? 0)),
        );
    } catch (error) {
      this.#reject(error);
      this.#socket.destroy();
    }
  }

  get #onlyTicketsAwaited(): boolean {
    return this.#awaitsVerdict && !this.#recorder.finish().clientCertificateRequested;
  }

  /** The hello is over when it arrives; everything else when it has been computed. */
  #record(events: Step["events"], arrival: number): void {
    const now = performance.now();
    for (const event of events) {
      this.#recorder.add(event, event.kind === "hello" ? arrival : now);
      if (event.kind === "hello") this.#leash.beginPhase();
      if (event.kind === "finished") this.#awaitsVerdict = event.awaitsVerdict;
    }
  }

  /** Says goodbye and gives the peer a moment to do the same, so that it sees no reset. */
  #part(output: Uint8Array | null): void {
    clearTimeout(this.#pause);
    this.#leash.stopClocks();
    if (this.#socket.destroyed) return;
    if (output === null) this.#socket.end();
    else this.#socket.end(output);
    this.#pause = setTimeout(() => this.#socket.destroy(), LINGER);
  }

  readonly #consent = (): void => this.#consentAfter(SETTLING_TURNS);

  /** A loop that was busy with other work has not looked at the network yet: it gets a few turns to do so. */
  #consentAfter(turns: number): void {
    if (this.#engine.ended) return;
    if (turns > 0) setImmediate(() => this.#consentAfter(turns - 1));
    else if (this.#engine.midMessage && this.#pauses++ < MESSAGE_PAUSES)
      this.#pause = setTimeout(this.#consent, VERDICT_TIME);
    else this.#drive(() => this.#engine.settle());
  }

  readonly #stop = (end: LeashEnd): void => {
    if (end.kind === "cancelled") this.#abandon(CANCELLED);
    else if (this.#awaitsVerdict) {
      this.#pauses = MESSAGE_PAUSES;
      this.#consent();
    } else
      this.#abandon({
        code: "timeout-handshake",
        message: `Handshake did not complete within ${Math.round(end.afterMs)} ms`,
      });
  };

  /** Ends the conversation from outside, without ceremony. */
  #abandon(failure: HandshakeFailure): void {
    clearTimeout(this.#pause);
    this.#record(this.#engine.stop(failure).events, performance.now());
    if (this.#socket.closed) this.#closed();
    else this.#socket.destroy();
  }

  #broken(error: Error): void {
    const end = hangUpOf(error);
    this.#drive(() => (end === "reset" ? this.#engine.hangUp("reset") : this.#engine.stop(end)));
  }

  /** The socket is gone: nothing of this conversation remains but its record. */
  readonly #closed = (): void => {
    if (!this.#engine.ended) this.#record(this.#engine.hangUp("closed").events, performance.now());
    clearTimeout(this.#pause);
    this.#settle();
  };
}
