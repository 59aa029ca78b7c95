import type { HandshakeFailure } from "../handshake.ts";
import { Abort } from "./abort.ts";
import { alertFailure, hangUpFailure } from "./alert-verdict.ts";
import { ALERTS, alertRecord } from "./alerts.ts";
import type { ClientOptions } from "./client-options.ts";
import { abortOf, Conversation } from "./conversation.ts";
import type { EngineEvent } from "./events.ts";
import type { HandshakeMessage } from "./handshake-type.ts";
import { LIMITS } from "./limits.ts";
import { Negotiation } from "./negotiation.ts";
import { Opening } from "./opening.ts";
import { ContentType, type RawRecord, RecordReader } from "./record-reader.ts";

/** What one call brought about. */
export interface Step {
  /** Bytes for the peer; null when there are none. */
  readonly output: Uint8Array | null;
  readonly events: readonly EngineEvent[];
}

/**
 * A TLS 1.3 and 1.2 client without input or output: bytes in, bytes and events out. It has no socket and no
 * timer; whoever owns them calls `receive`, `hangUp`, `settle` and `stop`. Nothing that a peer sends makes
 * it throw, and after `complete` or `failed` it does nothing more.
 */
export class TlsClient {
  readonly #negotiation: Negotiation;
  readonly #conversation: Conversation;
  readonly #records = new RecordReader();
  readonly #opening = new Opening();
  #received = 0;
  #warnings = 0;
  #emptyRecords = 0;
  #recordCount = 0;
  #protectedRecords = 0;

  constructor(options: ClientOptions = {}) {
    this.#negotiation = new Negotiation(options);
    this.#conversation = new Conversation(options, this.#negotiation);
  }

  /** Whether the conversation is over. */
  get ended(): boolean {
    return this.#conversation.ended;
  }

  /** Whether the peer has begun a record or a message and not ended it: it is not silent, but slow. */
  get midMessage(): boolean {
    return this.#records.partial || this.#conversation.messages.partial;
  }

  /** Makes the ClientHello. */
  start(): Step {
    this.#negotiation.start(this.#conversation);
    return this.#step();
  }

  /** Takes bytes as they arrive, cut anywhere. Views of `chunk` may be kept until the conversation ends. */
  receive(chunk: Uint8Array): Step {
    if (this.#conversation.ended || chunk.length === 0) return this.#step();
    this.#received += chunk.length;
    this.#guard(() => {
      if (this.#opening.verdict !== "tls") this.#opening.add(chunk);
      if (this.#opening.conclusive) throw this.#foreign();
      if (this.#opening.verdict === "foreign") return;
      if (this.#received > LIMITS.totalBytes)
        throw new Abort(
          "limit-exceeded",
          "unexpected_message",
          `Server sent more than ${LIMITS.totalBytes} bytes without completing the handshake`,
        );
      this.#records.push(chunk);
      this.#readRecords();
    });
    return this.#step();
  }

  /** Takes note that the peer closed or reset the connection. */
  hangUp(how: "closed" | "reset"): Step {
    const conversation = this.#conversation;
    conversation.noteEnd("server", how);
    if (conversation.ended || !conversation.isSettled)
      return this.#end(() => hangUpFailure(how, conversation.certificateAnswer));
    conversation.complete();
    return this.#step();
  }

  /** Takes silence for consent after `finished` with `awaitsVerdict`. */
  settle(): Step {
    if (!this.#conversation.ended) this.#conversation.complete();
    return this.#step();
  }

  /** Ends the conversation for a reason from outside, such as a timeout; what is known better wins. */
  stop({ code, message }: HandshakeFailure): Step {
    this.#conversation.noteEnd("client", "abandoned");
    return this.#end(() => new Abort(code, null, message));
  }

  #end(reason: () => Abort): Step {
    const conversation = this.#conversation;
    if (conversation.ended) return this.#step();
    if (this.#opening.verdict === "foreign")
      conversation.fail(this.#foreign(), this.#opening.firstBytes);
    else {
      const { code, message } = conversation.doom ?? reason();
      conversation.fail(new Abort(code, null, message));
    }
    return this.#step();
  }

  #foreign(): Abort {
    return new Abort("not-tls", null, this.#opening.describe());
  }

  #readRecords(): void {
    while (!this.#conversation.ended) {
      const record = this.#records.next();
      if (record === null) return;
      this.#record(record);
    }
  }

  #record(record: RawRecord): void {
    const { flow, opener, messages } = this.#conversation;
    if (++this.#recordCount > LIMITS.records)
      throw new Abort(
        "limit-exceeded",
        "unexpected_message",
        `Server sent more than ${LIMITS.records} records`,
      );
    if (record.type === ContentType.changeCipherSpec) {
      if (record.fragment.length !== 1 || record.fragment[0] !== 1 || messages.partial)
        throw new Abort(
          "unexpected-message",
          "unexpected_message",
          "Server sent a ChangeCipherSpec that is malformed or out of place",
        );
      flow.changeCipherSpec();
      return;
    }
    if (opener === null || this.#isPlainAlert(record)) {
      this.#content(record.type, record.fragment);
      return;
    }
    const { type, content } = opener(record);
    this.#protectedRecords++;
    this.#content(type, content);
  }

  /** A server that cannot use its keys yet says so in the clear, and is worth being heard. */
  #isPlainAlert({ type, fragment }: RawRecord): boolean {
    return type === ContentType.alert && fragment.length === 2 && this.#protectedRecords === 0;
  }

  #content(type: number, content: Uint8Array): void {
    const { flow, messages, recordSizes } = this.#conversation;
    if (content.length > recordSizes.received)
      throw new Abort(
        "bad-record",
        "record_overflow",
        `Record holds ${content.length} bytes; at most ${recordSizes.received} were agreed on`,
      );
    if (content.length === 0 && ++this.#emptyRecords > LIMITS.emptyRecords)
      throw new Abort(
        "limit-exceeded",
        "unexpected_message",
        `Server sent more than ${LIMITS.emptyRecords} empty records`,
      );
    switch (type) {
      case ContentType.alert:
        this.#alert(content);
        return;
      case ContentType.handshake:
        messages.push(content);
        this.#readMessages();
        return;
      case ContentType.applicationData:
        flow.applicationData();
        return;
      default:
        throw new Abort(
          "unexpected-message",
          "unexpected_message",
          `Server sent a protected record of content type ${type}`,
        );
    }
  }

  #readMessages(): void {
    const conversation = this.#conversation;
    while (!conversation.ended) {
      const message = conversation.messages.next();
      if (message === null) return;
      this.#message(message);
      if (conversation.heardEnough && !conversation.ended) conversation.leave();
    }
  }

  #message(message: HandshakeMessage): void {
    try {
      this.#conversation.flow.handshake(message);
    } catch (error) {
      throw abortOf(message, error);
    }
  }

  #alert(content: Uint8Array): void {
    const [level, code] = content;
    if (level === undefined || code === undefined || content.length !== 2)
      throw new Abort(
        "malformed-message",
        "decode_error",
        `Alert record holds ${content.length} bytes instead of 2`,
      );
    const conversation = this.#conversation;
    const alert = alertRecord("received", level, code);
    conversation.emit({ kind: "alert", alert });
    if (code === ALERTS.close_notify) {
      this.#goodbye();
      return;
    }
    const readPast =
      code === ALERTS.user_canceled ||
      (alert.level === "warning" && conversation.flow.readsPastWarnings);
    if (!readPast) {
      conversation.noteEnd("server", "alert");
      throw conversation.doom ?? alertFailure(alert, conversation.certificateAnswer);
    }
    if (conversation.messages.partial)
      throw new Abort(
        "unexpected-message",
        "unexpected_message",
        `Server sent a warning (${alert.description}) within a handshake message`,
      );
    if (++this.#warnings > LIMITS.warnings)
      throw new Abort(
        "limit-exceeded",
        "unexpected_message",
        `Server sent more than ${LIMITS.warnings} warnings`,
      );
  }

  /** An orderly end is consent where only the server's verdict was awaited, and a failure anywhere else. */
  #goodbye(): void {
    const conversation = this.#conversation;
    conversation.noteEnd("server", "close-notify");
    if (conversation.awaitsVerdict) conversation.complete();
    else throw conversation.doom ?? hangUpFailure("closed", conversation.certificateAnswer);
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof Abort)) throw error;
      const foreign = error.code === "not-tls" ? this.#opening.firstBytes : null;
      this.#conversation.fail(error, foreign);
    }
  }

  #step(): Step {
    const { output, events } = this.#conversation.drain();
    const [first] = output;
    if (first === undefined) return { output: null, events };
    return { output: output.length === 1 ? first : Buffer.concat(output), events };
  }
}
