import { createHash, type KeyObject, randomBytes } from "node:crypto";
import { type CipherSuite13, cipherSuite13 } from "../../src/probe/tls/cipher-suites-13.ts";
import { type CapturedHello, readClientHello } from "../../src/probe/tls/client-hello-reader.ts";
import { ExtensionType } from "../../src/probe/tls/extensions.ts";
import { type Group, shareableGroup } from "../../src/probe/tls/groups.ts";
import { HandshakeType } from "../../src/probe/tls/handshake-type.ts";
import { generateKeyShare } from "../../src/probe/tls/key-agreement.ts";
import {
  applicationSecrets,
  handshakeSecrets,
  type HandshakeSecrets,
  nextSecret13,
  trafficKeys13,
  type TrafficSecrets,
  verifyData13,
} from "../../src/probe/tls/key-schedule-13.ts";
import { opener13, sealer13 } from "../../src/probe/tls/record-protection-13.ts";
import {
  type OpenedRecord,
  type Opener,
  plainRecord,
  type Sealer,
} from "../../src/probe/tls/record-protection.ts";
import { ContentType, MAX_PLAINTEXT, RecordReader } from "../../src/probe/tls/record-reader.ts";
import type { SignatureScheme } from "../../src/probe/tls/signature-schemes.ts";
import { makeSignature, signedContent13 } from "../../src/probe/tls/signatures.ts";
import { Transcript } from "../../src/probe/tls/transcript.ts";
import { Writer } from "../../src/probe/tls/writer.ts";
import { message } from "./rewrite.ts";

/** An extension of the server. */
export interface FakeExtension {
  readonly type: number;
  readonly body: Uint8Array;
}

/** One certificate of the server with its extensions. */
export interface FakeEntry {
  readonly der: Uint8Array;
  readonly extensions?: readonly FakeExtension[];
}

/** What a fake server is made of. */
export interface FakeServerOptions {
  /** @default TLS_AES_128_GCM_SHA256 */
  readonly suite?: number;
  /** @default x25519 */
  readonly group?: number;
  readonly key: KeyObject;
  readonly scheme: SignatureScheme;
}

const RETRY_RANDOM = createHash("sha256").update("HelloRetryRequest").digest();

function extensionBlock(writer: Writer, extensions: readonly FakeExtension[]): void {
  writer.vector16(() => {
    for (const { type, body } of extensions) writer.uint16(type).vector16(() => writer.bytes(body));
  });
}

/**
 * The server's side of a TLS 1.3 handshake, one message at a time, each of which a test may change: what
 * comes after is computed over what was really sent, so that only the change itself is wrong.
 */
export class FakeServer13 {
  readonly #options: FakeServerOptions;
  readonly #suite: CipherSuite13;
  readonly #transcript = new Transcript();
  readonly #records = new RecordReader();
  #hello: CapturedHello;
  #secrets: HandshakeSecrets | null = null;
  #application: TrafficSecrets | null = null;
  #sealer: Sealer = (type, content) => plainRecord(type, content, 0x0303);
  #opener: Opener | null = null;

  /** `firstFlight` is what the client sent first. */
  constructor(firstFlight: Uint8Array, options: FakeServerOptions) {
    const suite = cipherSuite13(options.suite ?? 0x1301);
    if (suite === undefined) throw new Error("The suite is not known");
    this.#options = options;
    this.#suite = suite;
    this.#hello = this.#hear(firstFlight);
  }

  /** The client's latest hello. */
  get clientHello(): CapturedHello {
    return this.#hello;
  }

  /** A HelloRetryRequest with these extensions beside the version. */
  retry(extensions: readonly FakeExtension[]): Uint8Array {
    const request = this.#encodeHello(RETRY_RANDOM, [version(), ...extensions]);
    this.#transcript.restart(this.#suite.hash);
    return this.#plain(request);
  }

  /** Hears the client's second hello. */
  hearAgain(flight: Uint8Array): void {
    this.#hello = this.#hear(flight);
  }

  /** ServerHello, after which everything is protected. */
  hello(additional: readonly FakeExtension[] = []): Uint8Array {
    const group = this.#group();
    const theirs = this.#hello.content.keyShares.find((share) => share.group === group.code);
    const ours = generateKeyShare(group);
    const secret = theirs === undefined ? null : ours.agree(theirs.publicKey);
    if (secret === null) throw new Error(`The client has no share of ${group.name}`);
    const share = new Writer();
    share.uint16(group.code).vector16(() => share.bytes(ours.publicKey));
    const keyShare = { type: ExtensionType.keyShare, body: share.finish() };
    const record = this.#plain(
      this.#encodeHello(randomBytes(32), [version(), keyShare, ...additional]),
    );
    this.#transcript.begin(this.#suite.hash);
    this.#secrets = handshakeSecrets(this.#suite.hash, secret, this.#transcript.digest());
    this.#sealer = sealer13(trafficKeys13(this.#suite, this.#secrets.server));
    this.#opener = opener13(trafficKeys13(this.#suite, this.#secrets.client));
    return record;
  }

  /** Protects a record of any content. */
  seal(type: number, content: Uint8Array): Uint8Array {
    return this.#sealer(type, content);
  }

  /** Protects messages, one record or more for each, and takes them into the transcript. */
  send(...messages: readonly Uint8Array[]): Uint8Array {
    const records: Uint8Array[] = [];
    for (const content of messages) {
      this.#transcript.add(content);
      for (let at = 0; at < content.length; at += MAX_PLAINTEXT)
        records.push(this.#sealer(ContentType.handshake, content.subarray(at, at + MAX_PLAINTEXT)));
    }
    return Buffer.concat(records);
  }

  encryptedExtensions(extensions: readonly FakeExtension[] = []): Uint8Array {
    const writer = new Writer();
    extensionBlock(writer, extensions);
    return message(HandshakeType.encryptedExtensions, writer.finish());
  }

  certificate(entries: readonly FakeEntry[]): Uint8Array {
    const writer = new Writer();
    writer.uint8(0).vector24(() => {
      for (const { der, extensions = [] } of entries) {
        writer.vector24(() => writer.bytes(der));
        extensionBlock(writer, extensions);
      }
    });
    return message(HandshakeType.certificate, writer.finish());
  }

  /** Signs what was sent so far. */
  certificateVerify(): Uint8Array {
    const { key, scheme } = this.#options;
    const content = signedContent13("server", this.#transcript.digest());
    const signature = makeSignature(scheme, key, content);
    if (signature === null) throw new Error(`The key cannot sign with ${scheme.name}`);
    const writer = new Writer();
    writer.uint16(scheme.code).vector16(() => writer.bytes(signature));
    return message(HandshakeType.certificateVerify, writer.finish());
  }

  /** The Finished over what was sent so far, protected; application keys are used from then on. */
  finish(): Uint8Array {
    if (this.#secrets === null) throw new Error("There was no ServerHello");
    const { hash } = this.#suite;
    const verifyData = verifyData13(hash, this.#secrets.server, this.#transcript.digest());
    const record = this.send(message(HandshakeType.finished, verifyData));
    this.#application = applicationSecrets(hash, this.#secrets, this.#transcript.digest());
    this.#sealer = sealer13(trafficKeys13(this.#suite, this.#application.server));
    return record;
  }

  /** The whole honest flight after ServerHello. */
  flight(entries: readonly FakeEntry[]): Uint8Array {
    return Buffer.concat([
      this.send(this.encryptedExtensions(), this.certificate(entries)),
      this.send(this.certificateVerify()),
      this.finish(),
    ]);
  }

  /** A KeyUpdate, protected; the next keys are used from then on. */
  keyUpdate(request: number): Uint8Array {
    const record = this.#sealer(
      ContentType.handshake,
      message(HandshakeType.keyUpdate, Uint8Array.of(request)),
    );
    const application = this.#currentSecrets();
    const server = nextSecret13(this.#suite.hash, application.server);
    this.#application = { ...application, server };
    this.#sealer = sealer13(trafficKeys13(this.#suite, server));
    return record;
  }

  /** Opens what the client sent; its Finished and KeyUpdates change the keys for what follows. */
  open(bytes: Uint8Array): readonly OpenedRecord[] {
    this.#records.push(bytes);
    const opened: OpenedRecord[] = [];
    for (let record = this.#records.next(); record !== null; record = this.#records.next()) {
      if (record.type === ContentType.changeCipherSpec) continue;
      if (this.#opener === null) throw new Error("Nothing is protected yet");
      const content = this.#opener(record);
      opened.push(content);
      if (content.type === ContentType.handshake) this.#changeClientKeys(content.content);
    }
    return opened;
  }

  #changeClientKeys([type]: Uint8Array): void {
    const application = this.#currentSecrets();
    const client =
      type === HandshakeType.finished
        ? application.client
        : nextSecret13(this.#suite.hash, application.client);
    this.#application = { ...application, client };
    this.#opener = opener13(trafficKeys13(this.#suite, client));
  }

  #currentSecrets(): TrafficSecrets {
    if (this.#application === null) throw new Error("The server has not finished");
    return this.#application;
  }

  #group(): Group {
    const group = shareableGroup(this.#options.group ?? 0x001d);
    if (group === undefined) throw new Error("The group is not known");
    return group;
  }

  #hear(flight: Uint8Array): CapturedHello {
    const records = new RecordReader();
    records.push(flight);
    const fragments: Uint8Array[] = [];
    for (let record = records.next(); record !== null; record = records.next())
      if (record.type === ContentType.handshake) fragments.push(record.fragment);
    const whole = Buffer.concat(fragments);
    const read = readClientHello(whole);
    if (!read.ok) throw new Error(read.error.message);
    this.#transcript.add(whole);
    return read.value;
  }

  #encodeHello(random: Uint8Array, extensions: readonly FakeExtension[]): Uint8Array {
    const writer = new Writer();
    writer.uint16(0x0303).bytes(random);
    writer.vector8(() => writer.bytes(this.#hello.content.sessionId));
    writer.uint16(this.#suite.code).uint8(0);
    extensionBlock(writer, extensions);
    return message(HandshakeType.serverHello, writer.finish());
  }

  #plain(content: Uint8Array): Uint8Array {
    this.#transcript.add(content);
    return plainRecord(ContentType.handshake, content, 0x0303);
  }
}

function version(): FakeExtension {
  return { type: ExtensionType.supportedVersions, body: Uint8Array.of(3, 4) };
}
