import { readBitString, utf8 } from "../x509/der-values.ts";
import {
  contentOf,
  DerError,
  DerReader,
  type Element,
  encodingOf,
  inside,
  Tag,
} from "../x509/der.ts";
import { encode } from "../x509/ber.ts";
import { ByteCursor } from "./byte-cursor.ts";
import { MAX_ENTRIES } from "./limits.ts";
import { StoreFault } from "./store-error.ts";

/** One record of an IBM CMS key database. */
export interface KdbRecord {
  readonly label: string;
  readonly kind: "signer" | "personal" | "request" | "secret" | "other";
  /** Null for records without certificate. */
  readonly der: Uint8Array | null;
  /** Whether the record is flagged as trusted. */
  readonly trusted: boolean;
}

/** A key database taken apart; its parts are views of the file. */
export interface Kdb {
  readonly version: 3 | 4 | 6;
  /** Key database, request database, or list of revoked certificates. */
  readonly content: "keys" | "requests" | "revocations";
  /** The first 48 bytes, which the password verifier covers. */
  readonly head: Uint8Array;
  readonly verifier: Uint8Array;
  readonly integrity: Uint8Array;
  readonly slots: Uint8Array;
  readonly records: readonly KdbRecord[];
}

const HEAD_BYTES = 0x30;

/** Length of verifier and integrity value: MD5, HMAC-SHA-1, HMAC-SHA-384. */
const VALUE_BYTES: ReadonlyMap<number, number> = new Map([
  [3, 16],
  [4, 20],
  [6, 48],
]);

const CONTENTS: ReadonlyMap<string, Kdb["content"]> = new Map([
  ["X509KEY\0", "keys"],
  ["X509KYP\0", "requests"],
  ["X509CRL\0", "revocations"],
]);

/** A slot holds twelve bytes of header at least. */
const MIN_SLOT_BYTES = 12;
const EMPTY_SLOT = 0;

/**
 * Takes an IBM CMS key database apart (`.kdb`, `.rdb`), versions 3, 4 and 6. Certificates, labels and flags are in the
 * clear.
 * @throws {StoreFault} @throws {DerError} with offsets inside the record that the message names
 */
export function readKdb(bytes: Uint8Array): Kdb {
  const cursor = new ByteCursor(bytes);
  cursor.skip(2, "the magic number");
  const version = cursor.u8("the version");
  const valueBytes = VALUE_BYTES.get(version);
  if (valueBytes === undefined || (version !== 3 && version !== 4 && version !== 6))
    throw new StoreFault(
      "malformed",
      `Key database version ${version} at offset 2 is not 3, 4 or 6`,
      { offset: 2 },
    );
  cursor.skip(5, "the header");
  const magic = utf8(cursor.take(8, "the content type"));
  const content = CONTENTS.get(magic);
  if (content === undefined)
    throw new StoreFault(
      "malformed",
      "Content type at offset 8 of the key database is not X509KEY, X509KYP or X509CRL",
      { offset: 8 },
    );
  const slotBytes = cursor.u32("the slot size");
  const count = cursor.u32("the number of slots");
  if (count > MAX_ENTRIES)
    throw new StoreFault(
      "too-many-entries",
      `Key database announces ${count} slots; at most ${MAX_ENTRIES} are read`,
      { offset: 0x14 },
    );
  if (slotBytes < MIN_SLOT_BYTES && count > 0)
    throw new StoreFault(
      "malformed",
      `Slot size ${slotBytes} at offset 16 is too small; 5000 is usual`,
      { offset: 0x10 },
    );
  cursor.skip(HEAD_BYTES - cursor.offset, "the salt");
  const verifier = cursor.take(valueBytes, "the password verifier");
  const integrity = cursor.take(valueBytes, "the integrity value");
  const slots = cursor.take(slotBytes * count, `${count} slots of ${slotBytes} bytes`);
  const records: KdbRecord[] = [];
  for (let number = 0; number < count && content !== "revocations"; number++) {
    const slot = slots.subarray(number * slotBytes, (number + 1) * slotBytes);
    const record = readSlot(slot, number + 1);
    if (record !== null) records.push(record);
  }
  return {
    version,
    content,
    head: bytes.subarray(0, HEAD_BYTES),
    verifier,
    integrity,
    slots,
    records,
  };
}

function readSlot(slot: Uint8Array, number: number): KdbRecord | null {
  const cursor = new ByteCursor(slot);
  if (cursor.u32(`slot ${number}`) === EMPTY_SLOT) return null;
  cursor.skip(4, `slot ${number}`);
  const record = cursor.take(cursor.u32(`slot ${number}`), `the record of slot ${number}`);
  try {
    return readRecord(record);
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    throw new StoreFault("malformed", `Record of slot ${number} is damaged: ${error.message}`);
  }
}

/** SEQUENCE { INTEGER record, body, VisibleString label, BIT STRING flags }. */
function readRecord(der: Uint8Array): KdbRecord {
  const reader = new DerReader(der).enter(Tag.sequence, "a record");
  reader.expect(Tag.integer, "a record number");
  const body = reader.next();
  const label = utf8(contentOf(reader.next()));
  const flags = reader.optional(Tag.bitString);
  const trusted = flags !== undefined && ((readBitString(flags).bytes[0] ?? 0) & 0x80) !== 0;
  switch (body.tag) {
    case Tag.constructed1:
      return { label, kind: "signer", der: certificateIn(body), trusted };
    case Tag.constructed2:
      return { label, kind: "personal", der: certificateBesideKey(body), trusted };
    case Tag.constructed0:
      return { label, kind: "request", der: null, trusted };
    case Tag.constructed3:
      return { label, kind: "secret", der: null, trusted };
    default:
      return { label, kind: "other", der: null, trusted };
  }
}

/** The certificate inside `[1]`; a tag that replaces the one of the certificate is put right. */
function certificateIn(body: Element): Uint8Array {
  const reader = inside(body);
  const first = reader.expect(Tag.sequence, "a certificate");
  return reader.done ? encodingOf(first) : encode(Tag.sequence, [contentOf(body)]);
}

/** `[2] { SEQUENCE { Certificate, EncryptedPrivateKeyInfo } }`, or the pair without the SEQUENCE. */
function certificateBesideKey(body: Element): Uint8Array {
  const reader = inside(body);
  const first = reader.expect(Tag.sequence, "a certificate with its key");
  return encodingOf(reader.done ? inside(first).expect(Tag.sequence, "a certificate") : first);
}
