import {
  type AlertRecord,
  type Endpoint,
  type Handshake,
  type HandshakeStage,
  NOTHING_HEARD,
  type PhaseTimings,
} from "./handshake.ts";
import type { EngineEvent } from "./tls/events.ts";

/** What is known about a conversation before its first byte. */
export interface ConversationFacts {
  readonly endpoint: Endpoint;
  readonly serverName: string | null;
  readonly address: string | null;
  readonly dialledPort: number;
  /** Milliseconds that name resolution took; null when it did not happen or failed. */
  readonly dns: number | null;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Folds the engine's events into a handshake record. Times are passed in, in milliseconds of one monotonic
 * clock, so that a replayed conversation gives the same record.
 */
export class Recorder {
  readonly #handshake: Mutable<Handshake>;
  readonly #phases: Mutable<PhaseTimings>;
  #mark: number;

  /** `startedAt` is wall-clock time in RFC 3339, `now` the monotonic clock. */
  constructor(facts: ConversationFacts, startedAt: string, now: number) {
    this.#phases = {
      dns: facts.dns === null ? null : rounded(facts.dns),
      connect: null,
      proxy: null,
      dialog: null,
      hello: null,
      complete: null,
    };
    this.#mark = now;
    this.#handshake = {
      endpoint: facts.endpoint,
      serverName: facts.serverName,
      address: facts.address,
      dialledPort: facts.dialledPort,
      startedAt,
      outcome: "failed",
      stage: facts.address === null ? "start" : "dns",
      ...NOTHING_HEARD,
      phases: this.#phases,
    };
  }

  /** Milliseconds from the connection to the server's first answer; null before it. */
  get helloTime(): number | null {
    return this.#phases.hello;
  }

  /** Notes the moment at which the connection stood. */
  connected(now: number): void {
    this.#phase("connect", "connect", now);
  }

  /** Notes the moment at which something that is said before TLS was over. */
  prelude(phase: "proxy" | "dialog", now: number): void {
    this.#phase(phase, phase, now);
  }

  /** Adds what the engine reported. */
  add(event: EngineEvent, now: number): void {
    const handshake = this.#handshake;
    switch (event.kind) {
      case "hello":
        handshake.version = event.version;
        this.#phase("hello", "hello", now);
        return;
      case "cipher-suite":
        handshake.cipherSuite = event.name;
        return;
      case "group":
        handshake.group = event.name;
        return;
      case "alpn":
        handshake.alpn = event.protocol;
        return;
      case "certificates":
        handshake.certificates = event.certificates;
        handshake.stage = "certificate";
        return;
      case "ocsp-staple":
        handshake.ocspStaple = event.response;
        return;
      case "certificate-request":
        handshake.clientCertificateRequested = true;
        handshake.certificateRequest = event.request;
        return;
      case "signature":
        handshake.signatureScheme = event.scheme;
        return;
      case "finished":
        this.#phase("complete", "finished", now);
        return;
      case "alert":
        this.#alert(event.alert);
        return;
      case "retry":
        return;
      case "complete":
        handshake.outcome = "complete";
        handshake.stage = "complete";
        return;
      case "failed":
        handshake.failure = event.failure;
        handshake.firstBytes = event.firstBytes;
        return;
    }
  }

  /** The record; nothing may be added afterwards. */
  finish(): Handshake {
    return this.#handshake;
  }

  #phase(phase: keyof PhaseTimings, stage: HandshakeStage, now: number): void {
    this.#phases[phase] = rounded(now - this.#mark);
    this.#mark = now;
    this.#handshake.stage = stage;
  }

  /** What the server said last before the end tells more than what we answered or what it said before. */
  #alert(alert: AlertRecord): void {
    const said = this.#handshake.alert?.direction === "received";
    const goodbye = alert.description === "close_notify";
    if (alert.direction === "received" ? !(said && goodbye) : !said) this.#handshake.alert = alert;
  }
}

/** To the microsecond: more is noise. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
