import { clientAuthOf } from "./client-auth.ts";
import {
  type AlertRecord,
  type DialogLine,
  type Endpoint,
  type Handshake,
  type HandshakeStage,
  type HelloSent,
  NOTHING_HEARD,
  type PhaseTimings,
} from "./handshake.ts";
import type { ProxyReply } from "./routes/http-connect.ts";
import type { ProxyRecord } from "./routes/proxy-record.ts";
import type { EngineEvent } from "./tls/events.ts";
import { LIMITS } from "./tls/limits.ts";

/** What is known about a conversation before its first byte. */
export interface ConversationFacts {
  readonly endpoint: Endpoint;
  readonly serverName: string | null;
  readonly address: string | null;
  readonly dialledPort: number;
  readonly proxy: ProxyRecord | null;
  /** @default wide */
  readonly hello?: HelloSent | undefined;
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
  readonly #start: number;
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
    this.#start = now;
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
      proxy: facts.proxy,
      hello: facts.hello ?? "wide",
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

  /** Notes what was said in the upgrade dialog. */
  dialog(lines: readonly DialogLine[]): void {
    this.#handshake.dialog = lines;
  }

  /** Notes what the proxy said to the wish for a tunnel. */
  proxyReplied(reply: ProxyReply): void {
    const { proxy } = this.#handshake;
    if (proxy !== null) this.#handshake.proxy = { ...proxy, reply };
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
      case "server-hello":
        handshake.serverHello = event.hello;
        return;
      case "extensions":
        handshake.extensions = [...handshake.extensions, ...event.extensions].slice(
          0,
          LIMITS.extensionsKept,
        );
        return;
      case "key-exchange":
        handshake.keyExchange = event.keyExchange;
        handshake.group = event.keyExchange.group;
        return;
      case "alpn":
        handshake.alpn = event.protocol;
        return;
      case "certificates":
        handshake.certificates = event.certificates;
        handshake.stage = "certificate";
        return;
      case "certificate-compression":
        handshake.certificateCompression = event.algorithm;
        return;
      case "timestamps":
        handshake.signedCertificateTimestamps = event.timestamps;
        return;
      case "ticket":
        handshake.tickets = [...handshake.tickets, event.ticket];
        return;
      case "ocsp-staple":
        handshake.ocspStaple = event.response;
        return;
      case "certificate-request":
        handshake.clientCertificateRequested = true;
        handshake.certificateRequest = event.request;
        return;
      case "certificate-answer":
        handshake.clientCertificateAnswer = event.answer;
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
        handshake.retry = event.retry;
        return;
      case "end":
        handshake.end = { by: event.by, how: event.how, afterMs: rounded(now - this.#start) };
        return;
      case "complete":
        handshake.outcome = "complete";
        handshake.stage = "complete";
        handshake.clientAuth = clientAuthOf(handshake);
        return;
      case "failed":
        handshake.failure = event.failure;
        handshake.clientAuth = clientAuthOf(handshake);
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
    const handshake = this.#handshake;
    if (handshake.alerts.length < LIMITS.alertsKept)
      handshake.alerts = [...handshake.alerts, alert];
    const said = handshake.alert?.direction === "received";
    const goodbye = alert.description === "close_notify";
    if (alert.direction === "received" ? !(said && goodbye) : !said) handshake.alert = alert;
  }
}

/** To the microsecond: more is noise. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
