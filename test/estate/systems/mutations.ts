/** A generator of numbers in [0, 1) that repeats itself for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Pieces that configurations are made of, and that parsers stumble over. */
const PIECES = [
  "\0",
  "\r",
  "\u2028",
  "\uFEFF",
  "${",
  "${a:${a}}",
  "{{ .x }}",
  "<!ENTITY a SYSTEM 'file:///etc/passwd'>",
  "<!--",
  "]]>",
  "&#x0;",
  "\\u12",
  "\\",
  '"',
  "'",
  "{",
  "}",
  "[",
  "]",
  ":",
  ",",
  "*a",
  "&a [*a,*a]",
  "<<: *x",
  "__proto__",
  "constructor",
  "https://[::1",
  "https://a b:99999/",
  "ldaps://%00:636",
  "-1",
  "1e999",
  "70000",
  "../../../../etc/passwd",
  "/dev/zero",
  "C:\\x",
  "Include *",
  "include *;",
  "include .;",
  "-----BEGIN CERTIFICATE-----",
  "{aes}AAAA",
  "{xor}",
  "inline:",
  "java-home:/",
  "node:system",
  "\u{1F512}".repeat(50),
  "a".repeat(3000),
  "(".repeat(2000),
  "<a>".repeat(300),
] as const;

/** Puts a piece, or the value of another place, in for one value: the file stays well-formed more often than not. */
function replaceValue(text: string, random: () => number): string {
  const values = [
    ...text.matchAll(/(?<=")[^"\n<>]*(?=")|(?<=>)[^<>\n]+(?=<)|(?<=[=:] ?)[^\s=:;"]+/gu),
  ];
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const chosen = pick(values);
  if (chosen === undefined) return text;
  const replacement = random() < 0.5 ? pick(PIECES) : pick(values)?.[0];
  return `${text.slice(0, chosen.index)}${replacement ?? ""}${text.slice(chosen.index + chosen[0].length)}`;
}

/** Changes bytes at a few places: cut, doubled, flipped, or with something else put in. */
export function mutate(original: Uint8Array, random: () => number): Uint8Array {
  let bytes = Buffer.from(original);
  if (random() < 0.6) {
    let text = bytes.toString("utf8");
    for (let count = 1 + Math.floor(random() * 3); count > 0; count -= 1)
      text = replaceValue(text, random);
    return Buffer.from(text);
  }
  const place = (): number => Math.floor(random() * (bytes.length + 1));
  const times = 1 + Math.floor(random() * 4);
  for (let time = 0; time < times; time += 1) {
    const [at, other] = [place(), place()];
    const [from, to] = at < other ? [at, other] : [other, at];
    switch (Math.floor(random() * 6)) {
      case 0:
        bytes = bytes.subarray(0, at);
        break;
      case 1:
        bytes = Buffer.concat([bytes.subarray(0, from), bytes.subarray(Math.min(to, from + 40))]);
        break;
      case 2:
        bytes = Buffer.concat([
          bytes.subarray(0, from),
          bytes.subarray(from, Math.min(to, from + 500)),
          bytes.subarray(from),
        ]);
        break;
      case 3:
        if (bytes.length > 0)
          bytes.writeUInt8(Math.floor(random() * 256), Math.min(at, bytes.length - 1));
        break;
      default:
        bytes = Buffer.concat([
          bytes.subarray(0, at),
          Buffer.from(PIECES[Math.floor(random() * PIECES.length)] ?? ""),
          bytes.subarray(at),
        ]);
    }
    bytes = Buffer.from(bytes.subarray(0, 2 ** 20));
  }
  return bytes;
}
