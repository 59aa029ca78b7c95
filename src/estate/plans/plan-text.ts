import type { Absolute } from "../resolve.ts";
import { mapLocation, parseLocation } from "../../truststore/location.ts";

const PEM_BEGIN = "-----BEGIN ";

/** Whether a text is certificates themselves: PEM, comments included, or `inline:` with Base64. */
export const isInline = (text: string): boolean =>
  text.includes(PEM_BEGIN) || parseLocation(text).kind === "inline";

/** A text of a plan as a location (truststore/location.ts): PEM becomes `inline:`, paths become absolute. */
export function certificateLocation(text: string, at: Absolute): string {
  return text.includes(PEM_BEGIN)
    ? `inline:${Buffer.from(text).toString("base64")}`
    : mapLocation(text, at);
}
