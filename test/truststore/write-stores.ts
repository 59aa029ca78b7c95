import { createCipheriv, createHash, createHmac, pbkdf2Sync } from "node:crypto";
import { encode } from "../../src/x509/ber.ts";

const text = (value: string): Uint8Array => Buffer.from(value, "utf8");

/** Joins byte strings. */
export const bytes = (...parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts);

/** Big-endian 32-bit number. */
export function u32(value: number): Uint8Array {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value >>> 0);
  return buffer;
}

/** A length of 16 bits and UTF-8. */
export const javaText = (value: string): Uint8Array => {
  const encoded = text(value);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(encoded.length);
  return bytes(length, encoded);
};

/** One entry of a JKS file to write. */
export interface JksPlan {
  readonly alias: string;
  readonly certificates: readonly Uint8Array[];
  /** Whether it is a private key with a chain. */
  readonly key?: boolean;
  readonly type?: string;
  /** A serialised secret key, as JCEKS holds it, in place of certificates. */
  readonly secret?: Uint8Array;
}

/** First four bytes of the two types. */
export const JKS_MAGICS = { jks: 0xfeedfeed, jceks: 0xcececece } as const;

/** Date of every entry that is written, ms since 1970. */
export const ENTRY_DATE = 1_700_000_000_000;

/** Writes a JKS file by its description, including ones that keytool would not write. */
export function writeJks(
  plans: readonly JksPlan[],
  password = "changeit",
  version = 2,
  format: keyof typeof JKS_MAGICS = "jks",
): Uint8Array {
  const date = Buffer.alloc(8);
  date.writeBigInt64BE(BigInt(ENTRY_DATE));
  const certificate = (der: Uint8Array, type: string): Uint8Array =>
    bytes(version === 2 ? javaText(type) : new Uint8Array(0), u32(der.length), der);
  const body = bytes(
    u32(JKS_MAGICS[format]),
    u32(version),
    u32(plans.length),
    ...plans.map(({ alias, certificates, key = false, type = "X.509", secret }) =>
      bytes(
        u32(secret !== undefined ? 3 : key ? 1 : 2),
        javaText(alias),
        date,
        secret ?? new Uint8Array(0),
        ...(key ? [u32(4), Uint8Array.of(0x30, 2, 5, 0), u32(certificates.length)] : []),
        ...certificates.map((der) => certificate(der, type)),
      ),
    ),
  );
  const digest = createHash("sha1")
    .update(Buffer.from(password, "utf16le").swap16())
    .update("Mighty Aphrodite")
    .update(body);
  return bytes(body, digest.digest());
}

const sequence = (...parts: readonly Uint8Array[]): Uint8Array => encode(0x30, parts);
const set = (...parts: readonly Uint8Array[]): Uint8Array => encode(0x31, parts);
const octets = (value: Uint8Array): Uint8Array => encode(0x04, [value]);
const context0 = (value: Uint8Array): Uint8Array => encode(0xa0, [value]);

/** DER INTEGER of a number that is not negative. */
export function integer(value: number): Uint8Array {
  const digits = value.toString(16);
  const content = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex");
  return encode(0x02, (content[0] ?? 0) >= 0x80 ? [Uint8Array.of(0), content] : [content]);
}

/** DER OBJECT IDENTIFIER. */
export function oid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const content = [first * 40 + second, ...rest].flatMap((arc) => {
    const octetsOfArc = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      octetsOfArc.unshift((left % 128) | 0x80);
    return octetsOfArc;
  });
  return encode(0x06, [Uint8Array.from(content)]);
}

const PKCS12 = "1.2.840.113549.1.12";
const PKCS9 = "1.2.840.113549.1.9";

/** One bag of a PKCS#12 file to write. */
export interface BagPlan {
  readonly bag:
    | { readonly certificate: Uint8Array }
    | { readonly key: "shrouded" | "plain" }
    | { readonly bags: readonly BagPlan[] }
    | { readonly other: "crl" | "secret" | "unknown" };
  readonly alias?: string;
  readonly keyId?: string;
  readonly trusted?: boolean;
}

function writeBag(plan: BagPlan): Uint8Array {
  const attribute = (type: string, value: Uint8Array): Uint8Array =>
    sequence(oid(type), set(value));
  const attributes = [
    ...(plan.alias === undefined
      ? []
      : [attribute(`${PKCS9}.20`, encode(0x1e, [Buffer.from(plan.alias, "utf16le").swap16()]))]),
    ...(plan.keyId === undefined ? [] : [attribute(`${PKCS9}.21`, octets(text(plan.keyId)))]),
    ...(plan.trusted === true
      ? [attribute("2.16.840.1.113894.746875.1.1", oid("2.5.29.37.0"))]
      : []),
  ];
  const [type, value] = bagValue(plan.bag);
  return sequence(
    oid(type),
    context0(value),
    ...(attributes.length === 0 ? [] : [set(...attributes)]),
  );
}

function bagValue(bag: BagPlan["bag"]): readonly [string, Uint8Array] {
  const junk = sequence(sequence(oid("1.2.3.4")), octets(text("junk")));
  if ("certificate" in bag)
    return [`${PKCS12}.10.1.3`, sequence(oid(`${PKCS9}.22.1`), context0(octets(bag.certificate)))];
  if ("bags" in bag) return [`${PKCS12}.10.1.6`, sequence(...bag.bags.map(writeBag))];
  if ("key" in bag) return [`${PKCS12}.10.1.${bag.key === "plain" ? 1 : 2}`, junk];
  const types = { crl: `${PKCS12}.10.1.4`, secret: `${PKCS12}.10.1.5`, unknown: "1.2.3.4.5" };
  const secret = sequence(oid(`${PKCS12}.10.1.2`), context0(octets(text("junk"))));
  return [types[bag.other], bag.other === "secret" ? secret : junk];
}

/** SafeContents with the given bags. */
export const safeContents = (plans: readonly BagPlan[]): Uint8Array =>
  sequence(...plans.map(writeBag));

/** A ContentInfo in the clear. */
export const clearSafe = (plans: readonly BagPlan[]): Uint8Array =>
  sequence(oid("1.2.840.113549.1.7.1"), context0(octets(safeContents(plans))));

const SALT = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

/** A ContentInfo encrypted with PBES2; 10 iterations are made, `announced` are written. */
export function encryptedSafe(
  plans: readonly BagPlan[],
  { password = "changeit", announced = 10 }: { password?: string; announced?: number } = {},
): Uint8Array {
  const iv = Buffer.alloc(16, 7);
  const key = pbkdf2Sync(password, SALT, 10, 32, "sha256");
  const cipher = createCipheriv("aes-256-cbc", key, iv);
  const ciphertext = bytes(cipher.update(safeContents(plans)), cipher.final());
  const kdf = sequence(
    oid("1.2.840.113549.1.5.12"),
    sequence(
      octets(SALT),
      integer(announced),
      sequence(oid("1.2.840.113549.2.9"), encode(0x05, [])),
    ),
  );
  const scheme = sequence(oid("2.16.840.1.101.3.4.1.42"), octets(iv));
  return encryptedContent(
    sequence(oid("1.2.840.113549.1.5.13"), sequence(kdf, scheme)),
    ciphertext,
  );
}

/** A ContentInfo of type encryptedData with any algorithm. */
export function encryptedContent(algorithm: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  const info = sequence(oid("1.2.840.113549.1.7.1"), algorithm, encode(0x80, [ciphertext]));
  return sequence(oid("1.2.840.113549.1.7.6"), context0(sequence(integer(0), info)));
}

/** MacData of RFC 9879. */
export function pbmac1(authSafe: Uint8Array, password = "changeit", iterations = 10): Uint8Array {
  const key = pbkdf2Sync(password, SALT, iterations, 32, "sha256");
  const mac = createHmac("sha256", key).update(authSafe).digest();
  const hmac = sequence(oid("1.2.840.113549.2.9"), encode(0x05, []));
  const kdf = sequence(
    oid("1.2.840.113549.1.5.12"),
    sequence(octets(SALT), integer(iterations), integer(32), hmac),
  );
  const algorithm = sequence(oid("1.2.840.113549.1.5.14"), sequence(kdf, hmac));
  return sequence(sequence(algorithm, octets(mac)), octets(text("NOT USED")), integer(1));
}

/** The AuthenticatedSafe of the given ContentInfos. */
export const authSafeOf = (safes: readonly Uint8Array[]): Uint8Array => sequence(...safes);

/** A PKCS#12 file, without MAC unless one is given. */
export function writePfx(safes: readonly Uint8Array[], mac?: Uint8Array): Uint8Array {
  const content = sequence(oid("1.2.840.113549.1.7.1"), context0(octets(authSafeOf(safes))));
  return sequence(integer(3), content, ...(mac === undefined ? [] : [mac]));
}

/** Rewrites DER as BER: every constructed element with indefinite length, every OCTET STRING in segments. */
export function toBer(der: Uint8Array, segment = 50): Uint8Array {
  const [tag = 0, first = 0] = der;
  const header = first < 0x80 ? 2 : 2 + (first & 0x7f);
  const content = der.subarray(header);
  const indefinite = (identifier: number, parts: readonly Uint8Array[]): Uint8Array =>
    bytes(Uint8Array.of(identifier, 0x80), ...parts, Uint8Array.of(0, 0));
  if (tag === 0x04 && content.length > segment) {
    const parts: Uint8Array[] = [];
    for (let i = 0; i < content.length; i += segment)
      parts.push(octets(content.subarray(i, i + segment)));
    return indefinite(0x24, parts);
  }
  if ((tag & 0x20) === 0) return der;
  return indefinite(
    tag,
    elements(content).map((child) => toBer(child, segment)),
  );
}

/** The DER elements that lie behind one another in some bytes. */
export function elements(content: Uint8Array): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let start = 0; start < content.length;) {
    const first = content[start + 1] ?? 0;
    const count = first < 0x80 ? 0 : first & 0x7f;
    let length = count === 0 ? first : 0;
    for (let i = 0; i < count; i++) length = length * 256 + (content[start + 2 + i] ?? 0);
    const end = start + 2 + count + length;
    found.push(content.subarray(start, end));
    start = end;
  }
  return found;
}
