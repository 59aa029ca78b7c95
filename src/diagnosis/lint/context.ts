import type { Certificate } from "../../x509/certificate.ts";
import type { StoreEntry, StoreFile, StoreFormat } from "../../truststore/truststore.ts";
import type { Thresholds } from "../assessment.ts";
import { fingerprint, printable, shellWord, shortName } from "../words.ts";

/** A store to be looked over, and by what. */
export interface LintContext {
  readonly file: StoreFile;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** From when an expiry is reported, for a certificate with this lifetime in milliseconds. */
  readonly thresholds: (lifetime: number) => Thresholds;
  /** Whether the store opens with a password that everybody knows. */
  readonly opensWithKnownPassword: boolean;
}

/** An entry that holds a readable certificate. */
export interface ReadableEntry {
  readonly entry: StoreEntry;
  readonly certificate: Certificate;
}

/** The entries of a store that hold readable certificates, in file order. */
export function readableEntries({ entries }: StoreFile): readonly ReadableEntry[] {
  return entries.flatMap((entry) =>
    entry.certificate.ok ? [{ entry, certificate: entry.certificate.value }] : [],
  );
}

/** Those that stand for themselves, not for a private key. */
export function trustedEntries(file: StoreFile): readonly ReadableEntry[] {
  return readableEntries(file).filter(({ entry }) => entry.kind.kind === "certificate");
}

/** How sentences name a store. */
export function storeName({ file }: Pick<LintContext, "file">): string {
  return file.path ?? "The operating system's store";
}

/** How sentences name an entry: its alias, or its number in `store list`. */
export function entryTitle({ alias, index }: StoreEntry): string {
  return alias === null ? `#${index + 1}` : `'${printable(alias)}'`;
}

/** `'corp-root' (Corp Root G2)`. */
export function entryWithName({ entry, certificate }: ReadableEntry): string {
  return `${entryTitle(entry)} (${shortName(certificate.subject)})`;
}

/** Up to five titles, and how many more there are. */
export function titles(entries: readonly StoreEntry[]): string {
  const shown = entries.slice(0, 5).map(entryTitle).join(", ");
  return entries.length > 5 ? `${shown} and ${entries.length - 5} more` : shown;
}

/** Formats that programs open with a store password. */
export function isKeystore(format: StoreFormat): boolean {
  return !["pem", "der", "pkcs7", "pkipath", "system", "nss"].includes(format);
}

/** Formats that Java opens, with BouncyCastle where it has to. */
export function isJavaFormat(format: StoreFormat): boolean {
  return ["jks", "jceks", "pkcs12", "bks", "bcfks"].includes(format);
}

/** Whether `store add` and `store remove` change this format. */
export function isEditable(format: StoreFormat): boolean {
  return format === "jks" || format === "pkcs12" || format === "pem";
}

/** `trust.p12 --password prompt`: a store as an argument of this program's commands. */
export function storeArguments({ file }: LintContext): string {
  const path = shellWord(file.path ?? "FILE");
  return isKeystore(file.format) ? `${path} --password prompt` : path;
}

/** How to take an entry out of the store, as a command where there is one. */
export function removalStep(context: LintContext, entry: StoreEntry): string {
  const { file } = context;
  const selector = entry.alias ?? `#${entry.index + 1}`;
  if (isEditable(file.format) && file.path !== null)
    return `anchorwatch store remove ${shellWord(file.path)} ${shellWord(selector)}${isKeystore(file.format) ? " --password prompt" : ""} --in-place`;
  return `Delete ${entryTitle(entry)}, SHA-256 ${fingerprint(entry)}, from ${storeName(context)} with the tool of its format`;
}
