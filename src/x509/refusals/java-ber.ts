import { JavaException } from "./java-exception.ts";

const UNRESOLVED = "not enough data to resolve indef len BER";

/**
 * DerIndefLenConverter: the buffer with the lengths of its first element made definite. Sections get the length that
 * they had before padded lengths inside them were shortened, and what is missing at the end is zero.
 */
export function resolveLengths(
  input: Uint8Array,
): [buffer: Uint8Array, offset: number, limit: number] {
  const sections: Section[] = [];
  const end = measure(input, sections);
  const growth = sections.reduce((sum, { octets }) => sum + octets.length - 3, 0);
  const buffer = new Uint8Array(input.length + growth);
  let to = 0;
  let index = 0;
  for (let at = 0; at < end;) {
    if (input[at] === 0 && input[at + 1] === 0) {
      at += 2;
      continue;
    }
    const { length, content, isIndefinite } = lengthAt(input, at + 1);
    const octets = isIndefinite ? (sections[index++]?.octets ?? []) : lengthOctets(length);
    buffer.set([input[at] ?? 0, ...octets], to);
    to += 1 + octets.length;
    buffer.set(input.subarray(content, content + length), to);
    to += length;
    at = content + length;
  }
  buffer.set(input.subarray(end), end + growth);
  return [buffer, 0, buffer.length];
}

/** An element of indefinite length: where its content begins and, once that is known, its length as written. */
interface Section {
  readonly content: number;
  octets: readonly number[];
}

/** Finds the end of every section; elements of definite length are stepped over whole. */
function measure(input: Uint8Array, sections: Section[]): number {
  const open: number[] = [];
  let at = 0;
  do {
    if (at + 2 > input.length) throw new JavaException(UNRESOLVED);
    if (input[at] === 0 && input[at + 1] === 0) {
      const current = open.pop();
      const section = current === undefined ? undefined : sections[current];
      if (current === undefined || section === undefined)
        throw new JavaException("EOC does not have matching indefinite-length tag");
      const grown = sections
        .slice(current + 1)
        .reduce((sum, { octets }) => sum + octets.length - 3, 0);
      section.octets = lengthOctets(at - section.content + grown);
    }
    const { length, content, isIndefinite } = lengthAt(input, at + 1);
    if (isIndefinite) {
      open.push(sections.length);
      sections.push({ content, octets: [] });
    }
    at = content + length;
    if (at > input.length) throw new JavaException(UNRESOLVED);
  } while (open.length > 0);
  return at;
}

function lengthAt(
  input: Uint8Array,
  at: number,
): { length: number; content: number; isIndefinite: boolean } {
  const first = input[at] ?? 0;
  if (first === 0x80) return { length: 0, content: at + 1, isIndefinite: true };
  if (first < 0x80) return { length: first, content: at + 1, isIndefinite: false };
  const octets = first & 0x7f;
  if (octets > 4) throw new JavaException("Too much data");
  if (input.length - at - 1 < octets + 1) throw new JavaException(UNRESOLVED);
  let length = 0;
  for (let i = 1; i <= octets; i++) length = length * 256 + (input[at + i] ?? 0);
  if (length > 0x7fff_ffff) throw new JavaException("Invalid length bytes");
  return { length, content: at + 1 + octets, isIndefinite: false };
}

/** A definite length in the fewest octets. */
export function lengthOctets(length: number): readonly number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 | octets.length, ...octets];
}
