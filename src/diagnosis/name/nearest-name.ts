/** The name of a certificate that comes closest to the one asked for, and what parts them. */
export interface NearestName {
  readonly name: string;
  /** What parts them, as the end of a sentence. */
  readonly difference: string;
}

/** Edits up to which a name passes for a misspelling of another one. */
const MAX_EDITS = 2;

/**
 * The name that somebody most likely meant: the same without its domain, with one label more or less, or misspelt.
 * Null where none comes close. Wildcards are left to another rule.
 */
export function nearestName(host: string, names: readonly string[]): NearestName | null {
  const wanted = host.toLowerCase();
  const plain = names.filter((name) => !name.includes("*"));
  const full = plain.find((name) => !wanted.includes(".") && name.startsWith(`${wanted}.`));
  if (full !== undefined)
    return { name: full, difference: "which is the same name with its domain" };
  const bare = plain.find((name) => !name.includes(".") && wanted.startsWith(`${name}.`));
  if (bare !== undefined)
    return { name: bare, difference: "which is the same name without its domain" };
  for (const name of plain) {
    const label = extraLabel(wanted, name);
    if (label !== null)
      return { name, difference: `which lacks the label ${label} of the name asked for` };
    const missing = extraLabel(name, wanted);
    if (missing !== null) return { name, difference: `which has the further label ${missing}` };
  }
  const [best] = plain
    .map((name) => ({ name, edits: editDistance(wanted, name) }))
    .filter(({ edits }) => edits <= MAX_EDITS && edits * 4 <= wanted.length)
    .toSorted((a, b) => a.edits - b.edits);
  return best === undefined
    ? null
    : {
        name: best.name,
        difference: `which differs in ${best.edits} letter${best.edits === 1 ? "" : "s"}`,
      };
}

/** The one label that a name has more than another one; null where it is not just one. */
function extraLabel(longer: string, shorter: string): string | null {
  const long = longer.split(".");
  const short = shorter.split(".");
  if (long.length !== short.length + 1 || short.length < 2) return null;
  const at = long.findIndex((label, index) => label !== short[index]);
  const rest = long.toSpliced(at, 1);
  return rest.join(".") === short.join(".") ? (long[at] ?? null) : null;
}

/** Insertions, deletions and replacements between two names (Levenshtein); names are below 254 characters. */
function editDistance(a: string, b: string): number {
  // more edits than this are never asked for
  if (Math.abs(a.length - b.length) > MAX_EDITS) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(
        Math.min(
          (row[j] ?? 0) + 1,
          (next[j - 1] ?? 0) + 1,
          (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        ),
      );
    row = next;
  }
  return row[b.length] ?? 0;
}
