/** Styles that text output uses; colour is never the only sign. */
export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

/** Applies a style, or returns the text as it is where colours are off. */
export type Paint = (style: Style, text: string) => string;

/** No colours. */
export const plainPaint: Paint = (_style, text) => text;
