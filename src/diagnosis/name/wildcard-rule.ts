/** A wildcard that looks as if it covered a name, and the rule by which it does not (RFC 6125 section 6.4.3). */
export interface WildcardMiss {
  readonly pattern: string;
  /** Why, as the end of a sentence. */
  readonly rule: string;
}

/** The wildcard of a certificate that misses a host by a rule; null where none comes near. */
export function wildcardMiss(
  host: string,
  names: readonly string[],
  client: string,
): WildcardMiss | null {
  const wanted = host.toLowerCase();
  for (const pattern of names) {
    const rule = pattern.includes("*") ? missedRule(wanted, pattern, client) : null;
    if (rule !== null) return { pattern, rule };
  }
  return null;
}

function missedRule(host: string, pattern: string, client: string): string | null {
  const [first = "", ...rest] = pattern.split(".");
  const domain = rest.join(".");
  if (domain.includes("*"))
    return looksLike(host, pattern) ? "an asterisk counts in the first label only" : null;
  if (first === "*") {
    if (host === domain) return "a wildcard does not cover the domain itself";
    if (!host.endsWith(`.${domain}`)) return null;
    const below = host.slice(0, -domain.length - 1).split(".");
    if (below.length > 1) return `the asterisk stands for one label, not for ${below.length}`;
    return rest.length < 2
      ? `${client} does not accept a wildcard directly below a top-level domain`
      : `${client} does not accept wildcards`;
  }
  return looksLike(host, pattern)
    ? `${client} takes an asterisk for a whole label only, not for part of one`
    : null;
}

/** Whether asterisks for any characters would make the pattern fit; quadratic at worst, names are short. */
function looksLike(host: string, pattern: string): boolean {
  const parts = pattern.split("*");
  const head = parts[0] ?? "";
  if (!host.startsWith(head)) return false;
  let rest = host.slice(head.length);
  for (const part of parts.slice(1, -1)) {
    const at = rest.indexOf(part);
    if (at < 0) return false;
    rest = rest.slice(at + part.length);
  }
  return rest.endsWith(parts.at(-1) ?? "");
}
