import { encode } from "../x509/ber.ts";

/** SEQUENCE (X.690 section 8.9). */
export function sequence(...members: readonly Uint8Array[]): Uint8Array {
  return encode(0x30, members);
}

/** SET OF, its members in the order that DER asks for (X.690 section 11.6). */
export function setOf(...members: readonly Uint8Array[]): Uint8Array {
  return encode(
    0x31,
    members.toSorted((a, b) => Buffer.compare(a, b)),
  );
}

/** OCTET STRING. */
export function octetString(content: Uint8Array): Uint8Array {
  return encode(0x04, [content]);
}

/** NULL. */
export function nothing(): Uint8Array {
  return encode(0x05, []);
}

/** INTEGER that is not negative and a safe number. */
export function integer(value: number): Uint8Array {
  const digits = value.toString(16);
  const content = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex");
  return encode(0x02, (content[0] ?? 0) >= 0x80 ? [Uint8Array.of(0), content] : [content]);
}

/** OBJECT IDENTIFIER from its dotted form, whose arcs are below 2^53. */
export function objectIdentifier(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const content = [first * 40 + second, ...rest].flatMap((arc) => {
    const octets = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      octets.unshift((left % 128) | 0x80);
    return octets;
  });
  return encode(0x06, [Uint8Array.from(content)]);
}

/** BMPString: UTF-16 in big-endian order, as PKCS#12 uses it for names. */
export function bmpString(text: string): Uint8Array {
  return encode(0x1e, [Buffer.from(text, "utf16le").swap16()]);
}

/** `[0]` around a whole value (explicit tagging). */
export function context0(content: Uint8Array): Uint8Array {
  return encode(0xa0, [content]);
}

/** `[0]` in the place of an OCTET STRING's own tag (implicit tagging). */
export function implicitOctets0(content: Uint8Array): Uint8Array {
  return encode(0x80, [content]);
}
