import { opensslCipherSuites } from "../cipher-suite-lists.ts";
import { type Sourced, written } from "../origin.ts";
import type { HaproxyConfiguration, HaproxyFlags } from "./configuration.ts";

/** The suites of `ciphers` and `ciphersuites`, of the line or of the defaults in `global`; null when nothing limits them. */
export function haproxySuites(
  flags: HaproxyFlags,
  configuration: HaproxyConfiguration,
  side: "bind" | "server",
): Sourced<readonly string[]> | null {
  const older =
    flags.value("ciphers") ??
    configuration.global(`ssl-default-${side}-ciphers`).at(-1)?.words[0] ??
    null;
  const newer =
    flags.value("ciphersuites") ??
    configuration.global(`ssl-default-${side}-ciphersuites`).at(-1)?.words[0] ??
    null;
  if (older === null) return null;
  const suites = opensslCipherSuites(older.text, newer?.text ?? null);
  return suites === null ? null : written(suites, older.place, older.variables);
}
