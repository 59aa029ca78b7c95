import { javaCipherSuites } from "../cipher-suite-lists.ts";
import type { PlacedHttpdDirective } from "../httpd/load.ts";
import type { HttpdScope } from "../httpd/scope.ts";
import { type Sourced, written } from "../origin.ts";

/** Versions in the words of mod_ibm_ssl with those of everybody else. */
const VERSIONS: ReadonlyMap<string, string> = new Map([
  ["tlsv10", "TLSv1"],
  ["tlsv1", "TLSv1"],
  ["tlsv11", "TLSv1.1"],
  ["tlsv12", "TLSv1.2"],
  ["tlsv13", "TLSv1.3"],
]);

const versionOf = (word: string): string | undefined => VERSIONS.get(word.toLowerCase());

/** Versions and cipher suites, where a virtual host limits them. */
export interface GskitParameters {
  readonly protocols?: Sourced<readonly string[]>;
  readonly cipherSuites?: Sourced<readonly string[]>;
}

/**
 * What `SSLProtocolEnable`, `SSLProtocolDisable` and `SSLCipherSpec` (or with `proxy` those of the proxy) allow. What
 * nobody disables is taken as enabled: the defaults differ between fix packs.
 */
export function gskitParameters(scope: HttpdScope, side: "ssl" | "sslproxy"): GskitParameters {
  const all = (name: string): readonly PlacedHttpdDirective[] => scope.all(`${side}${name}`);
  const disabled = all("protocoldisable");
  const enabled = new Set(
    all("protocolenable").flatMap(({ words }) =>
      words.flatMap(({ text }) => versionOf(text) ?? []),
    ),
  );
  const removed = new Set(
    disabled.flatMap(({ words }) => words.flatMap(({ text }) => versionOf(text) ?? [])),
  );
  const [first] = disabled;
  const versions = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"].filter(
    (version) => enabled.has(version) || !removed.has(version),
  );
  const specs = all("cipherspec");
  const suites = suitesOf(specs);
  const [spec] = specs;
  return {
    ...(first === undefined || removed.size === 0
      ? {}
      : { protocols: written(versions, first.place) }),
    ...(spec === undefined || suites === null ? {} : { cipherSuites: written(suites, spec.place) }),
  };
}

/** The suites that are named; null where a list only adds to or takes from defaults, or uses short codes. */
function suitesOf(specs: readonly PlacedHttpdDirective[]): readonly string[] | null {
  const suites = new Set<string>();
  for (const { words } of specs)
    for (const { text } of words) {
      if (/^(?:ALL|NONE|SSLv[23]|TLSv1\d?)$/iu.test(text)) continue;
      if (/^[+-]/u.test(text)) return null;
      const named = javaCipherSuites(text);
      if (named === null) return null;
      for (const suite of named) suites.add(suite);
    }
  return suites.size === 0 ? null : [...suites];
}
