/** Versions that mod_ssl speaks, in order. */
const VERSIONS = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const;

/** The versions of `SSLProtocol` and its like: words are taken in order, `+` adds, `-` takes away, none of them sets. */
export function httpdProtocols(words: readonly string[]): readonly string[] {
  let enabled = new Set<string>();
  for (const word of words) {
    const [, sign = "", name = ""] = /^([+-]?)(.*)$/u.exec(word) ?? [];
    const named = VERSIONS.filter(
      (version) => name.toLowerCase() === "all" || name.toLowerCase() === version.toLowerCase(),
    );
    if (sign === "-") for (const version of named) enabled.delete(version);
    else if (sign === "+") for (const version of named) enabled.add(version);
    else enabled = new Set(named);
  }
  return VERSIONS.filter((version) => enabled.has(version));
}
