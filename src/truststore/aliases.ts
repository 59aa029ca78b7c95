/** Longest alias that is written, in UTF-16 units: three octets each still fit into the 16-bit length of a JKS entry. */
export const MAX_ALIAS_LENGTH = 20_000;

/**
 * The form under which Java looks an alias up (java.util.Locale.ENGLISH lower case). JKS finds only aliases that are
 * stored in it; PKCS#12 folds them when it reads.
 */
export function foldAlias(alias: string): string {
  return alias.toLowerCase();
}

/** What is wrong with an alias for a new entry; null when nothing is. */
export function aliasProblem(alias: string): string | null {
  if (alias === "") return "An alias must have at least one character";
  if (alias.length > MAX_ALIAS_LENGTH)
    return `An alias of ${alias.length} characters is too long; at most ${MAX_ALIAS_LENGTH} can be stored`;
  if (/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u.test(alias))
    return "An alias must not contain control characters, line breaks or halves of characters";
  return null;
}

/** An entry that needs an alias of its own. */
export interface AliasWish {
  /** Null where the entry had none. */
  readonly alias: string | null;
  /** What to use then. */
  readonly fallback: string;
}

/**
 * One alias for each entry, in the form that Java finds, and no two alike; collisions get `-2`, `-3` and so on.
 * @param taken folded aliases that are in use already
 */
export function assignAliases(
  wishes: readonly AliasWish[],
  taken: ReadonlySet<string> = new Set(),
): readonly string[] {
  const used = new Set(taken);
  const next = new Map<string, number>();
  return wishes.map(({ alias, fallback }) => {
    const wish = foldAlias(alias ?? "") || foldAlias(fallback) || "ca";
    const base = wish.slice(0, MAX_ALIAS_LENGTH - 8);
    let candidate = base;
    let number = next.get(base) ?? 2;
    while (used.has(candidate)) candidate = `${base}-${number++}`;
    next.set(base, number);
    used.add(candidate);
    return candidate;
  });
}
