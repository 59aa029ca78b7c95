import { timingSafeEqual } from "node:crypto";
import { Abort } from "./abort.ts";
import { decodeCertificate12, decodeCertificateStatus } from "./certificate-message.ts";
import { type CertificateRequest, decodeCertificateRequest12 } from "./certificate-request.ts";
import type { CipherSuite12 } from "./cipher-suites-12.ts";
import { answerRequest, requestRecord, type SentCertificate } from "./client-authentication.ts";
import { type Conversation, type Flow, illegal, unexpected } from "./conversation.ts";
import type { Entropy } from "./entropy.ts";
import { groupByCode } from "./groups.ts";
import { HandshakeType, type HandshakeMessage } from "./handshake-type.ts";
import type { HelloShape } from "./hello-shape.ts";
import { keyExchangeRecord } from "./key-exchange-record.ts";
import {
  directionKeys,
  extendedMasterSecret,
  masterSecret,
  type Randoms,
  verifyData12,
} from "./key-schedule-12.ts";
import type { Opener } from "./record-protection.ts";
import { protectors12 } from "./record-protection-12.ts";
import { checkProof, leafKey, recordCertificates } from "./server-certificate.ts";
import {
  decodeServerKeyExchange,
  encodeCertificateVerify,
  encodeClientKeyExchange,
  encodeFinished,
  type ServerKeyExchange,
} from "./signed-messages.ts";
import { makeSignature, type SigningKey } from "./signatures.ts";
import { hex16, Version } from "./versions.ts";

type State =
  | "certificate"
  | "key-exchange"
  | "request-or-done"
  | "done"
  | "change-cipher-spec"
  | "finished";

/** What ServerHello settled for TLS 1.2. */
export interface Parameters12 {
  readonly suite: CipherSuite12;
  readonly randoms: Randoms;
  readonly extendedMasterSecret: boolean;
}

/** TLS 1.2 after ServerHello with an ECDHE suite (RFC 5246 section 7.4, RFC 8422, RFC 7627). */
export class Flow12 implements Flow {
  readonly readsPastWarnings = true;
  readonly #conversation: Conversation;
  readonly #shape: HelloShape;
  readonly #entropy: Entropy;
  readonly #parameters: Parameters12;
  #state: State = "certificate";
  #key: SigningKey | null = null;
  #exchange: ServerKeyExchange | null = null;
  #request: CertificateRequest | null = null;
  #master: Uint8Array = new Uint8Array();
  #opener: Opener | null = null;

  constructor(
    conversation: Conversation,
    shape: HelloShape,
    entropy: Entropy,
    parameters: Parameters12,
  ) {
    this.#conversation = conversation;
    this.#shape = shape;
    this.#entropy = entropy;
    this.#parameters = parameters;
  }

  handshake(message: HandshakeMessage): void {
    if (message.type === HandshakeType.helloRequest && message.body.length === 0) return;
    switch (this.#state) {
      case "certificate":
        this.#certificate(message);
        break;
      case "key-exchange":
        if (message.type === HandshakeType.certificateStatus) this.#certificateStatus(message);
        else this.#keyExchange(message);
        break;
      case "request-or-done":
        if (message.type === HandshakeType.certificateRequest) this.#certificateRequest(message);
        else this.#done(message);
        break;
      case "done":
        this.#done(message);
        break;
      case "change-cipher-spec":
        throw unexpected(message.type, "ChangeCipherSpec");
      case "finished":
        this.#finished(message);
        break;
    }
  }

  changeCipherSpec(): void {
    if (this.#state !== "change-cipher-spec" || this.#opener === null)
      throw new Abort(
        "unexpected-message",
        "unexpected_message",
        `Server sent ChangeCipherSpec while its ${this.#state} was awaited`,
      );
    this.#conversation.unseal(this.#opener);
    this.#state = "finished";
  }

  applicationData(): void {
    throw new Abort(
      "unexpected-message",
      "unexpected_message",
      "Server sent application data within the handshake",
    );
  }

  #certificate({ type, body, bytes }: HandshakeMessage): void {
    if (type !== HandshakeType.certificate) throw unexpected(type, "Certificate");
    const certificates = recordCertificates(this.#conversation, body, decodeCertificate12);
    this.#key = leafKey(this.#conversation, certificates);
    this.#conversation.transcript.add(bytes);
    this.#state = "key-exchange";
  }

  #certificateStatus({ body, bytes }: HandshakeMessage): void {
    const response = decodeCertificateStatus(body);
    if (response !== null) this.#conversation.emit({ kind: "ocsp-staple", response });
    this.#conversation.transcript.add(bytes);
  }

  #keyExchange({ type, body, bytes }: HandshakeMessage): void {
    if (type !== HandshakeType.serverKeyExchange || this.#key === null)
      throw unexpected(type, "ServerKeyExchange");
    const exchange = decodeServerKeyExchange(body);
    const { randoms, suite } = this.#parameters;
    const rsa = this.#key.type.startsWith("rsa");
    if (rsa !== (suite.authentication === "rsa"))
      throw illegal(
        `Server chose ${suite.name}, but its certificate holds a key of type ${this.#key.type}`,
      );
    checkProof(this.#conversation, {
      key: this.#key,
      signed: exchange,
      content: Buffer.concat([randoms.client, randoms.server, exchange.parameters]),
      tls13: false,
      offered: this.#shape.signatureSchemes,
    });
    this.#exchange = exchange;
    this.#conversation.transcript.add(bytes);
    this.#state = "request-or-done";
  }

  #certificateRequest({ body, bytes }: HandshakeMessage): void {
    this.#request = decodeCertificateRequest12(body);
    this.#conversation.emit({
      kind: "certificate-request",
      request: requestRecord(this.#request),
    });
    this.#conversation.transcript.add(bytes);
    this.#state = "done";
  }

  #done({ type, body, bytes }: HandshakeMessage): void {
    if (type !== HandshakeType.serverHelloDone || body.length > 0 || this.#exchange === null)
      throw unexpected(type, "ServerHelloDone");
    this.#conversation.transcript.add(bytes);
    this.#answer(this.#exchange);
  }

  /** Sends our flight: [Certificate,] ClientKeyExchange, [CertificateVerify,] ChangeCipherSpec, Finished. */
  #answer({ group: code, publicKey }: ServerKeyExchange): void {
    const conversation = this.#conversation;
    const group = this.#shape.groups.includes(code) ? groupByCode(code) : undefined;
    if (group === undefined)
      throw illegal(`Server chose group ${hex16(code)}, which was not offered`);
    conversation.emit({ kind: "key-exchange", keyExchange: keyExchangeRecord(group) });
    const share = this.#entropy.keyShare(group);
    const premaster = share.agree(publicKey);
    if (premaster === null)
      throw new Abort(
        "malformed-message",
        "illegal_parameter",
        `Server's public key is not a point of ${group.name}`,
      );
    const sent = this.#request === null ? null : answerRequest(conversation, this.#request, false);
    conversation.queue(encodeClientKeyExchange(share.publicKey));
    this.#deriveMaster(premaster);
    if (sent !== null) this.#prove(sent);
    conversation.flush();
    this.#changeKeys();
    const { hash } = this.#parameters.suite;
    conversation.queue(
      encodeFinished(verifyData12(hash, this.#master, "client", conversation.transcript.digest())),
    );
    conversation.flush();
    this.#state = "change-cipher-spec";
  }

  #deriveMaster(premaster: Uint8Array): void {
    const { suite, randoms, extendedMasterSecret: extended } = this.#parameters;
    this.#master = extended
      ? extendedMasterSecret(suite.hash, premaster, this.#conversation.transcript.digest())
      : masterSecret(suite.hash, premaster, randoms);
  }

  #prove({ certificate, scheme }: SentCertificate): void {
    const conversation = this.#conversation;
    const signature = makeSignature(scheme, certificate.key, conversation.transcript.bytes());
    if (signature === null)
      throw new Abort(
        "parameter-unsupported",
        "internal_error",
        `The client's key cannot sign with ${scheme.name}`,
      );
    conversation.queue(encodeCertificateVerify({ scheme: scheme.code, signature }));
  }

  #changeKeys(): void {
    const { suite, randoms } = this.#parameters;
    const keys = directionKeys(suite.hash, suite.protection, Version.tls12, this.#master, randoms);
    const form = { version: Version.tls12, encryptThenMac: false };
    const { opener, sealer } = protectors12(suite.protection, form, keys);
    this.#conversation.sendChangeCipherSpec();
    this.#conversation.seal(sealer);
    this.#opener = opener;
  }

  #finished({ type, body }: HandshakeMessage): void {
    if (type !== HandshakeType.finished) throw unexpected(type, "Finished");
    const conversation = this.#conversation;
    const { hash } = this.#parameters.suite;
    const expected = verifyData12(hash, this.#master, "server", conversation.transcript.digest());
    if (body.length !== expected.length || !timingSafeEqual(body, expected))
      throw new Abort("bad-finished", "decrypt_error", "Server's Finished does not verify");
    conversation.emit({ kind: "finished", awaitsVerdict: false });
    conversation.complete();
  }
}
