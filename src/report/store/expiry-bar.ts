/** Cells of a bar. */
const CELLS = 20;

/** What is left of a certificate's lifetime. */
export interface LifetimeLeft {
  /** Share from 0 to 1; 0 after the end, 1 before the beginning. */
  readonly share: number;
  /** Whole days to the end, negative after it. */
  readonly days: number;
}

const DAY = 86_400_000;

/** What is left of the time from `notBefore` to `notAfter`; all in ms since 1970. */
export function lifetimeLeft(notBefore: number, notAfter: number, at: number): LifetimeLeft {
  const lifetime = notAfter - notBefore;
  const share = lifetime <= 0 ? 0 : (notAfter - at) / lifetime;
  return {
    share: notAfter < at ? 0 : Math.min(1, Math.max(0, share)),
    days: Math.floor((notAfter - at) / DAY),
  };
}

/** `[##############------]`: the share that is left, in characters that every terminal, log and printer has. */
export function expiryBar({ share, days }: LifetimeLeft): string {
  const alive = days >= 0 && share > 0;
  const full = alive ? Math.max(1, Math.round(share * CELLS)) : 0;
  return `[${"#".repeat(full)}${"-".repeat(CELLS - full)}]`;
}

/** `92 % left, 5543 days`. */
export function lifetimeText({ share, days }: LifetimeLeft): string {
  return `${Math.floor(share * 100)} % left, ${days} ${days === 1 ? "day" : "days"}`;
}
