import type { ExtensionSpec } from "./certificate-spec.ts";
import { type GeneralNameSpec, nameConstraints, type SubtreeSpec } from "./extension-specs.ts";
import { attribute, nameOf } from "./names.ts";
import type { Random } from "./random.ts";

const dns = (text: string): GeneralNameSpec => ({ kind: "dns", text });
const text = (kind: "email" | "uri", value: string): GeneralNameSpec => ({ kind, text: value });
const ip = (...octets: readonly number[]): GeneralNameSpec => ({ kind: "ip", octets });
const zeros = (count: number): readonly number[] => Array.from({ length: count }, () => 0);
const ones = (count: number): readonly number[] => Array.from({ length: count }, () => 255);

/** Subtrees around the names that the generator gives to servers. */
const BASES: readonly GeneralNameSpec[] = [
  dns("lab.example"),
  dns(".lab.example"),
  dns("example"),
  dns("www.lab.example"),
  dns("LAB.example"),
  dns("ab.example"),
  dns("other.example"),
  dns("corp.test"),
  dns(""),
  dns("."),
  dns("*.lab.example"),
  dns("bad.lab.example"),
  ip(10, 0, 0, 0, 255, 0, 0, 0),
  ip(192, 0, 2, 0, 255, 255, 255, 0),
  ip(0, 0, 0, 0, 0, 0, 0, 0),
  ip(10, 1, 2, 3, 255, 255, 255, 255),
  ip(10, 1, 2, 3, 255, 0, 255, 0),
  ip(...zeros(16), ...zeros(16)),
  ip(0x20, 1, 0x0d, 0xb8, ...zeros(12), ...ones(4), ...zeros(12)),
  ip(...zeros(10), 255, 255, 10, 0, 0, 0, ...ones(13), 0, 0, 0),
  ip(1, 2, 3),
  text("email", "lab.example"),
  text("email", ".example"),
  text("email", "ops@lab.example"),
  text("email", "OPS@lab.example"),
  text("email", "other.example"),
  text("uri", "www.lab.example"),
  text("uri", ".lab.example"),
  text("uri", "lab.example"),
  text("uri", "https://www.lab.example/"),
  { kind: "directory", name: nameOf(attribute("O", "Lab")) },
  { kind: "directory", name: nameOf(attribute("O", "LAB", "printable")) },
  { kind: "directory", name: nameOf(attribute("O", "Other")) },
  { kind: "directory", name: nameOf() },
  { kind: "registered-id", oid: "1.2.3.4" },
  { kind: "registered-id", oid: "1.2.3.5" },
  { kind: "other", text: "ops@lab.example" },
];

function subtree(random: Random, names: readonly GeneralNameSpec[]): SubtreeSpec {
  const own = names.filter(({ kind }) => kind === "dns" || kind === "directory");
  const base = own.length > 0 && random.chance(0.15) ? random.pick(own) : random.pick(BASES);
  if (random.chance(0.97)) return { base };
  return random.chance(0.5) ? { base, minimum: 1 } : { base, maximum: 3 };
}

/** Name constraints that some of the leaf's names may meet. */
export function randomConstraints(
  random: Random,
  names: readonly GeneralNameSpec[],
): ExtensionSpec {
  const many = (): readonly SubtreeSpec[] =>
    Array.from({ length: random.between(1, 3) }, () => subtree(random, names));
  const shape = random.below(10);
  return nameConstraints(
    shape < 6 ? many() : [],
    shape >= 5 && shape < 9 ? many() : [],
    random.chance(0.8),
  );
}
