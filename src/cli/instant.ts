const SHAPE = /^(\d{4}-\d{2}-\d{2})(?:[Tt](\d{2}:\d{2}:\d{2})(\.\d+)?([Zz]|[+-]\d{2}:\d{2}))?$/;

/**
 * Reads an RFC 3339 time, or a date alone, which is its first moment in UTC, as milliseconds since 1970.
 * Null for everything else: a time without a zone, and days that a month does not have, too.
 */
export function parseInstant(text: string): number | null {
  const [, date, clock = "00:00:00", fraction = "", zone = "Z"] = SHAPE.exec(text) ?? [];
  if (date === undefined) return null;
  const day = Date.parse(`${date}T00:00:00Z`);
  // the runtime takes 31 February for 3 March
  if (Number.isNaN(day) || !new Date(day).toISOString().startsWith(date)) return null;
  const time = Date.parse(`${date}T${clock}${fraction.slice(0, 4)}${zone.toUpperCase()}`);
  return Number.isNaN(time) ? null : time;
}
