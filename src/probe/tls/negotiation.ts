import { Abort } from "./abort.ts";
import { cipherSuiteName } from "./cipher-suite-names.ts";
import { type CipherSuite12, cipherSuite12 } from "./cipher-suites-12.ts";
import { type CipherSuite13, cipherSuite13 } from "./cipher-suites-13.ts";
import { encodeClientHello } from "./client-hello.ts";
import type { ClientOptions } from "./client-options.ts";
import { type Conversation, type Flow, illegal, unexpected } from "./conversation.ts";
import { Cursor } from "./cursor.ts";
import { type Entropy, FRESH } from "./entropy.ts";
import { ExtensionType } from "./extensions.ts";
import { Flow12 } from "./flow-12.ts";
import { Flow13 } from "./flow-13.ts";
import { groupByCode } from "./groups.ts";
import { HandshakeType, type HandshakeMessage } from "./handshake-type.ts";
import { type HelloShape, WIDE_HELLO } from "./hello-shape.ts";
import type { KeyShare } from "./key-agreement.ts";
import { keyExchangeRecord } from "./key-exchange-record.ts";
import { LIMITS } from "./limits.ts";
import { SalvageFlow } from "./salvage-flow.ts";
import {
  decodeAlpn,
  decodeCookie,
  decodeKeyShare,
  decodeRetryGroup,
  decodeServerHello,
  saysDowngraded,
  type ServerHello,
  unsolicited,
} from "./server-hello.ts";
import { hex16, Version, versionName } from "./versions.ts";

/** The hellos of both sides: offers, follows a retry once, and hands over to the flow of the version. */
export class Negotiation implements Flow {
  readonly readsPastWarnings = true;
  readonly #shape: HelloShape;
  readonly #entropy: Entropy;
  readonly #serverName: string | null;
  readonly #alpn: readonly string[];
  #conversation: Conversation | null = null;
  #random: Uint8Array = new Uint8Array();
  #sessionId: Uint8Array = new Uint8Array();
  #keyShares: readonly KeyShare[] = [];
  #retried: CipherSuite13 | null = null;
  #compatibilityRecords = 0;

  constructor({
    shape = WIDE_HELLO,
    entropy = FRESH,
    serverName = null,
    alpn = [],
  }: ClientOptions) {
    this.#shape = shape;
    this.#entropy = entropy;
    this.#serverName = serverName;
    this.#alpn = alpn;
  }

  /** Sends the first ClientHello. */
  start(conversation: Conversation): void {
    this.#conversation = conversation;
    const random = this.#entropy.random(64);
    this.#random = random.subarray(0, 32);
    this.#sessionId = random.subarray(32);
    this.#keyShares = this.#shape.keyShares.flatMap((code) => {
      const group = groupByCode(code);
      return group === undefined ? [] : [this.#entropy.keyShare(group)];
    });
    this.#sendHello(conversation, null, Version.tls10);
  }

  handshake(message: HandshakeMessage): void {
    const conversation = this.#conversation;
    if (conversation === null || message.type !== HandshakeType.serverHello)
      throw unexpected(message.type, "ServerHello");
    const hello = decodeServerHello(message.body);
    if (hello.retry) this.#retry(conversation, hello, message);
    else this.#hello(conversation, hello, message);
  }

  changeCipherSpec(): void {
    if (this.#retried === null || ++this.#compatibilityRecords > LIMITS.compatibilityRecords)
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

  #sendHello(conversation: Conversation, cookie: Uint8Array | null, version: number): void {
    conversation.queue(
      encodeClientHello({
        shape: this.#shape,
        random: this.#random,
        sessionId: this.#sessionId,
        keyShares: this.#keyShares,
        serverName: this.#serverName,
        alpn: this.#alpn,
        cookie,
      }),
    );
    conversation.flush(version);
  }

  /** Follows a HelloRetryRequest (RFC 8446 section 4.1.4). */
  #retry(conversation: Conversation, hello: ServerHello, { bytes }: HandshakeMessage): void {
    if (this.#retried !== null)
      throw new Abort(
        "unexpected-message",
        "unexpected_message",
        "Server sent a second HelloRetryRequest",
      );
    const suite = this.#accept13(hello);
    const wanted = hello.extensions.get(ExtensionType.keyShare);
    const cookie = hello.extensions.get(ExtensionType.cookie);
    if (wanted === undefined && cookie === undefined)
      throw illegal("Server's HelloRetryRequest asks for no change");
    const group = wanted === undefined ? null : this.#retryGroup(decodeRetryGroup(wanted));
    const cookieLength = cookie === undefined ? null : decodeCookie(cookie).length;
    conversation.emit({ kind: "retry", retry: { group: group?.name ?? null, cookieLength } });
    if (group !== null) this.#keyShares = [this.#entropy.keyShare(group)];
    this.#retried = suite;
    conversation.transcript.restart(suite.hash);
    conversation.transcript.add(bytes);
    conversation.sendChangeCipherSpec();
    this.#sendHello(
      conversation,
      cookie === undefined ? null : decodeCookie(cookie),
      Version.tls12,
    );
  }

  #retryGroup(code: number) {
    const group = this.#shape.groups.includes(code) ? groupByCode(code) : undefined;
    if (group === undefined || this.#keyShares.some((share) => share.group === group))
      throw illegal(
        `Server's HelloRetryRequest asks for group ${hex16(code)}, which was not offered or whose share it had`,
      );
    return group;
  }

  #hello(conversation: Conversation, hello: ServerHello, message: HandshakeMessage): void {
    conversation.emit({ kind: "hello", version: versionName(hello.version) });
    if (hello.version === Version.tls13 && hello.versionExtension)
      this.#hello13(conversation, hello, message);
    else this.#helloBefore13(conversation, hello, message);
  }

  #hello13(conversation: Conversation, hello: ServerHello, { bytes }: HandshakeMessage): void {
    const suite = this.#accept13(hello);
    if (this.#retried !== null && this.#retried !== suite)
      throw illegal(
        `Server changed from ${this.#retried.name} to ${suite.name} after its HelloRetryRequest`,
      );
    conversation.emit({ kind: "cipher-suite", name: suite.name });
    const extension = hello.extensions.get(ExtensionType.keyShare);
    if (extension === undefined)
      throw new Abort("parameter-unsupported", "missing_extension", "Server sent no key share");
    const { group, publicKey } = decodeKeyShare(extension);
    const share = this.#keyShares.find((candidate) => candidate.group.code === group);
    if (share === undefined)
      throw illegal(`Server sent a key share for group ${hex16(group)}, which it was not offered`);
    conversation.emit({ kind: "key-exchange", keyExchange: keyExchangeRecord(share.group) });
    const shared = share.agree(publicKey);
    if (shared === null)
      throw new Abort(
        "malformed-message",
        "illegal_parameter",
        `Server's key share is not a point of ${share.group.name}`,
      );
    conversation.transcript.add(bytes);
    conversation.transcript.begin(suite.hash);
    conversation.flow = new Flow13(conversation, this.#shape, suite, shared);
  }

  /** What a TLS 1.3 ServerHello and a HelloRetryRequest must both keep to. */
  #accept13(hello: ServerHello): CipherSuite13 {
    if (!hello.versionExtension || !this.#shape.versions.includes(hello.version))
      throw new Abort(
        "version-unsupported",
        "protocol_version",
        `Server selected ${versionName(hello.version)}, which was not offered`,
      );
    if (!Buffer.from(this.#sessionId).equals(hello.sessionId))
      throw illegal("Server did not echo the session identifier");
    this.#refuseUnsolicited(hello);
    const suite = cipherSuite13(this.#offeredSuite(hello));
    if (suite === undefined) throw wrongSuite(hello);
    return suite;
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
    conversation.transcript.add(bytes);
    try {
      const suite = this.#accept12(conversation, hello);
      conversation.transcript.begin(suite.hash);
      conversation.flow = new Flow12(conversation, this.#shape, this.#entropy, {
        suite,
        randoms: { client: this.#random, server: hello.random },
        extendedMasterSecret: hello.extensions.has(ExtensionType.extendedMasterSecret),
      });
    } catch (error) {
      if (!(error instanceof Abort)) throw error;
      conversation.flow = new SalvageFlow(conversation, error);
    }
  }

  #accept12(conversation: Conversation, hello: ServerHello): CipherSuite12 {
    if (hello.version !== Version.tls12 || hello.versionExtension || this.#retried !== null)
      throw new Abort(
        "version-unsupported",
        "protocol_version",
        `Server selected ${versionName(hello.version)}, which was not offered`,
      );
    if (this.#shape.versions.includes(Version.tls13) && saysDowngraded(hello.random))
      throw new Abort(
        "version-unsupported",
        "illegal_parameter",
        "Server speaks TLSv1.3 but was talked down to TLSv1.2 on the way (RFC 8446 section 4.1.3)",
      );
    this.#refuseUnsolicited(hello);
    const suite = this.#suite12(conversation, hello);
    const alpn = hello.extensions.get(ExtensionType.alpn);
    if (alpn !== undefined) conversation.emit({ kind: "alpn", protocol: decodeAlpn(alpn) });
    const renegotiation = hello.extensions.get(ExtensionType.renegotiationInfo);
    if (renegotiation !== undefined) {
      const cursor = new Cursor(renegotiation);
      if (cursor.vector8("renegotiation_info").length > 0)
        throw illegal("Server's renegotiation_info is not empty in a first handshake");
      cursor.finish("renegotiation_info");
    }
    return suite;
  }

  /** The chosen suite, which is reported even where the engine cannot go on with it. */
  #suite12(conversation: Conversation, hello: ServerHello): CipherSuite12 {
    const code = this.#offeredSuite(hello);
    const suite = cipherSuite12(code);
    conversation.emit({ kind: "cipher-suite", name: cipherSuiteName(code) });
    if (suite === undefined) throw wrongSuite(hello);
    const { firstVersion, lastVersion } = "because" in suite ? suite.facts : suite;
    if (hello.version < firstVersion || hello.version > lastVersion) throw wrongSuite(hello);
    if (!("because" in suite)) return suite;
    throw new Abort(
      "parameter-unsupported",
      "handshake_failure",
      `Server chose ${suite.facts.name}, which is not completed because ${suite.because}`,
    );
  }

  #offeredSuite(hello: ServerHello): number {
    if (!this.#shape.cipherSuites.includes(hello.cipherSuite)) throw wrongSuite(hello);
    return hello.cipherSuite;
  }

  #refuseUnsolicited({ extensions }: ServerHello): void {
    const stranger = unsolicited(extensions, this.#shape.extensions);
    if (stranger !== undefined)
      throw new Abort(
        "parameter-unsupported",
        "unsupported_extension",
        `Server answered extension ${stranger}, which was not offered`,
      );
  }
}

function wrongSuite({ cipherSuite, version }: ServerHello): Abort {
  return illegal(
    `Server chose cipher suite ${cipherSuiteName(cipherSuite)}, which was not offered for ${versionName(version)}`,
  );
}
