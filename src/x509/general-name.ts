import { latin1, readOid } from "./der-values.ts";
import { contentOf, DerError, type Element, encodingOf, inside, Tag } from "./der.ts";
import { type Name, readName } from "./name.ts";

/** A GeneralName (RFC 5280 section 4.2.1.6). */
export type GeneralName =
  | { readonly kind: "dns"; readonly value: string }
  | { readonly kind: "email"; readonly value: string }
  | { readonly kind: "uri"; readonly value: string }
  /** 4 or 16 octets; with a mask 8 or 32 in name constraints. */
  | { readonly kind: "ip"; readonly value: Uint8Array }
  | { readonly kind: "directory"; readonly value: Name }
  | { readonly kind: "registered-id"; readonly value: string }
  | {
      readonly kind: "other" | "x400" | "edi-party";
      readonly value: Uint8Array;
    };

/** Reads one GeneralName. @throws {DerError} */
export function readGeneralName(element: Element): GeneralName {
  switch (element.tag) {
    case 0xa0:
      return { kind: "other", value: encodingOf(element) };
    case 0x81:
      return { kind: "email", value: ia5(element) };
    case 0x82:
      return { kind: "dns", value: ia5(element) };
    case 0xa3:
      return { kind: "x400", value: encodingOf(element) };
    case 0xa4: {
      const reader = inside(element);
      const name = readName(reader.expect(Tag.sequence, "a Name"));
      reader.finish("a directoryName");
      return { kind: "directory", value: name };
    }
    case 0xa5:
      return { kind: "edi-party", value: encodingOf(element) };
    case 0x86:
      return { kind: "uri", value: ia5(element) };
    case 0x87:
      return { kind: "ip", value: contentOf(element) };
    case 0x88:
      return { kind: "registered-id", value: readOid(element) };
    default:
      throw new DerError(
        "tag-unexpected",
        element.start,
        `Unknown GeneralName tag 0x${element.tag.toString(16)}`,
      );
  }
}

function ia5(element: Element): string {
  const text = latin1(contentOf(element));
  for (let i = 0; i < text.length; i++)
    if (text.charCodeAt(i) >= 0x80)
      throw new DerError("value-invalid", element.start, "IA5String holds a non-ASCII octet");
  return text;
}

/** Text form for people: `DNS:example.com`, `IP:10.0.0.1`. */
export function formatGeneralName(name: GeneralName): string {
  switch (name.kind) {
    case "dns":
      return `DNS:${name.value}`;
    case "email":
      return `email:${name.value}`;
    case "uri":
      return `URI:${name.value}`;
    case "ip":
      return `IP:${formatAddress(name.value) ?? "malformed"}`;
    case "directory":
      return `DirName:${name.value.text}`;
    case "registered-id":
      return `RID:${name.value}`;
    case "other":
    case "x400":
    case "edi-party":
      return name.kind;
  }
}

/** IPv4 or IPv6 text of 4 or 16 octets (RFC 5952 section 4); null for other lengths. */
export function formatAddress(bytes: Uint8Array): string | null {
  if (bytes.length === 4) return bytes.join(".");
  if (bytes.length !== 16) return null;
  const groups = Array.from(
    { length: 8 },
    (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0),
  );
  const { start, length } = longestZeroRun(groups);
  const text = (part: readonly number[]): string =>
    part.map((group) => group.toString(16)).join(":");
  if (length < 2) return text(groups);
  return `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`;
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  return best;
}

/** The IPv4 address behind ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2); any other address as it is. */
export function unmapAddress(address: Uint8Array): Uint8Array {
  const isMapped =
    address.length === 16 &&
    address.subarray(0, 10).every((octet) => octet === 0) &&
    address[10] === 0xff &&
    address[11] === 0xff;
  return isMapped ? address.subarray(12) : address;
}

/** Octets of an IPv4 or IPv6 literal; null when the text is neither. Brackets and zone identifiers are not accepted. */
export function parseAddress(text: string): Uint8Array | null {
  const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (v4 !== null) {
    const octets = v4.slice(1).map(Number);
    return octets.every((octet) => octet <= 255) ? Uint8Array.from(octets) : null;
  }
  if (!text.includes(":") || !/^[0-9A-Fa-f:.]{2,45}$/.test(text)) return null;
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const groups = halves.map((half) => (half === "" ? [] : expandGroups(half)));
  const [head, tail] = groups;
  if (head === null || head === undefined || tail === null) return null;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const all = [...head, ...Array.from({ length: missing }, () => 0), ...(tail ?? [])];
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}

function expandGroups(text: string): number[] | null {
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    if (part.includes(".") && index === parts.length - 1) {
      const v4 = parseAddress(part);
      if (v4 === null || v4.length !== 4) return null;
      groups.push(((v4[0] ?? 0) << 8) | (v4[1] ?? 0), ((v4[2] ?? 0) << 8) | (v4[3] ?? 0));
    } else if (/^[0-9A-Fa-f]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else return null;
  }
  return groups;
}
