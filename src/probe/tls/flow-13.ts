import { timingSafeEqual } from "node:crypto";
import { Abort } from "./abort.ts";
import { decodeCertificate13 } from "./certificate-message.ts";
import {
  type CertificateRequest,
  decodeCertificateRequest13,
  requestExtensions13,
} from "./certificate-request.ts";
import type { CipherSuite13 } from "./cipher-suites-13.ts";
import { answerRequest, requestRecord } from "./client-authentication.ts";
import { expandCertificate } from "./compressed-certificate.ts";
import { abortOf, type Conversation, type Flow, unexpected } from "./conversation.ts";
import { Cursor } from "./cursor.ts";
import { checkAnswers } from "./extension-answers.ts";
import { extensionRecords, ExtensionType, readExtensions } from "./extensions.ts";
import { HandshakeType, type HandshakeMessage } from "./handshake-type.ts";
import { type HelloShape, offeredExtensions } from "./hello-shape.ts";
import {
  applicationSecrets,
  handshakeSecrets,
  type HandshakeSecrets,
  resumptionSecret,
  trafficKeys13,
  verifyData13,
} from "./key-schedule-13.ts";
import { LIMITS } from "./limits.ts";
import type { Agreement13 } from "./negotiation-13.ts";
import { salvageFlow13 } from "./salvage-flow-13.ts";
import { PostHandshake13 } from "./post-handshake-13.ts";
import { opener13, sealer13 } from "./record-protection-13.ts";
import { agreeOnRecordSizes } from "./record-size.ts";
import { checkProof, leafKey, recordCertificates } from "./server-certificate.ts";
import { decodeAlpn } from "./server-hello.ts";
import {
  decodeCertificateVerify,
  encodeCertificateVerify,
  encodeFinished,
} from "./signed-messages.ts";
import { makeSignature, signedContent13, type SigningKey } from "./signatures.ts";

type State =
  | "encrypted-extensions"
  | "request-or-certificate"
  | "certificate"
  | "certificate-verify"
  | "finished";

/** What both hellos settled for TLS 1.3. */
export interface Parameters13 extends Omit<Agreement13, "group"> {
  /** Whether a dummy ChangeCipherSpec is still to come before our flight (RFC 8446 appendix D.4). */
  readonly announcesKeys: boolean;
}

/** TLS 1.3 after ServerHello (RFC 8446 section 4.3 onwards), with certificates and without resumption. */
export class Flow13 implements Flow {
  readonly readsPastWarnings = false;
  readonly #conversation: Conversation;
  readonly #shape: HelloShape;
  readonly #suite: CipherSuite13;
  readonly #announcesKeys: boolean;
  readonly #secrets: HandshakeSecrets;
  #state: State = "encrypted-extensions";
  #request: CertificateRequest | null = null;
  #key: SigningKey | null = null;
  #after: PostHandshake13 | null = null;
  #compatibilityRecords = 0;

  /** The transcript ends with ServerHello. */
  constructor(
    conversation: Conversation,
    shape: HelloShape,
    { suite, secret, announcesKeys }: Parameters13,
  ) {
    this.#conversation = conversation;
    this.#shape = shape;
    this.#suite = suite;
    this.#announcesKeys = announcesKeys;
    this.#secrets = handshakeSecrets(suite.hash, secret, conversation.transcript.digest());
    conversation.unseal(opener13(trafficKeys13(suite, this.#secrets.server)));
  }

  /**
   * After our Finished the server's verdict on the client may be awaited. A ticket is none: it comes from a TLS
   * library that has accepted the client, and the application behind it may still refuse, as gateways do.
   */
  handshake(message: HandshakeMessage): void {
    if (this.#after !== null) {
      this.#after.handshake(message);
      return;
    }
    try {
      this.#take(message);
    } catch (error) {
      this.#salvage(message, error);
    }
  }

  /**
   * A mistake in front of the certificate is not the end: the certificate comes in the same flight, so it is
   * recorded before the conversation fails.
   */
  #salvage(message: HandshakeMessage, error: unknown): void {
    const reason = abortOf(message, error);
    const flow = salvageFlow13(this.#conversation, this.#shape, reason);
    const early = this.#state === "encrypted-extensions";
    switch (message.type) {
      case HandshakeType.encryptedExtensions:
      case HandshakeType.certificateRequest:
        if (this.#key !== null) throw reason;
        this.#conversation.flow = flow;
        return;
      case HandshakeType.certificate:
      case HandshakeType.compressedCertificate:
        if (early) flow.handshake(message);
        throw reason;
      default:
        throw reason;
    }
  }

  #take(message: HandshakeMessage): void {
    switch (this.#state) {
      case "encrypted-extensions":
        this.#encryptedExtensions(message);
        return;
      case "request-or-certificate":
        if (message.type === HandshakeType.certificateRequest) this.#certificateRequest(message);
        else this.#certificate(message);
        return;
      case "certificate":
        this.#certificate(message);
        return;
      case "certificate-verify":
        this.#certificateVerify(message);
        return;
      case "finished":
        this.#finished(message);
        return;
    }
  }

  changeCipherSpec(): void {
    if (this.#after !== null || ++this.#compatibilityRecords > LIMITS.compatibilityRecords)
      throw new Abort(
        "unexpected-message",
        "unexpected_message",
        "Server sent ChangeCipherSpec where TLSv1.3 does not allow it",
      );
  }

  applicationData(): void {
    if (this.#after === null)
      throw new Abort(
        "unexpected-message",
        "unexpected_message",
        "Server sent application data within the handshake",
      );
    this.#conversation.complete();
  }

  #encryptedExtensions({ type, body, bytes }: HandshakeMessage): void {
    if (type !== HandshakeType.encryptedExtensions) throw unexpected(type, "EncryptedExtensions");
    const conversation = this.#conversation;
    const cursor = new Cursor(body);
    const extensions = readExtensions(cursor, "EncryptedExtensions");
    cursor.finish("EncryptedExtensions");
    if (extensions.size > 0)
      conversation.emit({
        kind: "extensions",
        extensions: extensionRecords(extensions, "EncryptedExtensions"),
      });
    checkAnswers(extensions.keys(), "EncryptedExtensions", offeredExtensions(this.#shape));
    const alpn = extensions.get(ExtensionType.alpn);
    if (alpn !== undefined) conversation.emit({ kind: "alpn", protocol: decodeAlpn(alpn) });
    agreeOnRecordSizes(conversation, extensions, this.#shape, true);
    conversation.transcript.add(bytes);
    this.#state = "request-or-certificate";
  }

  #certificateRequest({ body, bytes }: HandshakeMessage): void {
    const extensions = requestExtensions13(body);
    this.#request = decodeCertificateRequest13(body);
    if (extensions.length > 0) this.#conversation.emit({ kind: "extensions", extensions });
    this.#conversation.emit({
      kind: "certificate-request",
      request: requestRecord(this.#request),
    });
    this.#conversation.transcript.add(bytes);
    this.#state = "certificate";
  }

  #certificate(message: HandshakeMessage): void {
    const conversation = this.#conversation;
    const offered = offeredExtensions(this.#shape);
    const body = this.#certificateBody(message, offered);
    this.#key = leafKey(
      conversation,
      recordCertificates(conversation, body, (list, sink) =>
        decodeCertificate13(list, offered, sink),
      ),
    );
    conversation.transcript.add(message.bytes);
    this.#state = "certificate-verify";
  }

  /** The body of a Certificate message, unpacked where it came compressed. */
  #certificateBody({ type, body }: HandshakeMessage, offered: ReadonlySet<number>): Uint8Array {
    if (type === HandshakeType.certificate) return body;
    if (
      type !== HandshakeType.compressedCertificate ||
      !offered.has(ExtensionType.compressCertificate)
    )
      throw unexpected(type, "Certificate");
    const expanded = expandCertificate(body, this.#shape.certificateCompression);
    const { algorithm } = expanded;
    this.#conversation.emit({ kind: "certificate-compression", algorithm });
    return expanded.body;
  }

  #certificateVerify({ type, body, bytes }: HandshakeMessage): void {
    if (type !== HandshakeType.certificateVerify || this.#key === null)
      throw unexpected(type, "CertificateVerify");
    const { transcript } = this.#conversation;
    checkProof(this.#conversation, {
      key: this.#key,
      signed: decodeCertificateVerify(body),
      content: signedContent13("server", transcript.digest()),
      tls13: true,
      offered: this.#shape.signatureSchemes,
    });
    transcript.add(bytes);
    this.#state = "finished";
  }

  #finished({ type, body, bytes }: HandshakeMessage): void {
    if (type !== HandshakeType.finished) throw unexpected(type, "Finished");
    const { transcript } = this.#conversation;
    const expected = verifyData13(this.#suite.hash, this.#secrets.server, transcript.digest());
    if (body.length !== expected.length || !timingSafeEqual(body, expected))
      throw new Abort("bad-finished", "decrypt_error", "Server's Finished does not verify");
    transcript.add(bytes);
    this.#answer();
  }

  /** Sends our flight and changes both directions to the application's keys. */
  #answer(): void {
    const conversation = this.#conversation;
    const { hash } = this.#suite;
    const application = applicationSecrets(hash, this.#secrets, conversation.transcript.digest());
    if (this.#announcesKeys) conversation.sendChangeCipherSpec();
    conversation.seal(sealer13(trafficKeys13(this.#suite, this.#secrets.client)));
    if (this.#request !== null) this.#authenticate(this.#request);
    conversation.queue(
      encodeFinished(verifyData13(hash, this.#secrets.client, conversation.transcript.digest())),
    );
    conversation.flush();
    conversation.seal(sealer13(trafficKeys13(this.#suite, application.client)));
    const awaitsVerdict = this.#request !== null || conversation.readsOn;
    conversation.awaitsVerdict = awaitsVerdict;
    conversation.emit({ kind: "finished", awaitsVerdict });
    if (!awaitsVerdict) {
      conversation.complete();
      return;
    }
    const resumption =
      conversation.sessions === null
        ? null
        : resumptionSecret(hash, application, conversation.transcript.digest());
    this.#after = new PostHandshake13(conversation, this.#suite, application, resumption);
  }

  #authenticate(request: CertificateRequest): void {
    const conversation = this.#conversation;
    const sent = answerRequest(conversation, request, true);
    if (sent === null) return;
    const content = signedContent13("client", conversation.transcript.digest());
    const signature = makeSignature(sent.scheme, sent.certificate.key, content);
    if (signature === null)
      throw new Abort(
        "parameter-unsupported",
        "internal_error",
        `The client's key cannot sign with ${sent.scheme.name}`,
      );
    conversation.queue(encodeCertificateVerify(sent.scheme.code, signature));
  }
}
