/** Octets of a line of iCalendar, its break not counted (RFC 5545 section 3.1). */
const MAX_OCTETS = 75;

/** A value of the type TEXT (RFC 5545 section 3.3.11); control characters, which it may not have, become U+FFFD. */
export function calendarText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(/[^\P{Cc}\n\t]/gu, "\ufffd")
    .replaceAll(/[\\;,]/g, "\\$&")
    .replaceAll("\n", "\\n");
}

/** A moment in UTC (RFC 5545 section 3.3.5, form 2), in whole seconds. */
export function calendarTime(time: number): string {
  return new Date(time)
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(/[-:]/g, "");
}

/**
 * A content line with its break, folded where it is longer than 75 octets, never within a character (RFC 5545
 * section 3.1).
 */
export function contentLine(name: string, value: string): string {
  const lines: string[] = [];
  let line = "";
  let octets = 0;
  for (const character of `${name}:${value}`) {
    const length = Buffer.byteLength(character);
    if (octets + length > MAX_OCTETS) {
      lines.push(line);
      // the space that marks a continuation counts
      line = " ";
      octets = 1;
    }
    line += character;
    octets += length;
  }
  return `${[...lines, line].join("\r\n")}\r\n`;
}
