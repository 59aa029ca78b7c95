import { COMMON_NAME } from "../x509/oids.ts";
import type { StoreEntry } from "./truststore.ts";

/** Longest name without fingerprint and extension. */
const MAX_NAME = 60;

/** Names that Windows keeps for devices. */
const DEVICES: ReadonlySet<string> = new Set([
  "con",
  "prn",
  "aux",
  "nul",
  ...Array.from({ length: 10 }, (_, i) => [`com${i}`, `lpt${i}`]).flat(),
]);

/**
 * A file name for each certificate, made of its alias or common name, whatever hostile things stand there: lower-case
 * ASCII letters, digits and hyphens only, so no separators, no leading dots or hyphens, no device names; two alike get
 * a part of their fingerprint.
 */
export function fileNames(entries: readonly StoreEntry[], extension: string): readonly string[] {
  const wishes = entries.map(plainName);
  const counts = new Map<string, number>();
  for (const wish of wishes) counts.set(wish, (counts.get(wish) ?? 0) + 1);
  return entries.map(({ sha256 }, index) => {
    const wish = wishes[index] ?? "";
    const isAlone = wish !== "" && counts.get(wish) === 1;
    return `${isAlone ? wish : `${wish === "" ? "certificate" : wish}-${sha256.slice(0, 16)}`}${extension}`;
  });
}

function plainName({ alias, certificate }: StoreEntry): string {
  const commonName = certificate.ok
    ? certificate.value.subject.rdns.flat().findLast(({ type }) => type === COMMON_NAME)?.text
    : undefined;
  const name = (alias ?? commonName ?? "")
    .slice(0, 1000)
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, MAX_NAME)
    .replaceAll(/^-|-$/g, "");
  return DEVICES.has(name) ? "" : name;
}
