import type { SecretReference } from "../../estate.ts";
import type { StoreFile } from "../../../truststore/truststore.ts";
import { checkStore } from "../check-store.ts";
import { configuredPath } from "../configured-path.ts";
import type { HttpdScope } from "../httpd/scope.ts";
import type { ImportBuilder } from "../import-builder.ts";
import { byDefault, placeOf, type Sourced, written } from "../origin.ts";

/** A key database with the file that holds its password. */
export interface KeyDatabase {
  /** Absolute. */
  readonly path: Sourced<string>;
  readonly password: Sourced<SecretReference> | null;
  /** Labels of the certificates that the server presents; none: the database's default. */
  readonly labels: readonly Sourced<string>[];
}

/** The key database of a virtual host; null when none is written or it is no file. */
export function keyDatabaseOf(
  scope: HttpdScope,
  serverRoot: string,
  builder: ImportBuilder,
): KeyDatabase | null {
  const [first, second] = scope.last("keyfile")?.words ?? [];
  const asks = first?.text.toLowerCase() === "/prompt";
  const word = asks ? second : first;
  if (word === undefined) return null;
  if (/^\/saf$/iu.test(word.text)) {
    builder.note("The key file is a key ring of SAF and no file", word.place);
    return null;
  }
  const path = written(configuredPath(word.text, serverRoot), word.place, word.variables);
  const labels = (scope.last("sslservercert")?.words ?? []).map(({ text, place, variables }) =>
    written(text, place, variables),
  );
  if (asks) {
    builder.note(
      "The password of the key file is typed in at start, and is not stored",
      word.place,
    );
    return { path, password: null, labels };
  }
  return { path, password: stashOf(scope.text("sslstashfile"), path, serverRoot), labels };
}

/** The stash that is named, else the one beside the key file. */
function stashOf(
  named: Sourced<string> | null,
  path: Sourced<string>,
  serverRoot: string,
): Sourced<SecretReference> {
  if (named !== null)
    return { ...named, value: { kind: "stash", path: configuredPath(named.value, serverRoot) } };
  return byDefault(
    { kind: "stash", path: stashBeside(path.value) },
    "SSLStashFile is the key file with the ending .sth",
    placeOf(path),
  );
}

/** The stash file beside a key database. */
export const stashBeside = (path: string): string => `${path.replace(/\.[^./]*$/u, "")}.sth`;

/**
 * Opens a key database with its stash and looks for the labels that are named, and where it is a truststore for signers
 * that are marked as trusted.
 * @returns what it holds; null when it cannot be read
 */
export async function checkKeyDatabase(
  { path, password, labels }: KeyDatabase,
  role: string,
  isTruststore: boolean,
  builder: ImportBuilder,
): Promise<StoreFile | null> {
  let file: StoreFile | null = null;
  for (const alias of labels.length === 0 ? [null] : labels)
    file = await checkStore(
      { role, path, type: null, password, alias, isTruststore, family: "gskit" },
      builder,
    );
  return file;
}
