import { timingSafeEqual } from "node:crypto";
import { Abort } from "./abort.ts";
import { decodeCertificate12, decodeCertificateStatus } from "./certificate-message.ts";
import { type CertificateRequest, decodeCertificateRequest12 } from "./certificate-request.ts";
import { requestRecord } from "./client-authentication.ts";
import { type ClientFlight, sendClientFlight } from "./client-flight-12.ts";
import { type ClientKeyExchange, encryptPremaster } from "./client-key-exchange.ts";
import { type Conversation, type Flow, illegal, unexpected } from "./conversation.ts";
import { Cursor } from "./cursor.ts";
import type { Entropy } from "./entropy.ts";
import { HandshakeType, type HandshakeMessage } from "./handshake-type.ts";
import type { HelloShape } from "./hello-shape.ts";
import { rsaRecord } from "./key-exchange-record.ts";
import { verifyData12 } from "./key-schedule-12.ts";
import type { Parameters12 } from "./negotiation-12.ts";
import { leafKey, recordCertificates } from "./server-certificate.ts";
import { agreeWithServer } from "./server-exchange-12.ts";
import type { SigningKey } from "./signatures.ts";
import { Version } from "./versions.ts";

type State =
  | "certificate"
  | "key-exchange"
  | "request-or-done"
  | "done"
  | "change-cipher-spec"
  | "finished";

/** Types of keys that fit what a suite says about its server's certificate (RFC 5246 section 7.4.2, RFC 8422 section 2.1). */
const FITTING_KEYS: Readonly<Record<Parameters12["suite"]["authentication"], RegExp>> = {
  rsa: /^rsa(?:-pss)?$/,
  dss: /^dsa$/,
  ecdsa: /^(?:ec|ed25519|ed448)$/,
};

/** TLS 1.0, 1.1 and 1.2 after ServerHello, without resumption (RFC 5246 section 7.4, RFC 4346, RFC 2246). */
export class Flow12 implements Flow {
  readonly readsPastWarnings = true;
  readonly #conversation: Conversation;
  readonly #shape: HelloShape;
  readonly #entropy: Entropy;
  readonly #parameters: Parameters12;
  #state: State = "certificate";
  #key: SigningKey | null = null;
  #exchange: ClientKeyExchange | null = null;
  #request: CertificateRequest | null = null;
  #flight: ClientFlight | null = null;
  #stapled = false;
  #ticketAwaited: boolean;

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
    this.#ticketAwaited = parameters.ticketPromised;
  }

  handshake(message: HandshakeMessage): void {
    if (message.type === HandshakeType.helloRequest && message.body.length === 0) return;
    switch (this.#state) {
      case "certificate":
        this.#certificate(message);
        break;
      case "key-exchange":
        if (message.type === HandshakeType.certificateStatus && !this.#stapled)
          this.#certificateStatus(message);
        else if (this.#parameters.suite.keyExchange === "rsa") this.#requestOrDone(message);
        else this.#keyExchange(message);
        break;
      case "request-or-done":
        this.#requestOrDone(message);
        break;
      case "done":
        this.#done(message);
        break;
      case "change-cipher-spec":
        this.#ticket(message);
        break;
      case "finished":
        this.#finished(message);
        break;
    }
  }

  changeCipherSpec(): void {
    if (this.#state !== "change-cipher-spec" || this.#flight === null)
      throw new Abort(
        "unexpected-message",
        "unexpected_message",
        `Server sent ChangeCipherSpec while its ${this.#state} was awaited`,
      );
    this.#conversation.unseal(this.#flight.opener);
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
    const key = leafKey(this.#conversation, certificates);
    const { suite } = this.#parameters;
    const fits =
      suite.keyExchange === "rsa"
        ? key.type === "rsa"
        : FITTING_KEYS[suite.authentication].test(key.type);
    if (!fits)
      throw illegal(
        `Server chose ${suite.name}, but its certificate holds a key of type ${key.type}`,
      );
    this.#key = key;
    this.#conversation.transcript.add(bytes);
    this.#state = "key-exchange";
  }

  #certificateStatus({ body, bytes }: HandshakeMessage): void {
    const response = decodeCertificateStatus(body);
    if (response !== null) this.#conversation.emit({ kind: "ocsp-staple", response });
    this.#stapled = true;
    this.#conversation.transcript.add(bytes);
  }

  #keyExchange({ type, body, bytes }: HandshakeMessage): void {
    if (type !== HandshakeType.serverKeyExchange || this.#key === null)
      throw unexpected(type, "ServerKeyExchange");
    this.#exchange = agreeWithServer(this.#conversation, body, {
      parameters: this.#parameters,
      shape: this.#shape,
      key: this.#key,
      entropy: this.#entropy,
    });
    this.#conversation.transcript.add(bytes);
    this.#state = "request-or-done";
  }

  #requestOrDone(message: HandshakeMessage): void {
    if (message.type === HandshakeType.certificateRequest) this.#certificateRequest(message);
    else this.#done(message);
  }

  #certificateRequest({ body, bytes }: HandshakeMessage): void {
    this.#request = decodeCertificateRequest12(body, this.#parameters.version >= Version.tls12);
    this.#conversation.emit({
      kind: "certificate-request",
      request: requestRecord(this.#request),
    });
    this.#conversation.transcript.add(bytes);
    this.#state = "done";
  }

  #done({ type, body, bytes }: HandshakeMessage): void {
    if (type !== HandshakeType.serverHelloDone || body.length > 0)
      throw unexpected(type, "ServerHelloDone");
    this.#conversation.transcript.add(bytes);
    this.#flight = sendClientFlight(
      this.#conversation,
      this.#parameters,
      this.#exchange ?? this.#encryptSecret(),
      this.#request,
      this.#entropy,
    );
    this.#state = "change-cipher-spec";
  }

  #encryptSecret(): ClientKeyExchange {
    if (this.#key === null) throw unexpected(HandshakeType.serverHelloDone, "Certificate");
    const { key } = this.#key;
    this.#conversation.emit({ kind: "key-exchange", keyExchange: rsaRecord(key) });
    return encryptPremaster(key, this.#shape.legacyVersion, this.#entropy);
  }

  /** The ticket that ServerHello promised; it may be empty when the server thought better of it (RFC 5077 section 3.3). */
  #ticket({ type, body, bytes }: HandshakeMessage): void {
    if (type !== HandshakeType.newSessionTicket || !this.#ticketAwaited)
      throw unexpected(type, "ChangeCipherSpec");
    const cursor = new Cursor(body);
    const lifetime = cursor.uint16("Ticket lifetime") * 0x1_0000 + cursor.uint16("Ticket lifetime");
    const ticket = cursor.vector16("ticket");
    const { length } = ticket;
    cursor.finish("NewSessionTicket");
    this.#ticketAwaited = false;
    if (length > 0) this.#conversation.sessions?.keep({ kind: "ticket", ticket });
    if (length > 0)
      this.#conversation.emit({ kind: "ticket", ticket: { lifetime, length, maxEarlyData: null } });
    this.#conversation.transcript.add(bytes);
  }

  #finished({ type, body }: HandshakeMessage): void {
    if (type !== HandshakeType.finished || this.#flight === null)
      throw unexpected(type, "Finished");
    const conversation = this.#conversation;
    const { hash } = this.#parameters;
    const { master } = this.#flight;
    const expected = verifyData12(hash, master, "server", conversation.transcript.digest());
    if (body.length !== expected.length || !timingSafeEqual(body, expected))
      throw new Abort("bad-finished", "decrypt_error", "Server's Finished does not verify");
    const { sessionId } = this.#parameters;
    if (sessionId.length > 0)
      conversation.sessions?.keep({ kind: "identifier", identifier: sessionId });
    conversation.emit({ kind: "finished", awaitsVerdict: false });
    conversation.complete();
  }
}
