/** One element of an encoding as a tree that can be changed and written again. */
interface Node {
  tag: number;
  /** Content octets of a primitive element; ignored when there are children. */
  content: Uint8Array;
  children: Node[] | null;
  /** What stands before the children inside a wrapper: the unused-bits octet of a BIT STRING. */
  prefix: Uint8Array;
  /** How the length is written. */
  length: "minimal" | "padded" | "indefinite";
  /** Octets that follow the children. */
  suffix: Uint8Array;
}

/** A changed certificate and what was changed. */
export interface Mutation {
  readonly der: Uint8Array;
  readonly what: string;
}

/** A generator of numbers in [0, 1) that repeats itself for the same seed (splitmix32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

const NONE = new Uint8Array();

function parseAll(bytes: Uint8Array): Node[] | null {
  const nodes: Node[] = [];
  let at = 0;
  while (at < bytes.length) {
    const tag = bytes[at] ?? 0;
    const first = bytes[at + 1];
    if (first === undefined || (tag & 0x1f) === 0x1f) return null;
    let length = first;
    let content = at + 2;
    if (first >= 0x80) {
      const octets = first & 0x7f;
      if (octets === 0 || octets > 3) return null;
      length = 0;
      for (let i = 0; i < octets; i++) length = length * 256 + (bytes[content + i] ?? 0);
      content += octets;
      if (length < 0x80) return null;
    }
    if (content + length > bytes.length) return null;
    nodes.push(nodeOf(tag, bytes.subarray(content, content + length)));
    at = content + length;
  }
  return nodes;
}

function nodeOf(tag: number, content: Uint8Array): Node {
  const plain: Node = {
    tag,
    content,
    children: null,
    prefix: NONE,
    length: "minimal",
    suffix: NONE,
  };
  if ((tag & 0x20) !== 0) return { ...plain, children: parseAll(content) };
  const isWrapper = tag === 0x04 || tag === 0x03;
  const prefix = tag === 0x03 ? content.subarray(0, 1) : NONE;
  const body = content.subarray(prefix.length);
  // extension values and RSA keys are encodings inside strings; signatures look like one only for ECDSA
  const children = isWrapper && body.length > 2 && body[0] === 0x30 ? parseAll(body) : null;
  return { ...plain, prefix, children: children ?? null };
}

function write(node: Node): Buffer {
  const body =
    node.children === null
      ? Buffer.from(node.content)
      : Buffer.concat([node.prefix, ...node.children.map(write), node.suffix]);
  const { length } = body;
  if (node.length === "indefinite")
    return Buffer.concat([Buffer.from([node.tag, 0x80]), body, Buffer.from([0, 0])]);
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  const header =
    node.length === "padded"
      ? [0x80 | (octets.length + 1), 0, ...octets]
      : length < 0x80
        ? [length]
        : [0x80 | octets.length, ...octets];
  return Buffer.concat([Buffer.from([node.tag, ...header]), body]);
}

/** Every node with its parent, in encoded order. */
function list(root: Node): { readonly node: Node; readonly parent: Node | null }[] {
  const found: { node: Node; parent: Node | null }[] = [];
  const walk = (node: Node, parent: Node | null): void => {
    found.push({ node, parent });
    for (const child of node.children ?? []) walk(child, node);
  };
  walk(root, null);
  return found;
}

const TAGS = [
  0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0a, 0x0c, 0x12, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1a, 0x1b,
  0x1c, 0x1e, 0x23, 0x24, 0x30, 0x31, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89,
  0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0x1f, 0x00,
];
const TIMES = [
  "2611210533Z",
  "261121053344+0130",
  "261121053344-0000",
  "20261121053344Z",
  "20261121053344.5Z",
  "202611210533Z",
  "20261121053344",
  "261121053344",
  "261321053344Z",
  "260230053344Z",
  "261121243344Z",
  "261121053360Z",
  "991231235959Z",
  "500101000000Z",
  "00000101000000Z",
  "99991231235959Z",
  "20261121053344+0130",
  "2026112105Z",
  "26112105Z",
  "2611210533+0100",
  "20261121053344,25Z",
  "",
  "Z",
  "2611210533444Z",
];
const STRINGS = [
  "",
  "a b",
  "*.example.com",
  "a_b",
  "\u00e4",
  "ex ample",
  "a@b",
  "10.0.0.1",
  "&",
  "a\0b",
];
const NAMES: readonly (readonly [number, string])[] = [
  [0x82, ""],
  [0x82, "*.example.com"],
  [0x82, "ex\u00e4mple"],
  [0x81, ""],
  [0x81, "a@"],
  [0x81, "@."],
  [0x86, "https://example.com/x"],
  [0x86, "no scheme"],
  [0x86, "//host"],
  [0x86, "http://[::1/"],
  [0x86, "http://exa_mple.com/"],
  [0x86, "http://a b/"],
  [0x86, "http://1.2.3.4:x/"],
  [0x86, "urn:x"],
  [0x87, "abc"],
  [0x87, "abcd"],
  [0x87, "abcdefgh"],
  [0x88, "*\u0003"],
  [0x88, ""],
  [0x89, "x"],
  [0xa2, ""],
  [0x8b, "x"],
  [0xa0, ""],
];
const INTEGERS: readonly (readonly number[])[] = [
  [],
  [0],
  [0, 1],
  [0, 0, 1],
  [0xff],
  [0xff, 0xff],
  [0xff, 0x7f],
  [0x7f],
  [2],
  [3],
  [4],
  [0x80],
  [1, 0, 0, 0, 0],
  [0, 0xff, 0xff, 0xff, 0xff],
  [0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [1, 0, 0, 0, 0, 0, 0, 0, 0],
  Array.from({ length: 21 }, () => 0x55),
  [0, ...Array.from({ length: 20 }, () => 0xaa)],
];
const OIDS = [
  "",
  "80",
  "8001",
  "550403",
  "55048003",
  "550481",
  "2a864886f70d01010b",
  "2b06010505070301",
  "ffffffff7f",
  "551d8f00",
  "2a8fffffffff7f",
  "2affffffffffffffffffff7f",
  "551d0f",
  "551d11",
  "551d13",
  "551d1e",
  "551d23",
  "551d36",
  "551d24",
  "2a8648ce3d020106082a8648ce3d030107",
  "2b240303020801010b",
].map((hex) => Buffer.from(hex, "hex"));

/** Endless changed certificates: one to three changes each, most of them to the tree, some to single bits. */
export function* mutations(
  certificates: readonly Uint8Array[],
  seed: number,
): Generator<Mutation, never> {
  const random = randomNumbers(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(of: readonly T[]): T => {
    const chosen = of[below(of.length)];
    if (chosen === undefined) throw new Error("Nothing to pick from");
    return chosen;
  };
  for (;;) {
    const original = pick(certificates);
    if (random() < 0.12) {
      const der = Uint8Array.from(original);
      const bit = below(der.length * 8);
      der[bit >> 3] = (der[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      yield { der, what: `bit ${bit} flipped` };
      continue;
    }
    const [root] = parseAll(original) ?? [];
    if (root === undefined) throw new Error("A seed is no certificate");
    const changes: string[] = [];
    const context = { root, random, below, pick };
    for (let count = random() < 0.85 ? 1 : 2; count > 0; count--) changes.push(change(context));
    yield { der: Uint8Array.from(write(root)), what: changes.join("; ") };
  }
}

interface Context {
  readonly root: Node;
  readonly random: () => number;
  readonly below: (limit: number) => number;
  readonly pick: <T>(of: readonly T[]) => T;
}

/** Changes one node; what a type of element suggests comes first. */
function change(context: Context): string {
  const { root, random, below, pick } = context;
  const { node, parent } = pick(list(root));
  const where = `0x${node.tag.toString(16)} of ${write(node).length} octets`;
  if (random() < 0.5) {
    const special = changeContent(node, parent, context);
    if (special !== null) return `${where}: ${special}`;
  }
  switch (below(12)) {
    case 0:
      node.tag = pick(TAGS);
      return `${where}: tag 0x${node.tag.toString(16)}`;
    case 1:
      node.length = "padded";
      return `${where}: padded length`;
    case 2:
      node.length = "indefinite";
      return `${where}: indefinite length`;
    case 3:
      if (node.children === null)
        node.content = node.content.subarray(0, below(node.content.length + 1));
      else node.children = node.children.slice(0, below(node.children.length + 1));
      return `${where}: cut`;
    case 4: {
      const siblings = parent?.children ?? [];
      if (siblings.length > 0) siblings.splice(siblings.indexOf(node), 1);
      return `${where}: removed`;
    }
    case 5: {
      const siblings = parent?.children ?? [];
      if (siblings.length > 0) siblings.splice(siblings.indexOf(node), 0, structuredClone(node));
      return `${where}: doubled`;
    }
    case 6:
    case 7: {
      const extra = nodeOf(pick([0x05, 0x02, 0x01, 0x04, 0x30, 0x0c, 0xa0, 0x80]), NONE);
      if (node.children === null) return `${where}: kept`;
      node.children.splice(below(node.children.length + 1), 0, extra);
      return `${where}: 0x${extra.tag.toString(16)} inserted`;
    }
    case 8:
      node.suffix = Uint8Array.from([0, 0].slice(below(2)));
      return `${where}: zeros behind the children`;
    case 9:
      parent?.children?.reverse();
      return `${where}: siblings reversed`;
    case 10: {
      const inner = { ...node };
      Object.assign(node, nodeOf(pick([0x30, 0x31, 0xa0, 0xa3, 0x24]), NONE), {
        children: [inner],
      });
      return `${where}: wrapped`;
    }
    default:
      if (node.children === null) {
        node.content = Uint8Array.from(node.content, (octet) =>
          random() < 0.2 ? below(256) : octet,
        );
        return `${where}: octets changed`;
      }
      node.children = [];
      node.content = NONE;
      return `${where}: emptied`;
  }
}

function changeContent(node: Node, parent: Node | null, { below, pick }: Context): string | null {
  const set = (bytes: Uint8Array, what: string): string => {
    node.content = bytes;
    node.children = null;
    return what;
  };
  switch (node.tag) {
    case 0x01:
      return set(Uint8Array.from(pick([[], [0], [1], [0xff], [0x80], [0xff, 0xff]])), "boolean");
    case 0x02: {
      const value = pick(INTEGERS);
      return set(Uint8Array.from(value), `integer ${Buffer.from(value).toString("hex")}`);
    }
    case 0x03: {
      const unused = pick([0, 1, 3, 7, 8, 0xff]);
      if (node.children === null)
        node.content = Uint8Array.from([unused, ...node.content.subarray(1)]);
      else node.prefix = Uint8Array.of(unused);
      return `${unused} unused bits`;
    }
    case 0x06: {
      const oid = pick(OIDS);
      return set(oid, `oid ${oid.toString("hex")}`);
    }
    case 0x17:
    case 0x18: {
      node.tag = pick([0x17, 0x18]);
      return set(Buffer.from(pick(TIMES), "latin1"), "time");
    }
    case 0x0c:
    case 0x13:
    case 0x16: {
      node.tag = pick([0x0c, 0x13, 0x16, 0x14, 0x1e, 0x1c, 0x12, 0x1a, 0x1b, 0x03, 0x05, 0x30]);
      return set(Buffer.from(pick(STRINGS), "latin1"), `string type 0x${node.tag.toString(16)}`);
    }
    case 0x05:
      return set(Uint8Array.from(pick([[], [0], [5, 0]])), "null");
    case 0x81:
    case 0x82:
    case 0x86:
    case 0x87: {
      const [tag, text] = pick(NAMES);
      node.tag = tag;
      return set(Buffer.from(text, "latin1"), `name 0x${tag.toString(16)} ${JSON.stringify(text)}`);
    }
    case 0x80:
      return set(
        Uint8Array.from({ length: below(24) }, () => below(256)),
        "implicit value",
      );
    case 0xa0: {
      const [version] = node.children ?? [];
      if (parent === null || version === undefined) return null;
      version.content = Uint8Array.from(pick([[0], [1], [2], [3], [5], [0xff], [0, 2], []]));
      return `version ${Buffer.from(version.content).toString("hex")}`;
    }
    default:
      return null;
  }
}
