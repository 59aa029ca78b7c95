import { loadStoreFiles } from "../../truststore/load.ts";
import { parseLocation } from "../../truststore/location.ts";
import type { StoreEntry, StoreError } from "../../truststore/truststore.ts";
import { fail, ok, type Result } from "../../x509/result.ts";
import type { ChangeMistake } from "./plan-context.ts";

/** The certificates of locations (truststore/location.ts) in their order; every one holds at least one. */
export async function readCertificates(
  locations: readonly string[],
  key: string,
): Promise<Result<readonly StoreEntry[], readonly ChangeMistake[]>> {
  const entries: StoreEntry[] = [];
  const mistakes: ChangeMistake[] = [];
  for (const [index, location] of locations.entries()) {
    const read = await entriesAt(location);
    if (read.ok) entries.push(...read.value);
    else mistakes.push({ at: `${key}.${index}`, message: read.error });
  }
  return mistakes.length === 0 ? ok(entries) : fail(mistakes);
}

/** The certificates of one location; the error is one sentence. */
export async function entriesAt(location: string): Promise<Result<readonly StoreEntry[], string>> {
  const content = await loadStoreFiles(location);
  const where = parseLocation(location).kind === "inline" ? "The text" : location;
  if (!content.ok) return fail(messageOf(content.error, location));
  const entries = content.value.files.flatMap((file) => file.entries);
  return entries.length === 0 ? fail(`${where} holds no certificate`) : ok(entries);
}

/** What a client would make of a store that cannot be opened is beside the point. */
function messageOf({ code, message }: StoreError, location: string): string {
  switch (code) {
    case "not-found":
      return `${location} does not exist`;
    case "password-required":
      return `${location} needs a password; export the certificates to be used as PEM, e.g. by anchorwatch store extract`;
    default:
      return message;
  }
}
