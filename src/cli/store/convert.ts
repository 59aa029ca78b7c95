import { aliasFor, counted, shellWord } from "../../diagnosis/words.ts";
import { titles } from "../../diagnosis/lint/context.ts";
import type { ResultCode } from "../../report/exit-code.ts";
import { assignAliases } from "../../truststore/aliases.ts";
import { compareStores } from "../../truststore/compare-stores.ts";
import type { NewEntry } from "../../truststore/new-entry.ts";
import { parseStore } from "../../truststore/parse-store.ts";
import type { InvisibleReason, StoreEntry, StoreFile } from "../../truststore/truststore.ts";
import { STORE_FAMILIES } from "../../truststore/visibility.ts";
import { writeJks } from "../../truststore/write-jks.ts";
import { writePemStore } from "../../truststore/write-pem.ts";
import { LEGACY_PKCS12, MODERN_PKCS12, writePkcs12 } from "../../truststore/write-pkcs12.ts";
import { UsageError } from "../usage-error.ts";
import { checkDestination, type Source, writeStore } from "./destination.ts";
import { complainAboutStore, openOrComplain, passwordOf, readLocation } from "./open-store.ts";
import type { ConvertOptions, WrittenFormat } from "./options.ts";
import { type Note, type Refusal, reportOutcome, writtenCertificate } from "./write-outcome.ts";

const EXTENSIONS: Readonly<Record<WrittenFormat, string>> = {
  jks: ".jks",
  pkcs12: ".p12",
  pem: ".pem",
};

/** Shortest password that keytool accepts for a new store. */
const KEYTOOL_MINIMUM = 6;

/**
 * Writes the trusted certificates of a store in another format; resolves to the exit code. Private keys are not
 * converted.
 * @throws {UsageError} when options contradict or a password cannot be had
 * @throws {InputError} when the result cannot be written
 */
export async function convertStore(path: string, options: ConvertOptions): Promise<ResultCode> {
  checkDestination(options);
  if (options.legacy === true && options.to !== "pkcs12")
    throw new UsageError("--legacy is a kind of PKCS#12; it goes with --to pkcs12 only");
  if (options.outPassword !== undefined && options.to === "pem")
    throw new UsageError("A PEM store has no password; leave --out-password out");
  if (options.withoutKeys === true && options.inPlace === true)
    throw new UsageError(
      "--without-keys with --in-place would take the private keys out of the file; write a new one with --out",
    );
  const password = await passwordOf(options.password);
  const source = await readSource(path, password, options);
  if (source === null) return 3;
  const { file } = source;
  const format = options.format ?? "text";
  const outcome = {
    command: "convert" as const,
    source: path,
    format: options.to,
    certificates: [],
    notes: [],
    written: null,
    backup: null,
  };
  const refusals = refusalsOf(file, path, options);
  if (refusals.length > 0) return reportOutcome({ ...outcome, refusals }, format);
  const { kept, notes } = choose(file);
  const newPassword = options.to === "pem" ? null : await targetPassword(options, password);
  const entries = renamed(kept);
  const content = await encode(entries, newPassword, options);
  const after = await parseStore(content, { password: newPassword });
  if (!after.ok) throw new Error(`What was written cannot be read back: ${after.error.message}`);
  const written = await writeStore(source, content, options, EXTENSIONS[options.to]);
  return reportOutcome(
    {
      ...outcome,
      certificates: entries.map(({ alias, der }) => writtenCertificate(alias, der)),
      notes: [
        ...notes,
        ...aliasNotes(kept, entries),
        ...sightNotes(file, after.value),
        ...passwordNotes(newPassword),
      ],
      written: written.path,
      backup: written.backup,
      refusals: [],
    },
    format,
  );
}

/** With its bytes where they are to be replaced; null when it cannot be read, which standard error then says. */
async function readSource(
  path: string,
  password: string | null,
  { inPlace }: ConvertOptions,
): Promise<Source | null> {
  if (inPlace === true) return openOrComplain(path, password);
  const read = await readLocation(path, password);
  if (read.ok) return { file: read.value, bytes: null };
  complainAboutStore(read.error);
  return null;
}

function refusalsOf(file: StoreFile, path: string, options: ConvertOptions): readonly Refusal[] {
  if (file.integrity === "wrong")
    return [
      {
        message:
          file.message ?? "The password does not fit the store, or the store was changed meanwhile",
        remedy: ["Give the password of the store with --password"],
      },
    ];
  const { privateKeys, secretKeys } = file.skipped;
  if (privateKeys + secretKeys === 0 || options.withoutKeys === true) return [];
  return [
    {
      message: `The store holds ${counted(privateKeys + secretKeys, "key")}, which this command does not convert`,
      remedy: [
        keyCommand(file, path, options.to),
        "For its trusted certificates alone, repeat the command with --without-keys",
      ],
    },
  ];
}

/** The command of a tool that converts keys as well. */
function keyCommand({ format }: StoreFile, path: string, to: WrittenFormat): string {
  const target = shellWord(`${path}${EXTENSIONS[to]}`);
  if (to === "pem") {
    return format === "pkcs12"
      ? `openssl pkcs12 -in ${shellWord(path)} -out ${target}`
      : `keytool -importkeystore -srckeystore ${shellWord(path)} -destkeystore ${shellWord(`${path}.p12`)} -deststoretype PKCS12`;
  }
  return format === "pem"
    ? `openssl pkcs12 -export -in ${shellWord(path)} -out ${shellWord(`${path}.p12`)}`
    : `keytool -importkeystore -srckeystore ${shellWord(path)} -destkeystore ${target} -deststoretype ${to === "jks" ? "JKS" : "PKCS12"}`;
}

/** Marks by which a store itself says that an entry is not to be trusted; no other format could carry them. */
const MARKS: ReadonlySet<InvisibleReason> = new Set([
  "purpose-rejected",
  "purpose-not-trusted",
  "not-flagged-trusted",
  "trusted-peer-only",
  "distrusted",
]);

interface Choice {
  readonly kept: readonly StoreEntry[];
  readonly notes: readonly Note[];
}

/** The entries that are trusted certificates, and what was left behind. */
function choose({ entries }: StoreFile): Choice {
  const trusted = entries.filter(({ kind }) => kind.kind === "certificate");
  const isMarked = ({ visibleTo }: StoreEntry): boolean =>
    STORE_FAMILIES.some((family) => {
      const visibility = visibleTo[family];
      return !visibility.visible && MARKS.has(visibility.reason);
    });
  const marked = trusted.filter(isMarked);
  const unreadable = trusted.filter(({ certificate }) => !certificate.ok);
  const left = entries.length - trusted.length;
  const notes: Note[] = [];
  if (marked.length > 0)
    notes.push({
      isWarning: true,
      message: `Left out, because the store marks them as not trusted for servers: ${titles(marked)}`,
    });
  if (unreadable.length > 0)
    notes.push({
      isWarning: true,
      message: `Left out, because they are no readable certificates: ${titles(unreadable)}`,
    });
  if (left > 0)
    notes.push({
      isWarning: false,
      message: `Left out: ${counted(left, "certificate")} of private keys`,
    });
  const wanted = trusted.filter((entry) => entry.certificate.ok && !isMarked(entry));
  const seen = new Set<string>();
  const kept = wanted.filter(({ sha256 }) => !seen.has(sha256) && seen.add(sha256));
  if (kept.length < wanted.length)
    notes.push({
      isWarning: false,
      message: `Left out: ${wanted.length - kept.length} that repeat the same certificate`,
    });
  if (kept.length === 0)
    notes.push({
      isWarning: true,
      message: "The new store holds no certificate: a client that uses it trusts nobody",
    });
  return { kept, notes };
}

async function targetPassword(
  { outPassword, to }: ConvertOptions,
  sourcePassword: string | null,
): Promise<string> {
  const password =
    outPassword === undefined ? sourcePassword : await passwordOf(outPassword, "--out-password");
  if (password === null)
    throw new UsageError(
      `A ${to === "jks" ? "JKS" : "PKCS#12"} store needs a password; give one with --out-password env:NAME, file:PATH, stash:PATH or prompt`,
    );
  if (password === "")
    throw new UsageError("--out-password: The password is empty; Java takes that for none");
  return password;
}

function renamed(entries: readonly StoreEntry[]): readonly NewEntry[] {
  const aliases = assignAliases(
    entries.map(({ alias, certificate }) => ({
      alias,
      fallback: certificate.ok ? aliasFor(certificate.value.subject) : "ca",
    })),
  );
  return entries.map(({ der }, index) => ({ alias: aliases[index] ?? null, der }));
}

async function encode(
  entries: readonly NewEntry[],
  password: string | null,
  { to, legacy }: ConvertOptions,
): Promise<Uint8Array> {
  switch (to) {
    case "pem":
      return Buffer.from(writePemStore(entries), "utf8");
    case "jks":
      return writeJks(entries, password ?? "", Date.now());
    case "pkcs12":
      return writePkcs12(entries, password ?? "", legacy === true ? LEGACY_PKCS12 : MODERN_PKCS12);
  }
}

function aliasNotes(before: readonly StoreEntry[], after: readonly NewEntry[]): readonly Note[] {
  const changed = before.filter(
    ({ alias }, index) => alias !== null && alias !== after[index]?.alias,
  );
  if (changed.length === 0) return [];
  return [
    {
      isWarning: false,
      message: `${changed.length} ${changed.length === 1 ? "alias was" : "aliases were"} changed, because Java folds their case or two were the same: ${titles(changed)}`,
    },
  ];
}

/** What clients see now that they did not see before. */
function sightNotes(before: StoreFile, after: StoreFile): readonly Note[] {
  const seen = compareStores(before, after).changes.flatMap((change) =>
    change.kind === "visibility" && change.gained.includes("java") ? [change.before.entry] : [],
  );
  if (seen.length === 0) return [];
  return [
    {
      isWarning: false,
      message: `Java sees ${counted(seen.length, "certificate")} as an anchor that it did not see before: ${titles(seen)}`,
    },
  ];
}

function passwordNotes(password: string | null): readonly Note[] {
  if (password === null) return [];
  const notes: Note[] = [];
  if (password.length < KEYTOOL_MINIMUM)
    notes.push({
      isWarning: true,
      message: `The password has fewer than ${KEYTOOL_MINIMUM} characters: keytool will refuse to set such a one`,
    });
  if (/[^ -~]/.test(password))
    notes.push({
      isWarning: true,
      message: "The password has characters outside ASCII: Java 17 and older refuse it for PKCS#12",
    });
  return notes;
}
