import { timingSafeEqual } from "node:crypto";
import { Abort } from "./abort.ts";
import { decodeCertificate13 } from "./certificate-message.ts";
import { type CertificateRequest, decodeCertificateRequest13 } from "./certificate-request.ts";
import type { CipherSuite13 } from "./cipher-suites-13.ts";
import { answerRequest, requestRecord } from "./client-authentication.ts";
import { type Conversation, type Flow, illegal, unexpected } from "./conversation.ts";
import { Cursor } from "./cursor.ts";
import { extensionName } from "./extension-names.ts";
import { extensionRecords, ExtensionType, misplaced, readExtensions } from "./extensions.ts";
import { HandshakeType, type HandshakeMessage } from "./handshake-type.ts";
import { type HelloShape, offeredExtensions } from "./hello-shape.ts";
import {
  applicationSecrets,
  handshakeSecrets,
  type HandshakeSecrets,
  trafficKeys13,
  verifyData13,
} from "./key-schedule-13.ts";
import { LIMITS } from "./limits.ts";
import type { Agreement13 } from "./negotiation-13.ts";
import { opener13, sealer13 } from "./record-protection-13.ts";
import { checkProof, leafKey, recordCertificates } from "./server-certificate.ts";
import { decodeAlpn, unsolicited } from "./server-hello.ts";
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
  | "finished"
  | "verdict";

/** What both hellos settled for TLS 1.3. */
export interface Parameters13 extends Agreement13 {
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

  handshake(message: HandshakeMessage): void {
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
      case "verdict":
        this.#postHandshake(message);
        return;
    }
  }

  changeCipherSpec(): void {
    if (this.#state === "verdict" || ++this.#compatibilityRecords > LIMITS.compatibilityRecords)
      throw new Abort(
        "unexpected-message",
        "unexpected_message",
        "Server sent ChangeCipherSpec where TLSv1.3 does not allow it",
      );
  }

  applicationData(): void {
    if (this.#state !== "verdict")
      throw new Abort(
        "unexpected-message",
        "unexpected_message",
        "Server sent application data within the handshake",
      );
    this.#conversation.complete();
  }

  #encryptedExtensions({ type, body, bytes }: HandshakeMessage): void {
    if (type !== HandshakeType.encryptedExtensions) throw unexpected(type, "EncryptedExtensions");
    const cursor = new Cursor(body);
    const extensions = readExtensions(cursor, "EncryptedExtensions");
    cursor.finish("EncryptedExtensions");
    this.#conversation.emit({
      kind: "extensions",
      extensions: extensionRecords(extensions, "EncryptedExtensions"),
    });
    const wrongPlace = misplaced(extensions, "EncryptedExtensions");
    if (wrongPlace !== undefined)
      throw illegal(
        `Server sent extension ${extensionName(wrongPlace)} in its EncryptedExtensions, where it may not stand`,
      );
    const stranger = unsolicited(extensions, offeredExtensions(this.#shape));
    if (stranger !== undefined)
      throw new Abort(
        "parameter-unsupported",
        "unsupported_extension",
        `Server answered extension ${stranger}, which was not offered`,
      );
    const alpn = extensions.get(ExtensionType.alpn);
    if (alpn !== undefined) this.#conversation.emit({ kind: "alpn", protocol: decodeAlpn(alpn) });
    this.#conversation.transcript.add(bytes);
    this.#state = "request-or-certificate";
  }

  #certificateRequest({ body, bytes }: HandshakeMessage): void {
    this.#request = decodeCertificateRequest13(body);
    this.#conversation.emit({
      kind: "certificate-request",
      request: requestRecord(this.#request),
    });
    this.#conversation.transcript.add(bytes);
    this.#state = "certificate";
  }

  #certificate({ type, body, bytes }: HandshakeMessage): void {
    if (type !== HandshakeType.certificate) throw unexpected(type, "Certificate");
    this.#key = leafKey(
      this.#conversation,
      recordCertificates(this.#conversation, body, decodeCertificate13),
    );
    this.#conversation.transcript.add(bytes);
    this.#state = "certificate-verify";
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
    const awaitsVerdict = this.#request !== null;
    conversation.awaitsVerdict = awaitsVerdict;
    conversation.emit({ kind: "finished", awaitsVerdict });
    this.#state = "verdict";
    if (awaitsVerdict)
      conversation.unseal(opener13(trafficKeys13(this.#suite, application.server)));
    else conversation.complete();
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

  /**
   * A ticket comes from a TLS library that has accepted the client; the application behind it may still refuse, as
   * gateways do, so the verdict is awaited all the same.
   */
  #postHandshake({ type }: HandshakeMessage): void {
    if (type === HandshakeType.newSessionTicket) return;
    if (type !== HandshakeType.keyUpdate) throw unexpected(type, "NewSessionTicket");
    this.#conversation.complete();
  }
}
