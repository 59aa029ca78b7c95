import type { EndRecord } from "../handshake.ts";
import { Abort } from "./abort.ts";
import { ALERTS, type AlertName, alertRecord } from "./alerts.ts";
import type { ClientOptions, Keyring } from "./client-options.ts";
import { DecodeError } from "./cursor.ts";
import type { EngineEvent } from "./events.ts";
import { handshakeTypeName, type HandshakeMessage } from "./handshake-type.ts";
import { MessageReader } from "./message-reader.ts";
import {
  changeCipherSpecRecord,
  type Opener,
  plainRecord,
  type Sealer,
} from "./record-protection.ts";
import { ContentType, type RecordSizes, USUAL_SIZES } from "./record-reader.ts";
import { ServerKeys } from "./server-key.ts";
import type { Sessions } from "./sessions.ts";
import { Transcript } from "./transcript.ts";
import { Version } from "./versions.ts";

/** One protocol version's part of the conversation. Its methods throw `Abort` and `DecodeError`. */
export interface Flow {
  /** Whether alerts of warning level are no more than that; TLS 1.3 has no such level (RFC 8446 section 6). */
  readonly readsPastWarnings: boolean;
  /** Takes the next handshake message. */
  handshake(message: HandshakeMessage): void;
  /** Takes a ChangeCipherSpec record. */
  changeCipherSpec(): void;
  /** Takes application data. */
  applicationData(): void;
}

/** How a request for a client certificate was answered. */
export type CertificateAnswer = "not-asked" | "empty" | "sent";

/** State that the negotiation and the flows of both versions share: keys, transcript, output, events. */
export class Conversation {
  readonly transcript = new Transcript();
  readonly messages = new MessageReader();
  readonly keyring: Keyring | null;
  readonly serverKeys: ServerKeys;
  /** Where to put what resumes the session; null where nobody wants it. */
  readonly sessions: Sessions | null;
  /** Takes messages; replaced when the version is known. */
  flow: Flow;
  opener: Opener | null = null;
  /** Version in the headers of our records; TLS 1.3 keeps that of 1.2 (RFC 8446 section 5.1). */
  recordVersion: number = Version.tls12;
  certificateAnswer: CertificateAnswer = "not-asked";
  /** Whether everything is done but the server's verdict on the client certificate. */
  awaitsVerdict = false;
  /** Bytes of content in one record of each direction. */
  recordSizes: RecordSizes = USUAL_SIZES;
  /** Whether to read on after the handshake although no verdict is awaited. */
  readonly readsOn: boolean;
  /** A failure that is already certain, while the server's cleartext certificate is still awaited. */
  doom: Abort | null = null;
  #sealer: Sealer | null = null;
  #events: EngineEvent[] = [];
  #output: Uint8Array[] = [];
  #flight: Uint8Array[] = [];
  #ended = false;
  readonly #until: ReadonlySet<EngineEvent["kind"]>;
  #heardEnough = false;
  #end: Pick<EndRecord, "by" | "how"> | null = null;

  constructor({ keyring, serverKeys, sessions, until, readsOn }: ClientOptions, flow: Flow) {
    this.#until = new Set(until);
    this.readsOn = readsOn ?? false;
    this.keyring = keyring ?? null;
    this.serverKeys = serverKeys ?? new ServerKeys();
    this.sessions = sessions ?? null;
    this.flow = flow;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Whether an event came after which the caller wants no more. */
  get heardEnough(): boolean {
    return this.#heardEnough;
  }

  /** Whether the handshake is done and nothing that the server may still say can spoil it. */
  get isSettled(): boolean {
    return this.awaitsVerdict && this.certificateAnswer === "not-asked";
  }

  emit(event: EngineEvent): void {
    this.#events.push(event);
    if (this.#until.has(event.kind)) this.#heardEnough = true;
  }

  /** Adds a message to the transcript and to the flight that the next `flush()` sends. */
  queue(message: Uint8Array): void {
    this.transcript.add(message);
    this.#flight.push(message);
  }

  /** Sends the flight in as few records as possible. `version` is that of an unprotected record's header. */
  flush(version: number = this.recordVersion): void {
    const flight = Buffer.concat(this.#flight);
    this.#flight = [];
    const { sent } = this.recordSizes;
    for (let at = 0; at < flight.length; at += sent)
      this.#send(ContentType.handshake, flight.subarray(at, at + sent), version);
  }

  sendChangeCipherSpec(): void {
    this.#output.push(changeCipherSpecRecord(this.recordVersion));
  }

  /** Protects everything that is sent from now on. */
  seal(sealer: Sealer): void {
    this.#sealer = sealer;
  }

  /** Reads everything from now on with other keys. @throws {Abort} when a message straddles the change */
  unseal(opener: Opener): void {
    if (this.messages.partial)
      throw new Abort(
        "unexpected-message",
        "unexpected_message",
        "A handshake message continues across a change of keys",
      );
    this.opener = opener;
  }

  sendAlert(name: AlertName): void {
    const level = name === "close_notify" ? 1 : 2;
    this.#send(ContentType.alert, Uint8Array.of(level, ALERTS[name]), this.recordVersion);
  }

  /** Takes note of who ends the conversation, before it is ended; the first to do so counts. */
  noteEnd(by: EndRecord["by"], how: EndRecord["how"]): void {
    this.#end ??= { by, how };
  }

  /** Ends well: says goodbye to the server. */
  complete(): void {
    this.noteEnd("client", "close-notify");
    this.sendAlert("close_notify");
    this.#emitEnd();
    this.emit({ kind: "complete" });
    this.#ended = true;
  }

  /** Ends before the end, with a goodbye to the server. */
  leave(): void {
    this.sendAlert("close_notify");
    this.fail(new Abort("cancelled", null, "Enough was heard"));
  }

  /** Ends badly, and tells the peer where there is something to tell. */
  fail({ code, alert, message }: Abort, firstBytes: Uint8Array | null = null): void {
    this.noteEnd("client", alert === null ? "closed" : "alert");
    if (alert !== null) {
      this.sendAlert(alert);
      this.emit({ kind: "alert", alert: alertRecord("sent", 2, ALERTS[alert]) });
    }
    this.#emitEnd();
    this.emit({ kind: "failed", failure: { code, message }, firstBytes });
    this.#ended = true;
  }

  /** Hands over what has happened since the last call. */
  drain(): { readonly output: readonly Uint8Array[]; readonly events: readonly EngineEvent[] } {
    const drained = { output: this.#output, events: this.#events };
    this.#output = [];
    this.#events = [];
    return drained;
  }

  #emitEnd(): void {
    if (this.#end !== null) this.emit({ kind: "end", ...this.#end });
  }

  #send(type: number, content: Uint8Array, version: number): void {
    this.#output.push(this.#sealer?.(type, content) ?? plainRecord(type, content, version));
  }
}

/** The failure that something thrown over a message stands for. @throws what is no mistake of the peer */
export function abortOf({ type }: HandshakeMessage, error: unknown): Abort {
  if (error instanceof Abort) return error;
  if (!(error instanceof DecodeError)) throw error;
  return new Abort(
    "malformed-message",
    "decode_error",
    `Malformed ${handshakeTypeName(type)}: ${error.message}`,
  );
}

/** The failure for a message that may not come at this point. */
export function unexpected(type: number, expected: string): Abort {
  return new Abort(
    "unexpected-message",
    "unexpected_message",
    `Server sent ${handshakeTypeName(type)} where ${expected} was expected`,
  );
}

/** The failure for a parameter that the server may not choose. */
export function illegal(message: string): Abort {
  return new Abort("parameter-unsupported", "illegal_parameter", message);
}
