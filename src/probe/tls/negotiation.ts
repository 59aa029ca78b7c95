import { Abort } from "./abort.ts";
import { decodeTimestamps } from "./certificate-message.ts";
import { encodeClientHello, type SharedKey } from "./client-hello.ts";
import type { ClientOptions } from "./client-options.ts";
import { type Conversation, type Flow, unexpected } from "./conversation.ts";
import { type Entropy, FRESH } from "./entropy.ts";
import { extensionRecords, ExtensionType } from "./extensions.ts";
import { Flow12 } from "./flow-12.ts";
import { Flow13 } from "./flow-13.ts";
import { type Group, shareableGroup } from "./groups.ts";
import { HandshakeType, type HandshakeMessage } from "./handshake-type.ts";
import { type HelloShape, WIDE_HELLO } from "./hello-shape.ts";
import type { KeyShare } from "./key-agreement.ts";
import { LIMITS } from "./limits.ts";
import { accept12 } from "./negotiation-12.ts";
import { acceptHello13, acceptRetry, type Offer13, type Retry } from "./negotiation-13.ts";
import { bindPreSharedKey } from "./pre-shared-key.ts";
import { agreeOnRecordSizes } from "./record-size.ts";
import { salvageFlow12 } from "./salvage-flow-12.ts";
import { serverHelloRecord } from "./server-hello-record.ts";
import { decodeServerHello, type ServerHello } from "./server-hello.ts";
import type { Session } from "./sessions.ts";
import { Version, versionName } from "./versions.ts";

/** The hellos of both sides: offers, follows a retry once, and hands over to the flow of the version. */
export class Negotiation implements Flow {
  readonly readsPastWarnings = true;
  readonly #shape: HelloShape;
  readonly #entropy: Entropy;
  readonly #serverName: string | null;
  readonly #alpn: readonly string[];
  #resume: Session | null;
  #conversation: Conversation | null = null;
  #random: Uint8Array = new Uint8Array();
  #sessionId: Uint8Array = new Uint8Array();
  #keyShares: readonly KeyShare[] = [];
  #retry: Retry | null = null;
  #compatibilityRecords = 0;

  constructor({
    shape = WIDE_HELLO,
    entropy = FRESH,
    serverName = null,
    alpn,
    resume,
  }: ClientOptions) {
    this.#shape = shape;
    this.#resume = resume ?? null;
    this.#entropy = entropy;
    this.#serverName = serverName;
    this.#alpn = alpn ?? shape.alpn;
  }

  /** Sends the first ClientHello. */
  start(conversation: Conversation): void {
    this.#conversation = conversation;
    const random = this.#entropy.random(32 + this.#shape.sessionIdLength);
    this.#random = random.subarray(0, 32);
    this.#sessionId =
      this.#resume?.kind === "identifier" ? this.#resume.identifier : random.subarray(32);
    this.#keyShares = this.#shape.keyShares.flatMap((share) => {
      const group = typeof share === "number" ? shareableGroup(share) : undefined;
      return group === undefined ? [] : [this.#entropy.keyShare(group)];
    });
    this.#sendHello(conversation, this.#firstShares(), null, this.#shape.recordVersion);
  }

  handshake(message: HandshakeMessage): void {
    const conversation = this.#conversation;
    if (message.type === HandshakeType.helloRequest && message.body.length === 0) return;
    if (conversation === null || message.type !== HandshakeType.serverHello)
      throw unexpected(message.type, "ServerHello");
    const hello = decodeServerHello(message.body);
    if (hello.retry) this.#followRetry(conversation, hello, message);
    else this.#hello(conversation, hello, message);
  }

  changeCipherSpec(): void {
    if (this.#retry === null || ++this.#compatibilityRecords > LIMITS.compatibilityRecords)
      throw new Abort(
        "unexpected-message",
        "unexpected_message",
        "Server sent ChangeCipherSpec before ServerHello",
      );
  }

  applicationData(): void {
    throw new Abort(
      "unexpected-message",
      "unexpected_message",
      "Server sent application data before ServerHello",
    );
  }

  /** The shares of the shape in its order, those made for this conversation and those that are literal. */
  #firstShares(): readonly SharedKey[] {
    const made = [...this.#keyShares];
    return this.#shape.keyShares.flatMap((share): readonly SharedKey[] => {
      if (typeof share !== "number")
        return [{ group: share.group, publicKey: Buffer.from(share.body, "hex") }];
      return shareableGroup(share) === undefined ? [] : made.splice(0, 1).map(sharedKey);
    });
  }

  #sendHello(
    conversation: Conversation,
    keyShares: readonly SharedKey[],
    cookie: Uint8Array | null,
    version: number,
  ): void {
    const hello = encodeClientHello(this.#shape, {
      random: this.#random,
      sessionId: this.#sessionId,
      keyShares,
      serverName: this.#serverName,
      alpn: this.#alpn,
      cookie,
      resume: this.#resume,
    });
    if (this.#resume?.kind === "pre-shared-key") bindPreSharedKey(hello, this.#resume);
    conversation.queue(hello);
    conversation.flush(version);
  }

  get #offer(): Offer13 {
    return { shape: this.#shape, sessionId: this.#sessionId, keyShares: this.#keyShares };
  }

  /** Whether dummy records hide the change of keys from middleboxes (RFC 8446 appendix D.4). */
  get #compatible(): boolean {
    return this.#sessionId.length > 0;
  }

  /** Says hello a second time, as a HelloRetryRequest asks (RFC 8446 sections 4.1.2 and 4.1.4). */
  #followRetry(conversation: Conversation, hello: ServerHello, { bytes }: HandshakeMessage): void {
    const extensions = extensionRecords(hello.extensions, "HelloRetryRequest");
    conversation.emit({ kind: "extensions", extensions });
    if (this.#retry !== null)
      throw new Abort(
        "unexpected-message",
        "unexpected_message",
        "Server sent a second HelloRetryRequest",
      );
    const retry = acceptRetry(hello, this.#offer);
    const { suite, group, cookie } = retry;
    this.#retry = retry;
    conversation.emit({
      kind: "retry",
      retry: { group: group?.name ?? null, cookieLength: cookie?.length ?? null },
    });
    // A second hello would need another binder.
    this.#resume = null;
    conversation.transcript.restart(suite.hash);
    conversation.transcript.add(bytes);
    if (this.#compatible) conversation.sendChangeCipherSpec();
    const shares = group === null ? this.#firstShares() : this.#wantedShare(group);
    this.#sendHello(conversation, shares, cookie, Version.tls12);
  }

  #wantedShare(group: Group): readonly SharedKey[] {
    this.#giveBackShares(null);
    this.#keyShares = [this.#entropy.keyShare(group)];
    return this.#keyShares.map(sharedKey);
  }

  #hello(conversation: Conversation, hello: ServerHello, message: HandshakeMessage): void {
    conversation.emit({ kind: "hello", version: versionName(hello.version) });
    conversation.emit({ kind: "server-hello", hello: serverHelloRecord(hello, this.#sessionId) });
    const extensions = extensionRecords(hello.extensions, "ServerHello");
    if (extensions.length > 0) conversation.emit({ kind: "extensions", extensions });
    const timestamps = decodeTimestamps(
      hello.extensions.get(ExtensionType.signedCertificateTimestamp),
    );
    if (timestamps.length > 0) conversation.emit({ kind: "timestamps", timestamps });
    if (hello.version === Version.tls13 && hello.versionExtension)
      this.#hello13(conversation, hello, message);
    else this.#helloBefore13(conversation, hello, message);
  }

  #hello13(conversation: Conversation, hello: ServerHello, { bytes }: HandshakeMessage): void {
    const { suite, secret, group } = acceptHello13(conversation, hello, this.#offer, this.#retry);
    this.#giveBackShares(group);
    conversation.transcript.add(bytes);
    conversation.transcript.begin(suite.hash);
    const announcesKeys = this.#compatible && this.#retry === null;
    conversation.flow = new Flow13(conversation, this.#shape, { suite, secret, announcesKeys });
  }

  /** Nothing was agreed with the shares of other groups than the one that was chosen. */
  #giveBackShares(chosen: Group | null): void {
    for (const share of this.#keyShares)
      if (share.group !== chosen) this.#entropy.giveBack?.(share);
  }

  /**
   * TLS 1.2 and older. A hello that cannot be followed is not the end: the certificate comes next and in
   * the clear, so it is recorded before the conversation fails.
   */
  #helloBefore13(
    conversation: Conversation,
    hello: ServerHello,
    { bytes }: HandshakeMessage,
  ): void {
    this.#giveBackShares(null);
    conversation.transcript.add(bytes);
    if (hello.version < Version.tls12) conversation.recordVersion = hello.version;
    try {
      if (this.#retry !== null)
        throw new Abort(
          "version-unsupported",
          "illegal_parameter",
          `Server selected ${versionName(hello.version)} after its HelloRetryRequest for TLSv1.3`,
        );
      const parameters = accept12(conversation, hello, this.#shape, this.#random);
      agreeOnRecordSizes(conversation, hello.extensions, this.#shape, false);
      conversation.transcript.begin(parameters.hash);
      conversation.flow = new Flow12(conversation, this.#shape, this.#entropy, parameters);
    } catch (error) {
      if (!(error instanceof Abort)) throw error;
      conversation.flow = salvageFlow12(conversation, hello, error);
    }
  }
}

function sharedKey({ group, publicKey }: KeyShare): SharedKey {
  return { group: group.code, publicKey };
}
