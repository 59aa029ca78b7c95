/** One DER value: tag, length, content (X.690 section 8.1). */
export function value(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const length = contents.reduce((sum, each) => sum + each.length, 0);
  const header =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : length < 0x10000
          ? [tag, 0x82, length >> 8, length & 0xff]
          : [tag, 0x83, length >> 16, (length >> 8) & 0xff, length & 0xff];
  return Buffer.concat([Uint8Array.from(header), ...contents]);
}

/** SEQUENCE. */
export const sequence = (...members: readonly Uint8Array[]): Buffer => value(0x30, ...members);

/** SET in the order given. */
export const set = (...members: readonly Uint8Array[]): Buffer => value(0x31, ...members);

/** OCTET STRING. */
export const octets = (content: Uint8Array): Buffer => value(0x04, content);

/** BIT STRING. */
export const bits = (content: Uint8Array, unused = 0): Buffer =>
  value(0x03, Uint8Array.of(unused), content);

/** BOOLEAN TRUE. */
export const yes: Buffer = value(0x01, Uint8Array.of(0xff));

/** NULL. */
export const nothing: Buffer = value(0x05);

/** INTEGER below 2^31, not negative. */
export function integer(number: number): Buffer {
  const octetsOf: number[] = [];
  for (let rest = number; rest > 0; rest = Math.floor(rest / 256)) octetsOf.unshift(rest & 0xff);
  if (octetsOf.length === 0 || (octetsOf[0] ?? 0) >= 0x80) octetsOf.unshift(0);
  return value(0x02, Uint8Array.from(octetsOf));
}

/** INTEGER from its content octets. */
export const integerBytes = (content: Uint8Array): Buffer => value(0x02, content);

const identifiers = new Map<string, Buffer>();

/** OBJECT IDENTIFIER from its dotted form. */
export function oid(dotted: string): Buffer {
  const known = identifiers.get(dotted);
  if (known !== undefined) return known;
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const content = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      groups.unshift((left % 128) | 0x80);
    return groups;
  });
  const encoded = value(0x06, Uint8Array.from(content));
  identifiers.set(dotted, encoded);
  return encoded;
}

/** UTCTime until 2049, GeneralizedTime from 2050 (RFC 5280 section 4.1.2.5); cut to whole seconds. */
export function time(at: number): Buffer {
  const text = new Date(at).toISOString().replaceAll(/[-:T]|\.\d+/g, "");
  return at < Date.UTC(2050, 0, 1)
    ? value(0x17, Buffer.from(text.slice(2), "latin1"))
    : value(0x18, Buffer.from(text, "latin1"));
}
