import type { Absolute } from "../resolve.ts";
import { mapLocation, parseLocation } from "../../truststore/location.ts";

const PEM_BEGIN = /^\s*-----BEGIN /;

/** Whether a text is certificates themselves: PEM, or `inline:` with Base64. */
export const isInline = (text: string): boolean =>
  PEM_BEGIN.test(text) || parseLocation(text).kind === "inline";

/** A text of a plan as a location (truststore/location.ts): PEM becomes `inline:`, paths become absolute. */
export function certificateLocation(text: string, at: Absolute): string {
  return PEM_BEGIN.test(text)
    ? `inline:${Buffer.from(text).toString("base64")}`
    : mapLocation(text, at);
}
