import { type Place, type Sourced, written } from "../origin.ts";
import type { HaproxyFlags } from "./configuration.ts";

/** Versions with the keywords of `ssl-min-ver` and `no-…`. */
const VERSIONS = [
  ["TLSv1.0", "no-tlsv10", "TLSv1"],
  ["TLSv1.1", "no-tlsv11", "TLSv1.1"],
  ["TLSv1.2", "no-tlsv12", "TLSv1.2"],
  ["TLSv1.3", "no-tlsv13", "TLSv1.3"],
] as const;

/**
 * Versions that the flags of a line allow, those of `ssl-default-*-options` first; null when nothing limits them. Without
 * ssl-min-ver HAProxy 2.2 and later begin at TLS 1.2, older ones at TLS 1.0, so a lower end that nobody wrote is open.
 */
export function haproxyVersions(
  flags: HaproxyFlags,
  place: Place,
): Sourced<readonly string[]> | null {
  const low = flags.value("ssl-min-ver");
  const high = flags.value("ssl-max-ver");
  const removed = VERSIONS.filter(([, word]) => flags.has(word));
  const forced = VERSIONS.find(([, word]) => flags.has(word.replace("no-", "force-")));
  if (low === null && high === null && removed.length === 0 && forced === undefined) return null;
  const from = low === null ? 0 : VERSIONS.findIndex(([name]) => name === low.text);
  const to =
    high === null ? VERSIONS.length - 1 : VERSIONS.findIndex(([name]) => name === high.text);
  const allowed = VERSIONS.filter(
    (version, index) =>
      index >= from &&
      index <= to &&
      !removed.includes(version) &&
      (forced === undefined || forced === version),
  ).map(([, , name]) => name);
  return written(allowed, (low ?? high)?.place ?? place);
}
