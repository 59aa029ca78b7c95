const MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)";
const CLOCK = String.raw`\d{1,2}:\d{2}:\d{2}(?:[.,:]\d{1,9})?`;

/** How logs write the time at which a line was made; each is tried at one place and reads at most 40 characters. */
const FORMS: readonly RegExp[] = [
  // 2026-11-21T11:23:48.123Z, 2026-11-21 11:23:48,123 +0100, 2026/11/21 11:23:48
  String.raw`\d{4}[-/]\d{2}[-/]\d{2}[T ]${CLOCK}(?: ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?`,
  // Sat Nov 21 11:23:48.123456 2026, Nov 21 11:23:48, Nov 21, 2026 11:23:48 AM
  String.raw`(?:[A-Z][a-z]{2} )?${MONTH} {1,2}\d{1,2},? (?:\d{4} )?${CLOCK}(?: [AP]M)?(?: \d{4})?`,
  // 21/Nov/2026:11:23:48 +0000, 21-Nov-2026 11:23:48.123
  String.raw`\d{1,2}[-/]${MONTH}[-/]\d{4}[: ]${CLOCK}(?: [+-]\d{4})?`,
  // 11/21/26 11:23:48:123 UTC, 21.11.26 11:23:48:123 MEZ
  String.raw`\d{1,2}[./]\d{1,2}[./]\d{2,4},? ${CLOCK}(?: [AP]M)?(?: [A-Z]{3,4}\b)?`,
  // 1795260228.123, 1795260228123: seconds or milliseconds since 1970, from 2001 until 2065
  String.raw`[12]\d{9}(?:\d{3}|\.\d{1,9})?(?=[\s\]):,|"]|$)`,
  // E1121 11:23:48.123456
  String.raw`[IWEF]\d{4} ${CLOCK}`,
].map((form) => new RegExp(form, "y"));

/** What may stand before the time of a line: brackets, priorities, process numbers, names of keys. */
const LEAD =
  /(?:<\d{1,3}>\d? ?)?[[("]{0,2} {0,8}(?:\d{1,7}\( {0,8}\d{1,7}\) {1,2})?(?:time="|ts="|javax\.net\.ssl\|[A-Z]{1,8}\|[0-9A-F]{2,4}\|[^|]{0,60}\|)?/y;

/** The time at the beginning of a line of a log, as written there; null when it begins with none. */
export function timeOf(line: string): string | null {
  LEAD.lastIndex = 0;
  const at = LEAD.exec(line)?.[0].length ?? 0;
  const first = line.charCodeAt(at);
  const isDigit = first >= 48 && first <= 57;
  if (!isDigit && !(first >= 65 && first <= 87)) return null;
  for (const form of FORMS) {
    form.lastIndex = at;
    const found = form.exec(line);
    if (found !== null) return found[0];
  }
  return null;
}
