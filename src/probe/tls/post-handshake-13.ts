import { Abort } from "./abort.ts";
import type { CipherSuite13 } from "./cipher-suites-13.ts";
import { type Conversation, illegal, unexpected } from "./conversation.ts";
import { Cursor } from "./cursor.ts";
import { extensionRecords } from "./extensions.ts";
import { HandshakeType, type HandshakeMessage } from "./handshake-type.ts";
import {
  nextSecret13,
  ticketKey13,
  trafficKeys13,
  type TrafficSecrets,
} from "./key-schedule-13.ts";
import { LIMITS } from "./limits.ts";
import { decodeNewSessionTicket13 } from "./new-session-ticket.ts";
import { opener13, sealer13 } from "./record-protection-13.ts";

/** Values of a KeyUpdate (RFC 8446 section 4.6.3). */
const KeyUpdateRequest = { notRequested: 0, requested: 1 } as const;

/** What a TLS 1.3 server says after the handshake: tickets and new keys. */
export class PostHandshake13 {
  readonly #conversation: Conversation;
  readonly #suite: CipherSuite13;
  #secrets: TrafficSecrets;
  readonly #resumption: Uint8Array | null;
  #tickets = 0;
  #keyUpdates = 0;

  /**
   * `secrets` are those of application data; reads with the server's one from now on. `resumption` is the secret
   * behind tickets, null where nobody wants them.
   */
  constructor(
    conversation: Conversation,
    suite: CipherSuite13,
    secrets: TrafficSecrets,
    resumption: Uint8Array | null = null,
  ) {
    this.#conversation = conversation;
    this.#suite = suite;
    this.#secrets = secrets;
    this.#resumption = resumption;
    conversation.unseal(opener13(trafficKeys13(suite, secrets.server)));
  }

  /** Takes a message. @throws {Abort} @throws {DecodeError} */
  handshake(message: HandshakeMessage): void {
    switch (message.type) {
      case HandshakeType.newSessionTicket:
        this.#ticket(message);
        return;
      case HandshakeType.keyUpdate:
        this.#keyUpdate(message);
        return;
      default:
        throw unexpected(message.type, "NewSessionTicket or KeyUpdate");
    }
  }

  #ticket({ body }: HandshakeMessage): void {
    if (++this.#tickets > LIMITS.tickets)
      throw new Abort(
        "limit-exceeded",
        "unexpected_message",
        `Server sent more than ${LIMITS.tickets} session tickets`,
      );
    const { ticket, extensions, nonce, identity, ageSummand } = decodeNewSessionTicket13(body);
    const { hash } = this.#suite;
    if (this.#resumption !== null)
      this.#conversation.sessions?.keep({
        kind: "pre-shared-key",
        hash,
        key: ticketKey13(hash, this.#resumption, nonce),
        identity,
        ageSummand,
      });
    this.#conversation.emit({ kind: "ticket", ticket });
    if (extensions.size > 0)
      this.#conversation.emit({
        kind: "extensions",
        extensions: extensionRecords(extensions, "NewSessionTicket"),
      });
  }

  /** The server writes with its next keys from here on, and may ask that we do as well. */
  #keyUpdate({ body }: HandshakeMessage): void {
    if (++this.#keyUpdates > LIMITS.keyUpdates)
      throw new Abort(
        "limit-exceeded",
        "unexpected_message",
        `Server changed its keys more than ${LIMITS.keyUpdates} times`,
      );
    const cursor = new Cursor(body);
    const request = cursor.uint8("KeyUpdate request");
    cursor.finish("KeyUpdate");
    if (request > KeyUpdateRequest.requested)
      throw illegal(`Server's KeyUpdate asks for ${request} instead of 0 or 1`);
    const conversation = this.#conversation;
    const { hash } = this.#suite;
    const server = nextSecret13(hash, this.#secrets.server);
    conversation.unseal(opener13(trafficKeys13(this.#suite, server)));
    this.#secrets = { ...this.#secrets, server };
    if (request === KeyUpdateRequest.requested) this.#updateOwnKeys();
  }

  #updateOwnKeys(): void {
    const conversation = this.#conversation;
    const client = nextSecret13(this.#suite.hash, this.#secrets.client);
    conversation.queue(
      Uint8Array.of(HandshakeType.keyUpdate, 0, 0, 1, KeyUpdateRequest.notRequested),
    );
    conversation.flush();
    conversation.seal(sealer13(trafficKeys13(this.#suite, client)));
    this.#secrets = { ...this.#secrets, client };
  }
}
