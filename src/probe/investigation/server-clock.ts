import type { Handshake } from "../handshake.ts";

/** A clock that may be the server's, as one conversation shows it. */
export interface ClockReading {
  /** Milliseconds by which it is ahead of the clock here. */
  readonly ahead: number;
}

/** Readings that have to agree before they are believed. */
export const CLOCK_READINGS = 2;

/** Clocks further off than this are taken for bytes that were drawn by lot: ten years, in milliseconds. */
export const MOST_AHEAD = 10 * 365 * 86_400_000;

/** Most milliseconds by which two readings of one clock differ: they are whole seconds, and conversations take time. */
const TOLERANCE = 5000;

/** What the hellos of TLS 1.2 and before hold where servers write their clock (RFC 5246 section 7.4.1.3). */
export function clockReadings(handshakes: readonly Handshake[]): readonly ClockReading[] {
  return handshakes.flatMap(({ serverHello, startedAt }) => {
    const time = serverHello?.time ?? null;
    if (time === null) return [];
    const ahead = Date.parse(time) - Date.parse(startedAt);
    return Number.isNaN(ahead) ? [] : [{ ahead }];
  });
}

/**
 * Milliseconds by which the server's clock is ahead of the one here, as its hellos show; null where they show none. One
 * is not believed: bytes that are drawn by lot look like a time of this century often enough, and do not agree twice.
 */
export function clockAhead(handshakes: readonly Handshake[]): number | null {
  const readings = clockReadings(handshakes).filter(({ ahead }) => Math.abs(ahead) < MOST_AHEAD);
  for (const [index, { ahead }] of readings.entries())
    if (readings.slice(index + 1).some((other) => Math.abs(other.ahead - ahead) <= TOLERANCE))
      return ahead;
  return null;
}
