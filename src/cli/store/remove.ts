import { fingerprint, shellWord } from "../../diagnosis/words.ts";
import { entryTitle } from "../../diagnosis/lint/context.ts";
import type { ResultCode } from "../../report/exit-code.ts";
import { editStore } from "../../truststore/edit-store.ts";
import type { StoreEntry, StoreFile } from "../../truststore/truststore.ts";
import { checkDestination, writeStore } from "./destination.ts";
import { openOrComplain, passwordOf } from "./open-store.ts";
import type { WriteOptions } from "./options.ts";
import { chosenEntries } from "./show.ts";
import { type Note, type Refusal, reportOutcome, writtenCertificate } from "./write-outcome.ts";

/**
 * Writes a store without some of its certificates; resolves to the exit code.
 * @throws {UsageError} when options contradict or the password cannot be had
 * @throws {InputError} when an entry is not there, or the result cannot be written
 */
export async function removeEntries(
  path: string,
  selectors: readonly string[],
  options: WriteOptions,
): Promise<ResultCode> {
  checkDestination(options);
  const password = await passwordOf(options.password);
  const source = await openOrComplain(path, password);
  if (source === null) return 3;
  const { file } = source;
  const chosen = chosenEntries(file, selectors);
  const outcome = {
    command: "remove" as const,
    source: path,
    format: file.format,
    certificates: chosen.map(({ alias, der }) => writtenCertificate(alias, der)),
    notes: [],
    written: null,
    backup: null,
  };
  const format = options.format ?? "text";
  const keys = chosen.filter(({ kind }) => kind.kind === "key");
  if (keys.length > 0)
    return reportOutcome({ ...outcome, refusals: keyRefusals(keys, path) }, format);
  const edited = await editStore(
    { bytes: source.bytes, file, password, now: Date.now() },
    { add: [], remove: new Set(chosen.map(({ index }) => index)) },
  );
  if (!edited.ok) return reportOutcome({ ...outcome, refusals: [edited.error] }, format);
  const written = await writeStore(source, edited.value.bytes, options);
  return reportOutcome(
    {
      ...outcome,
      written: written.path,
      backup: written.backup,
      notes: notesOn(chosen, edited.value.file),
      refusals: [],
    },
    format,
  );
}

function keyRefusals(keys: readonly StoreEntry[], path: string): readonly Refusal[] {
  const aliases = [...new Set(keys.map(({ alias }) => alias))];
  return aliases.map((alias) => ({
    message: `${entryTitle({ ...keyOf(keys, alias) })} is a private key with its chain; private keys are never touched`,
    remedy:
      alias === null
        ? []
        : [
            `keytool -delete -alias ${shellWord(alias)} -keystore ${shellWord(path)}`,
            "deletes the private key as well, for good: keep a copy of the file",
          ],
  }));
}

function keyOf(keys: readonly StoreEntry[], alias: string | null): StoreEntry {
  const key = keys.find((entry) => entry.alias === alias);
  if (key === undefined) throw new Error("The key was in the list a moment ago");
  return key;
}

function notesOn(removed: readonly StoreEntry[], after: StoreFile): readonly Note[] {
  const notes: Note[] = [];
  const staying = new Map(after.entries.map((entry) => [entry.sha256, entry]));
  for (const entry of removed) {
    const twin = staying.get(entry.sha256);
    if (twin !== undefined)
      notes.push({
        isWarning: true,
        message: `The same certificate, SHA-256 ${fingerprint(entry)}, stays as ${entryTitle(twin)}: clients trust it still`,
      });
  }
  if (after.entries.length === 0)
    notes.push({
      isWarning: true,
      message: "The store holds no certificate any more: a client that uses it trusts nobody",
    });
  return notes;
}
