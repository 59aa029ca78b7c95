import { aliasFor, shellWord } from "../../diagnosis/words.ts";
import type { ResultCode } from "../../report/exit-code.ts";
import { aliasProblem, assignAliases, foldAlias } from "../../truststore/aliases.ts";
import { editStore } from "../../truststore/edit-store.ts";
import type { NewEntry } from "../../truststore/new-entry.ts";
import type { StoreFile } from "../../truststore/truststore.ts";
import type { Certificate } from "../../x509/certificate.ts";
import { UsageError } from "../usage-error.ts";
import { checkDestination, writeStore } from "./destination.ts";
import { opinionOn } from "./new-certificates.ts";
import { openOrComplain, passwordOf } from "./open-store.ts";
import type { AddOptions } from "./options.ts";
import {
  type Note,
  type Refusal,
  reportOutcome,
  type WriteOutcome,
  writtenCertificate,
} from "./write-outcome.ts";

/**
 * Writes a store with further trusted certificates; resolves to the exit code. Nothing is added when anything is
 * refused.
 * @throws {UsageError} when options contradict or the password cannot be had
 * @throws {InputError} when the result cannot be written
 */
export async function addCertificates(
  path: string,
  certificateFiles: readonly string[],
  options: AddOptions,
): Promise<ResultCode> {
  checkDestination(options);
  checkAlias(options.alias);
  const password = await passwordOf(options.password);
  const source = await openOrComplain(path, password);
  if (source === null) return 3;
  const read = await readNew(certificateFiles);
  if (read === null) return 3;
  const { certificates, refusals: unreadable } = read;
  if (options.alias !== undefined && certificates.length > 1)
    throw new UsageError(
      `--alias names one certificate; the files hold ${certificates.length}, which get names of their own without it`,
    );
  const { file } = source;
  const opinions = certificates.map((certificate) =>
    opinionOn(certificate, file, { force: options.force === true, at: Date.now() }),
  );
  const entries = named(certificates, file, options.alias);
  const outcome: WriteOutcome = {
    command: "add",
    source: path,
    format: file.format,
    certificates: entries.map(({ alias, der }) => writtenCertificate(alias, der)),
    notes: opinions.flatMap(({ notes }) => notes),
    refusals: [
      ...unreadable,
      ...opinions.flatMap(({ refusals }) => refusals),
      ...aliasRefusals(file, options.alias),
    ],
    written: null,
    backup: null,
  };
  const format = options.format ?? "text";
  if (outcome.refusals.length > 0) return reportOutcome(outcome, format);
  const edited = await editStore(
    { bytes: source.bytes, file, password, now: Date.now() },
    { add: entries, remove: new Set() },
  );
  if (!edited.ok)
    return reportOutcome({ ...outcome, refusals: [withAdvice(edited.error, path)] }, format);
  const written = await writeStore(source, edited.value.bytes, options);
  return reportOutcome(
    {
      ...outcome,
      notes: [...outcome.notes, ...foldedNote(options.alias, entries)],
      written: written.path,
      backup: written.backup,
    },
    format,
  );
}

function checkAlias(alias: string | undefined): void {
  const problem = alias === undefined ? null : aliasProblem(alias);
  if (problem !== null) throw new UsageError(`--alias: ${problem}`);
}

interface NewCertificates {
  readonly certificates: readonly Certificate[];
  readonly refusals: readonly Refusal[];
}

/** The certificates of the files, each once; null when a file cannot be read, which standard error then says. */
async function readNew(paths: readonly string[]): Promise<NewCertificates | null> {
  const certificates = new Map<string, Certificate>();
  const refusals: Refusal[] = [];
  for (const path of paths) {
    const source = await openOrComplain(path, null);
    if (source === null) return null;
    for (const { certificate, index } of source.file.entries)
      if (certificate.ok) certificates.set(certificate.value.sha256, certificate.value);
      else
        refusals.push({
          message: `${path}: Certificate ${index + 1} cannot be read: ${certificate.error.message}`,
          remedy: ["Get it from its owner anew"],
        });
    if (source.file.entries.length === 0)
      refusals.push({ message: `${path}: The file holds no certificate`, remedy: [] });
  }
  return { certificates: [...certificates.values()], refusals };
}

function named(
  certificates: readonly Certificate[],
  file: StoreFile,
  alias: string | undefined,
): readonly NewEntry[] {
  if (file.format === "pem") return certificates.map(({ der }) => ({ alias: null, der }));
  const taken = alias === undefined ? takenAliases(file) : new Set<string>();
  const aliases = assignAliases(
    certificates.map(({ subject }) => ({ alias: alias ?? null, fallback: aliasFor(subject) })),
    taken,
  );
  return certificates.map(({ der }, index) => ({ alias: aliases[index] ?? null, der }));
}

function takenAliases({ entries }: StoreFile): ReadonlySet<string> {
  return new Set(entries.flatMap(({ alias }) => (alias === null ? [] : [foldAlias(alias)])));
}

/** Java would silently let a later entry replace an earlier one of the same folded alias. */
function aliasRefusals(file: StoreFile, alias: string | undefined): readonly Refusal[] {
  if (alias === undefined) return [];
  if (file.format === "pem")
    return [{ message: "A PEM file has no aliases; leave --alias out", remedy: [] }];
  if (!takenAliases(file).has(foldAlias(alias))) return [];
  return [
    {
      message: `The alias '${alias}' is taken: Java compares aliases without their case and would see one of the two entries only`,
      remedy: ["Choose another alias, or remove the old entry first"],
    },
  ];
}

function foldedNote(alias: string | undefined, entries: readonly NewEntry[]): readonly Note[] {
  const [first] = entries;
  if (alias === undefined || first?.alias === alias || first === undefined) return [];
  return [
    {
      isWarning: false,
      message: `The alias is stored as '${first.alias ?? ""}': Java looks aliases up in lower case`,
    },
  ];
}

/** How to get a store that can be changed. */
function withAdvice({ message, remedy }: Refusal, path: string): Refusal {
  return {
    message,
    remedy: remedy.map((step) =>
      step.endsWith("anchorwatch store convert")
        ? `anchorwatch store convert ${shellWord(path)} --to pem --out ${shellWord(`${path}.pem`)}`
        : step,
    ),
  };
}
