/** How something is to be taken; never shown by colour alone. */
export type Tone = "good" | "warning" | "bad" | "soft";

/** A part of a report that text, Markdown and HTML each show in their own way. All texts are plain. */
export type Block =
  | { readonly kind: "heading"; readonly level: 1 | 2 | 3; readonly text: string }
  | { readonly kind: "paragraph"; readonly text: string; readonly tone?: Tone }
  | {
      readonly kind: "table";
      readonly columns: readonly string[];
      readonly rows: readonly (readonly string[])[];
      /** One for each row. @default none */
      readonly tones?: readonly Tone[];
    }
  | { readonly kind: "list"; readonly ordered: boolean; readonly items: readonly string[] }
  /** Lines to be copied or read as they are. */
  | { readonly kind: "code"; readonly lines: readonly string[] };

/** The heading of a part of a report. */
export const section = (text: string): Block => ({ kind: "heading", level: 2, text });

/** Most rows of one table in a report for people; the other formats have all. */
export const MAX_ROWS = 500;

/** A table, with a word about rows that are left out. */
export function table(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  tones?: readonly Tone[],
): readonly Block[] {
  const shown: Block = {
    kind: "table",
    columns,
    rows: rows.slice(0, MAX_ROWS),
    ...(tones === undefined ? {} : { tones: tones.slice(0, MAX_ROWS) }),
  };
  return rows.length <= MAX_ROWS
    ? [shown]
    : [
        shown,
        {
          kind: "paragraph",
          text: `${rows.length - MAX_ROWS} further rows are in the formats json and ndjson.`,
          tone: "soft",
        },
      ];
}
