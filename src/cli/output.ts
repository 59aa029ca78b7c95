import { once } from "node:events";
import type { Writable } from "node:stream";
import { styleText } from "node:util";
import { type Paint, plainPaint } from "../report/paint.ts";

/** Writes and waits while the reader is slow, so that nothing piles up in memory. */
export async function write(stream: Writable, text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, "drain");
}

/** Colours where standard output is a terminal and NO_COLOR does not object. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  if (!stream.isTTY) return plainPaint;
  return (style, text) => styleText(style, text, { stream });
}
