import { shellWord } from "../../truststore/conversion.ts";
import { isKnownPassword } from "../../truststore/known-passwords.ts";
import { loadStoreFile } from "../../truststore/load.ts";
import { FORMAT_NAMES, type StoreFormat } from "../../truststore/store-format.ts";
import type { StoreFile } from "../../truststore/truststore.ts";
import type { SecretReference } from "../estate.ts";
import type { ImportBuilder } from "./import-builder.ts";
import { type Place, placeOf, type Sourced } from "./origin.ts";
import { readSecret } from "./secret/read-secret.ts";

/** A keystore or truststore as a configuration names it. */
export interface ConfiguredStore {
  /** What the configuration calls it, e.g. `keystoreFile`. */
  readonly role: string;
  /** Absolute. */
  readonly path: Sourced<string>;
  /** As written, e.g. `JKS`; null when nothing is declared. */
  readonly type: Sourced<string> | null;
  readonly password: Sourced<SecretReference> | null;
  /** The entry that has to be in it; null when none is named. */
  readonly alias: Sourced<string> | null;
  /** Whether it has to hold a certificate that a Java client takes as an anchor. */
  readonly isTruststore: boolean;
}

/** Names of store types in configurations with the format that they stand for. */
const TYPES: ReadonlyMap<string, StoreFormat> = new Map([
  ["jks", "jks"],
  ["jceks", "jceks"],
  ["pkcs12", "pkcs12"],
  ["p12", "pkcs12"],
  ["pfx", "pkcs12"],
  ["bks", "bks"],
  ["bcfks", "bcfks"],
  ["pem", "pem"],
]);

/** Formats that Java opens under either name (KeyStoreDelegator, `keystore.type.compat`). */
const EITHER: ReadonlySet<StoreFormat> = new Set<StoreFormat>(["jks", "pkcs12"]);

/**
 * Opens a store that a configuration names with the password that it gives, and says what is wrong with either: missing
 * or unreadable file, wrong or well-known password, another type than declared, no entry of the alias.
 */
export async function checkStore(store: ConfiguredStore, builder: ImportBuilder): Promise<void> {
  const { role, path, type, password } = store;
  const secret = password === null ? null : await readSecret(password.value);
  if (secret !== null && !secret.ok) builder.note(secret.error.message, placeOf(path));
  const text = secret?.ok === true ? secret.value : null;
  if (text !== null && password !== null && isKnownPassword(text))
    builder.issue({
      code: "estate.default-password",
      severity: "info",
      summary: `The password of ${role} is one that everybody knows`,
      place: placeOf(password),
      remedy: [
        `keytool -storepasswd -keystore ${shellWord(path.value)}`,
        "Put the new password where the configuration reads it",
      ],
    });
  if (path.value.includes("${")) return;
  const loaded = await loadStoreFile(path.value, { password: text });
  if (!loaded.ok) {
    // behind the semicolon is what it means for a truststore
    const [first = ""] = store.isTruststore
      ? [loaded.error.message]
      : loaded.error.message.split(";");
    builder.issue(unusable(store, first, placeOf(path)));
    return;
  }
  const file = loaded.value;
  if (file.integrity === "wrong")
    builder.issue(
      unusable(store, "the password does not fit it", password === null ? null : placeOf(password)),
    );
  if (type !== null) checkType(store, type, file, builder);
  checkAlias(store, file, builder);
  if (store.isTruststore && !file.entries.some((entry) => entry.visibleToJava.visible))
    builder.issue(unusable(store, "it holds no trusted certificate", placeOf(path)));
}

const unusable = (
  { role, path }: ConfiguredStore,
  why: string,
  place: Place | null,
): Parameters<ImportBuilder["issue"]>[0] => ({
  code: "estate.store-unusable",
  severity: "warning",
  summary: `The store of ${role}, ${path.value}, is of no use: ${why.replace(`${path.value}: `, "")}`,
  place,
  remedy: [`anchorwatch store show ${shellWord(path.value)}`],
});

function checkType(
  { role, path }: ConfiguredStore,
  type: Sourced<string>,
  { format }: StoreFile,
  builder: ImportBuilder,
): void {
  const declared = TYPES.get(type.value.toLowerCase());
  if (declared === undefined || declared === format) return;
  const opens = EITHER.has(declared) && EITHER.has(format);
  builder.issue({
    code: "estate.store-type-differs",
    severity: opens ? "info" : "warning",
    summary: `${role} is declared as ${type.value}, and ${path.value} is ${FORMAT_NAMES[format]}${opens ? "; Java opens it nevertheless unless keystore.type.compat=false" : ""}`,
    place: placeOf(type),
    remedy: [
      `Declare the type that the file has, or convert it: anchorwatch store convert ${shellWord(path.value)}`,
    ],
  });
}

function checkAlias(
  { role, path, alias }: ConfiguredStore,
  { entries }: StoreFile,
  builder: ImportBuilder,
): void {
  if (alias === null) return;
  const aliases = [...new Set(entries.flatMap((entry) => entry.alias ?? []))];
  const wanted = alias.value.toLowerCase();
  // entries that cannot be read without a password have no alias either
  if (aliases.length === 0 || aliases.some((each) => each.toLowerCase() === wanted)) return;
  builder.issue({
    code: "estate.alias-missing",
    severity: "warning",
    summary: `${role} names the alias "${alias.value}", and ${path.value} has ${aliases
      .slice(0, 5)
      .map((each) => `"${each}"`)
      .join(", ")}`,
    place: placeOf(alias),
    remedy: [
      `anchorwatch store list ${shellWord(path.value)}`,
      "Correct the alias or import the entry under it",
    ],
  });
}
