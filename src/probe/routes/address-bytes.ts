import { isIP } from "node:net";

/** The 4 or 16 bytes of an IP literal, in network order; null for anything else. A zone is left out. */
export function addressBytes(text: string): Uint8Array | null {
  switch (isIP(text)) {
    case 4:
      return Uint8Array.from(text.split("."), Number);
    case 6:
      return sixteenBytes(text.split("%", 1)[0] ?? "");
    default:
      return null;
  }
}

function sixteenBytes(text: string): Uint8Array {
  const [head = "", tail] = text.split("::");
  const before = groups(head);
  const after = groups(tail ?? "");
  const gap = tail === undefined ? 0 : 8 - before.length - after.length;
  const words = [...before, ...Array.from({ length: gap }, () => 0), ...after];
  return Uint8Array.from(words.flatMap((word) => [word >> 8, word & 0xff]));
}

/** The 16-bit groups of one side of `::`; a dotted end counts as two. */
function groups(side: string): readonly number[] {
  if (side === "") return [];
  return side.split(":").flatMap((group) => {
    if (!group.includes(".")) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split(".").map(Number);
    return [(a << 8) | b, (c << 8) | d];
  });
}
