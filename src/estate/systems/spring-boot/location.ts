import { certificatesFromPem, inlineLocation } from "../certificate-text.ts";
import { configuredPath } from "../configured-path.ts";
import type { ImportBuilder } from "../import-builder.ts";
import { placeOf, type Sourced } from "../origin.ts";

/**
 * The location of a store as Spring writes it: `file:`, a path, or PEM text in place; null, with a note, for what is in
 * the program itself (`classpath:`) or behind another URL.
 */
export function storeLocation(
  written: Sourced<string>,
  base: string,
  what: string,
  builder: ImportBuilder,
): Sourced<string> | null {
  const { value } = written;
  if (value.includes("-----BEGIN")) {
    const [first] = certificatesFromPem(value);
    if (first !== undefined) return { ...written, value: inlineLocation(first) };
    builder.note(`${what} holds PEM text without a certificate that can be read`, placeOf(written));
    return null;
  }
  if (/^(?:classpath\*?|https?|jar):/iu.test(value)) {
    builder.note(
      `${what} is inside the program or behind a URL, and is not read; copy the store out and name it in the estate`,
      placeOf(written),
    );
    return null;
  }
  return { ...written, value: configuredPath(value, base) };
}
