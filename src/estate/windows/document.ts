/** The time of a window as written: `from` and `until`, or `weekly`. */
export interface WindowDocument {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly weekly?: string | undefined;
  readonly timeZone?: string | undefined;
}
