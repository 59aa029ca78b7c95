/** Protocol versions as they stand in hello messages (RFC 8446 section 4.2.1, RFC 6101). */
export const Version = {
  tls13: 0x0304,
  tls12: 0x0303,
  tls11: 0x0302,
  tls10: 0x0301,
  ssl30: 0x0300,
} as const;

/** Versions that the engine can complete. */
export type SupportedVersion = typeof Version.tls13 | typeof Version.tls12;

const NAMES: ReadonlyMap<number, string> = new Map<number, string>([
  [Version.tls13, "TLSv1.3"],
  [Version.tls12, "TLSv1.2"],
  [Version.tls11, "TLSv1.1"],
  [Version.tls10, "TLSv1.0"],
  [Version.ssl30, "SSLv3"],
]);

/** Name of a version such as `TLSv1.3`; `0xhhhh` when it is not known. */
export function versionName(version: number): string {
  return NAMES.get(version) ?? hex16(version);
}

/** A code point as `0xhhhh`, the spelling of everything that has no registered name here. */
export function hex16(code: number): string {
  return `0x${code.toString(16).padStart(4, "0")}`;
}
