/** RFC 3339 in UTC, in whole seconds. */
export function timeText(time: number): string {
  return new Date(time).toISOString().replace(/\.\d{3}Z$/, "Z");
}
