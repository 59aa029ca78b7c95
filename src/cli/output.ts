import { once } from "node:events";
import type { Writable } from "node:stream";
import { styleText } from "node:util";
import { type Paint, plainPaint } from "../report/paint.ts";

/** Writes and waits while the reader is slow, so that nothing piles up in memory. */
export async function write(stream: Writable, text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, "drain");
}

/** Columns that text fills where nobody says how wide the screen is, and at most: longer lines are tiring to read. */
const WIDTH = 80;

/** Columns that text may fill: those of a terminal that is narrower than 80, else 80. */
export function columnsOf({ isTTY, columns }: NodeJS.WriteStream): number {
  return isTTY && columns > 0 ? Math.max(40, Math.min(WIDTH, columns)) : WIDTH;
}

/** Colours where standard output is a terminal and NO_COLOR does not object. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  if (!stream.isTTY) return plainPaint;
  return (style, text) => styleText(style, text, { stream });
}
