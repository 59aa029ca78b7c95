import { hash } from "node:crypto";
import { fail, ok, type Result } from "../x509/result.ts";
import { DerError } from "../x509/der.ts";
import { editJks } from "./edit-jks.ts";
import { editPem } from "./edit-pem.ts";
import { editPkcs12 } from "./edit-pkcs12.ts";
import { parseStore } from "./parse-store.ts";
import { type EditError, EditFault, type StoreEdit } from "./store-edit.ts";
import { StoreFault } from "./store-error.ts";
import { FORMAT_NAMES } from "./store-format.ts";
import type { StoreEntry, StoreFile } from "./truststore.ts";

/** What goes with the bytes of a store that is to change. */
export interface EditInput {
  readonly bytes: Uint8Array;
  /** What the readers made of the bytes, with the same password. */
  readonly file: StoreFile;
  readonly password: string | null;
  /** Date of new entries, ms since 1970. */
  readonly now: number;
}

/** A store after a change, not written yet. */
export interface EditedStore {
  readonly bytes: Uint8Array;
  readonly file: StoreFile;
}

/**
 * Changes a JKS, PKCS#12 or PEM store in memory, and reads the result back: it is given out only when every entry that
 * was to stay is there as before, private keys and their chains included, and every new one is.
 */
export async function editStore(
  input: EditInput,
  edit: StoreEdit,
): Promise<Result<EditedStore, EditError>> {
  const { file, password } = input;
  const refused = refusal(input, edit);
  if (refused !== null) return fail(refused);
  try {
    const bytes = await rewrite(input, edit);
    const read = await parseStore(bytes, { password });
    if (!read.ok || !isAsMeant(file, read.value, edit))
      return fail({
        code: "unsafe",
        message: "The change would alter more than it should, so it was not made",
        remedy: ["Write the certificates into a new store: anchorwatch store convert"],
      });
    return ok({ bytes, file: { ...read.value, path: file.path } });
  } catch (error) {
    if (error instanceof EditFault) return fail(error.error);
    if (error instanceof StoreFault || error instanceof DerError)
      return fail({ code: "unsafe", message: error.message, remedy: [] });
    throw error;
  }
}

function rewrite(
  { bytes, file, password, now }: EditInput,
  edit: StoreEdit,
): Uint8Array | Promise<Uint8Array> {
  switch (file.format) {
    case "jks":
      return editJks(bytes, edit, password ?? "", now);
    case "pkcs12":
      return editPkcs12(bytes, edit, password);
    case "pem":
      return editPem(bytes, edit);
    default:
      throw new EditFault("format-fixed", `${FORMAT_NAMES[file.format]} cannot be changed`);
  }
}

/** Why the change is not tried; null when it may be. */
function refusal({ file, password }: EditInput, { remove }: StoreEdit): EditError | null {
  const { format, integrity, flavour, entries } = file;
  if (format !== "jks" && format !== "pkcs12" && format !== "pem")
    return {
      code: "format-fixed",
      message: `A store of format ${FORMAT_NAMES[format]} is read, not changed; JKS, PKCS#12 and PEM can be`,
      remedy: ["Convert it first: anchorwatch store convert"],
    };
  if (integrity === "wrong")
    return {
      code: "integrity-wrong",
      message: "The password does not fit the store, or the store was changed by something else",
      remedy: ["Give the password of the store with --password"],
    };
  if (password === null && (flavour.mac !== null || flavour.encryption.length > 0))
    return {
      code: "password-required",
      message: "The store is protected by a password, which is needed to change it",
      remedy: ["Give it with --password env:NAME, file:PATH, stash:PATH or prompt"],
    };
  const key = entries.find(({ index, kind }) => remove.has(index) && kind.kind === "key");
  if (key !== undefined)
    return {
      code: "key-entry",
      message: `${key.alias === null ? "The entry" : `Entry '${key.alias}'`} belongs to a private key; private keys and their chains are never touched`,
      remedy: [],
    };
  return null;
}

/** What makes an entry the same before and after. */
function identityOf({ sha256, alias, date, kind, visibleTo }: StoreEntry): string {
  return JSON.stringify([sha256, alias, date, kind, visibleTo]);
}

/** Whether exactly what was asked for has changed. An entry that a removed one hid may come into sight. */
function isAsMeant(before: StoreFile, after: StoreFile, { add, remove }: StoreEdit): boolean {
  if (after.format !== before.format) return false;
  if (JSON.stringify(after.skipped) !== JSON.stringify(before.skipped)) return false;
  const kept = before.entries.filter(({ index }) => !remove.has(index));
  if (after.entries.length !== kept.length + add.length) return false;
  const keys = (entries: readonly StoreEntry[]): string =>
    entries
      .filter(({ kind }) => kind.kind === "key")
      .map(identityOf)
      .join("\n");
  if (keys(kept) !== keys(after.entries)) return false;
  const remaining = after.entries.map(({ sha256 }) => sha256).toSorted();
  const wanted = [...kept.map(({ sha256 }) => sha256), ...add.map(shaOf)].toSorted();
  return remaining.join() === wanted.join();
}

function shaOf({ der }: { readonly der: Uint8Array }): string {
  return hash("sha256", der, "hex");
}
