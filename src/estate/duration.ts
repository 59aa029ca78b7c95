const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** How a duration is written in the estate: digits and one unit, seconds to days. */
export const DURATION_PATTERN: RegExp = /^([0-9]{1,9})([smhd])$/;

/** How a share of a lifetime is written in the estate: 1% to 99%. */
export const SHARE_PATTERN: RegExp = /^([1-9][0-9]?)%$/;

/** Milliseconds of a text such as `30s`, `5m`, `12h` or `30d`; null when it is none. */
export function parseDuration(text: string): number | null {
  const [, digits, unit] = DURATION_PATTERN.exec(text) ?? [];
  if (digits === undefined || !isUnit(unit)) return null;
  return Number(digits) * UNITS[unit];
}

const isUnit = (text: string | undefined): text is keyof typeof UNITS =>
  text !== undefined && Object.hasOwn(UNITS, text);

/** How long before a break a finding is raised: a time, or a share (0 to 1) of the certificate's lifetime. */
export type Threshold =
  | { readonly kind: "duration"; readonly milliseconds: number }
  | { readonly kind: "share"; readonly share: number };

/** Reads a threshold such as `30d` or `33%`; null when it is neither. */
export function parseThreshold(text: string): Threshold | null {
  const [, percent] = SHARE_PATTERN.exec(text) ?? [];
  if (percent !== undefined) return { kind: "share", share: Number(percent) / 100 };
  const milliseconds = parseDuration(text);
  return milliseconds === null ? null : { kind: "duration", milliseconds };
}

/** Milliseconds of a threshold for a certificate that is valid for `lifetime` milliseconds. */
export function thresholdMilliseconds(threshold: Threshold, lifetime: number): number {
  switch (threshold.kind) {
    case "duration":
      return threshold.milliseconds;
    case "share":
      return threshold.share * Math.max(0, lifetime);
  }
}
