import { dirname } from "node:path";
import { shellWord } from "../../truststore/conversion.ts";
import { isKnownPassword } from "../../truststore/known-passwords.ts";
import { loadStoreFile } from "../../truststore/load.ts";
import { FORMAT_NAMES, type StoreFormat } from "../../truststore/store-format.ts";
import type { StoreEntry, StoreFamily, StoreFile } from "../../truststore/truststore.ts";
import type { Certificate } from "../../x509/certificate.ts";
import type { SecretReference } from "../estate.ts";
import { isAuthority } from "./certificate-text.ts";
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
  /** Whether it has to hold a certificate that its client takes as an anchor. */
  readonly isTruststore: boolean;
  /** Which entries its client sees as anchors. @default "java" */
  readonly family?: StoreFamily;
  /** Whether it is meant to hold the certificates of single clients, not of CAs. @default false */
  readonly isListOfClients?: boolean;
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
 * or unreadable file, wrong or well-known password, another type than declared, no entry of the alias, and in a truststore
 * anchors that are none or have expired.
 * @returns what it holds; null when it cannot be read
 */
export async function checkStore(
  store: ConfiguredStore,
  builder: ImportBuilder,
): Promise<StoreFile | null> {
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
  if (path.value.includes("${")) return null;
  const loaded = await loadStoreFile(path.value, { password: text });
  if (!loaded.ok) {
    // behind the semicolon is what it means for a truststore of Java
    const [first = ""] =
      store.isTruststore && (store.family ?? "java") === "java"
        ? [loaded.error.message]
        : loaded.error.message.split(";");
    const missing = loaded.error.code === "not-found";
    builder.issue({
      ...unusable(store, first, placeOf(path)),
      ...(missing ? { remedy: missingSteps(store) } : {}),
    });
    return null;
  }
  const file = loaded.value;
  if (file.integrity === "wrong")
    builder.issue(
      unusable(store, "the password does not fit it", password === null ? null : placeOf(password)),
    );
  if (type !== null) checkType(store, type, file, builder);
  else checkName(store, file, builder);
  checkAlias(store, file, builder);
  if (store.isTruststore) checkAnchors(store, file, builder);
  return file;
}

/** The certificate that a program presents from a store, with the rest of its chain; empty without a key that fits. */
export function ownChain(file: StoreFile | null, alias: string | null): readonly Certificate[] {
  const wanted = alias?.toLowerCase() ?? null;
  const starts = (file?.entries ?? []).findIndex(
    ({ kind, alias: name }) =>
      (kind.kind === "key" ? kind.position === 0 : file?.format === "pem" && wanted === null) &&
      (wanted === null || name?.toLowerCase() === wanted),
  );
  if (file === null || starts < 0) return [];
  const [first, ...rest] = file.entries.slice(starts);
  const end = rest.findIndex(({ kind }) => kind.kind === "key" && kind.position === 0);
  const chain = first === undefined ? [] : [first, ...rest.slice(0, end < 0 ? rest.length : end)];
  return chain
    .filter(({ kind }) => kind.kind === "key" || file.format === "pem")
    .flatMap(({ certificate }) => (certificate.ok ? [certificate.value] : []));
}

/** The certificates of a store that one kind of program takes as anchors. */
export const anchorsIn = (file: StoreFile | null, family: StoreFamily): readonly Certificate[] =>
  (file?.entries ?? []).flatMap(({ certificate, visibleTo }) =>
    certificate.ok && visibleTo[family].visible ? [certificate.value] : [],
  );

/** What is wrong with the certificates of a truststore, each kind told once. */
function checkAnchors(
  { role, path, family = "java", isListOfClients = false }: ConfiguredStore,
  { entries }: StoreFile,
  builder: ImportBuilder,
): void {
  const place = placeOf(path);
  const anchors = entries.filter(({ visibleTo }) => visibleTo[family].visible);
  if (anchors.length === 0)
    builder.issue(unusable({ role, path }, "it holds no trusted certificate", place));
  const unmarked = entries.filter(({ visibleTo }) => {
    const seen = visibleTo[family];
    return !seen.visible && seen.reason === "not-flagged-trusted";
  });
  if (family === "gskit" && unmarked.length > 0)
    builder.issue({
      code: "estate.trust-flags",
      severity: "warning",
      summary: `${path.value} holds ${listed(unmarked)} without the mark "trusted", so nothing below ${unmarked.length === 1 ? "it" : "them"} is accepted`,
      place,
      remedy: [
        `gskcapicmd -cert -modify -db ${shellWord(path.value)} -stashed -label LABEL -trust enable`,
      ],
    });
  const pinned = anchors.filter(
    ({ kind, certificate }) =>
      !isListOfClients &&
      kind.kind === "certificate" &&
      certificate.ok &&
      !isAuthority(certificate.value),
  );
  if (pinned.length > 0)
    builder.issue({
      code: "truststore.leaf-pinned",
      severity: "info",
      summary: `${path.value} holds ${listed(pinned)}, which ${pinned.length === 1 ? "is a server's own certificate" : "are servers' own certificates"}: trust ends when ${pinned.length === 1 ? "it is" : "they are"} renewed`,
      place,
      remedy: ["Import the CA that issues it before the next renewal"],
    });
  const now = Date.now();
  const expired = anchors.filter(
    ({ certificate }) => certificate.ok && certificate.value.notAfter < now,
  );
  if (expired.length > 0)
    builder.issue({
      code: "truststore.anchor-expired",
      // Java goes on trusting below an expired anchor (PKIXValidator), OpenSSL and what is built on it does not
      severity: family === "java" ? "info" : "warning",
      summary: `${path.value} holds ${listed(expired)}, which ${expired.length === 1 ? "has" : "have"} expired`,
      place,
      remedy: [`anchorwatch store lint ${shellWord(path.value)}`],
    });
}

/** A few entries by alias, else by subject. */
function listed(entries: readonly StoreEntry[]): string {
  const names = entries
    .slice(0, 3)
    .map(
      ({ alias, certificate }) =>
        `"${alias ?? (certificate.ok ? certificate.value.subject.text : "unreadable")}"`,
    );
  return `${names.join(", ")}${entries.length > 3 ? ` and ${entries.length - 3} more` : ""}`;
}

/** The format that the ending of a key database stands for. */
function checkName(
  { role, path }: ConfiguredStore,
  { format }: StoreFile,
  builder: ImportBuilder,
): void {
  if (!/\.kdb$/iu.test(path.value) || format === "cms-kdb") return;
  builder.issue({
    code: "estate.store-type-differs",
    severity: "info",
    summary: `${path.value} of ${role} is named as a key database and is ${FORMAT_NAMES[format]}`,
    place: placeOf(path),
    remedy: ["Tools that go by the name fail on it: give it the ending of its format"],
  });
}

/** What to do about a store that is not there; what lies beside it is looked at first. */
const missingSteps = ({ path, isTruststore }: ConfiguredStore): readonly string[] => [
  `Correct the path where it is written, or put the ${isTruststore ? "truststore" : "keystore"} there; on another machine than the system's own, copy it`,
  `ls -l ${shellWord(dirname(path.value))}`,
];

const unusable = (
  { role, path }: Pick<ConfiguredStore, "role" | "path">,
  why: string,
  place: Place | null,
): Parameters<ImportBuilder["issue"]>[0] => ({
  code: "estate.store-unusable",
  severity: "warning",
  summary: `The store of ${role}, ${path.value}, is of no use: ${why.replace(`${path.value}: `, "")}`,
  place,
  remedy: [`anchorwatch store show ${shellWord(path.value)}`],
  store: path.value,
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
