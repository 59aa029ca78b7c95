/** Versions of TLS that configurations of Java systems enable, by the names of SSLContext and SSLSocket. */
const VERSIONS = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const;

/**
 * Understands a list of versions as Java systems write it: `TLSv1.2,TLSv1.3`, `TLSv1.2+TLSv1.3`, with blanks, or `all`.
 * `TLS` alone stands for whatever the JVM enables. Versions that no TLS client offers any more (`SSLv3`) are left out.
 */
export function javaProtocols(text: string): readonly string[] {
  const words = text.split(/[\s,;+]+/u).filter((word) => word !== "");
  const all = words.some((word) => /^(?:all|tls)$/iu.test(word));
  return VERSIONS.filter((version) => {
    const named = (word: string): boolean => word.toLowerCase() === version.toLowerCase();
    if (words.some((word) => word.startsWith("-") && named(word.slice(1)))) return false;
    return (
      all ||
      words.some(named) ||
      (version === "TLSv1" && words.some((word) => /^tlsv1\.0$/iu.test(word)))
    );
  });
}
