import { cipherSuite13 } from "../../src/probe/tls/cipher-suites-13.ts";
import { ExtensionType } from "../../src/probe/tls/extensions.ts";
import { handshakeSecrets, trafficKeys13 } from "../../src/probe/tls/key-schedule-13.ts";
import { MessageReader } from "../../src/probe/tls/message-reader.ts";
import { plainRecord, type Sealer } from "../../src/probe/tls/record-protection.ts";
import { opener13, sealer13 } from "../../src/probe/tls/record-protection-13.ts";
import { ContentType, type RawRecord, RecordReader } from "../../src/probe/tls/record-reader.ts";
import { decodeKeyShare, decodeServerHello } from "../../src/probe/tls/server-hello.ts";
import { Transcript } from "../../src/probe/tls/transcript.ts";
import {
  type Recording,
  recordedEntropy,
  recordedOptions,
  replay,
  serverBytes,
} from "./recording.ts";
import { groupByCode } from "../../src/probe/tls/groups.ts";

/** The server's side of a recorded TLS 1.3 conversation, taken apart with the client's recorded keys. */
export interface ServerFlight13 {
  /** ServerHello with its header. */
  readonly hello: Uint8Array;
  /** Messages under the handshake keys, headers included. */
  readonly messages: readonly Uint8Array[];
  /** A fresh sealer with the server's handshake keys. */
  readonly sealer: () => Sealer;
}

/** Takes a recorded TLS 1.3 conversation without a retry apart. */
export function serverFlight13(recorded: Recording): ServerFlight13 {
  const [hello] = clearMessages(recorded);
  if (hello === undefined) throw new Error("No ServerHello was recorded");
  const { cipherSuite: code, extensions } = decodeServerHello(hello.subarray(4));
  const suite = cipherSuite13(code);
  const keyShare = extensions.get(ExtensionType.keyShare);
  if (suite === undefined || keyShare === undefined) throw new Error("Not a TLS 1.3 recording");
  const { group, publicKey } = decodeKeyShare(keyShare);
  const known = groupByCode(group);
  if (known === undefined) throw new Error("Unknown group");
  const shared = recordedEntropy(recorded).keyShare(known).agree(publicKey);
  if (shared === null) throw new Error("No shared secret");
  const transcript = new Transcript();
  transcript.add(replay(recordedOptions(recorded), [], "open").sent.subarray(5));
  transcript.add(hello);
  transcript.begin(suite.hash);
  const keys = trafficKeys13(
    suite,
    handshakeSecrets(suite.hash, shared, transcript.digest()).server,
  );
  const opener = opener13(keys);
  const reader = new MessageReader();
  const messages: Uint8Array[] = [];
  for (const record of records(serverBytes(recorded))) {
    if (record.type !== ContentType.applicationData || messages.at(-1)?.[0] === 20) continue;
    reader.push(opener(record).content);
    for (let next = reader.next(); next !== null; next = reader.next())
      messages.push(new Uint8Array(next.bytes));
  }
  return { hello, messages, sealer: () => sealer13(keys) };
}

/** Handshake messages that a recording's server sent in the clear, headers included. */
export function clearMessages(recorded: Recording): readonly Uint8Array[] {
  const reader = new MessageReader();
  const messages: Uint8Array[] = [];
  for (const record of records(serverBytes(recorded))) {
    if (record.type !== ContentType.handshake) break;
    reader.push(record.fragment);
    for (let next = reader.next(); next !== null; next = reader.next())
      messages.push(new Uint8Array(next.bytes));
  }
  return messages;
}

/** All records of a byte string. */
export function records(bytes: Uint8Array): readonly RawRecord[] {
  const reader = new RecordReader();
  reader.push(bytes);
  const all: RawRecord[] = [];
  for (let record = reader.next(); record !== null; record = reader.next()) all.push(record);
  return all;
}

/** An unprotected record of handshake content. */
export function clear(...messages: readonly Uint8Array[]): Uint8Array {
  return plainRecord(ContentType.handshake, Buffer.concat(messages), 0x0303);
}

/** A handshake message with a correct header around any body. */
export function message(type: number, body: Uint8Array): Uint8Array {
  const { length } = body;
  return Buffer.concat([
    Uint8Array.of(type, length >>> 16, (length >>> 8) & 0xff, length & 0xff),
    body,
  ]);
}

/** A copy with some bytes replaced; negative offsets count from the end. */
export function patched(
  bytes: Uint8Array,
  offset: number,
  ...values: readonly number[]
): Uint8Array {
  const copy = new Uint8Array(bytes);
  copy.set(values, offset < 0 ? bytes.length + offset : offset);
  return copy;
}
