import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { NamedTruststore } from "../../diagnosis/assessment.ts";
import type { TruststoreChange } from "../../estate/plans/plan.ts";
import { isInline } from "../../estate/plans/plan-text.ts";
import type { StoreEffect } from "../../links/changes/step.ts";
import { changedStore } from "../../links/changes/world.ts";
import { loadTruststore } from "../../truststore/load.ts";
import { selectEntries } from "../../truststore/select-entries.ts";
import type { StoreEntry } from "../../truststore/truststore.ts";
import { fail, ok, type Result } from "../../x509/result.ts";
import { gatewayUse } from "./gateway-use.ts";
import type { ChangeContext, ChangeMistake, Draft, Drafts } from "./plan-context.ts";
import { entriesAt, readCertificates } from "./read-certificates.ts";
import { flagWords, removalWords, sourceNames } from "../../links/changes/step-words.ts";
import { trustedEntry } from "../../links/changes/trusted-entry.ts";

type FlagsEffect = Extract<StoreEffect, { kind: "store-flags" }>;

/** Reads what comes into a store, and finds what goes out of it. */
export async function loadStoreChange(
  change: TruststoreChange,
  context: ChangeContext,
): Promise<Drafts> {
  const { truststore: name, add, remove, replace } = change;
  const { index, stores } = context;
  const present = stores.get(name);
  if (present === undefined)
    return fail([{ at: "truststore", message: `The estate has no truststore ${name}` }]);
  if (replace === null && !present.store.ok)
    return fail([
      {
        at: "truststore",
        message: `The truststore ${name} cannot be read: ${present.store.error.message}`,
      },
    ]);
  const drafts: Draft[] = [];
  let store = present;
  const take = (title: string, effect: StoreEffect): void => {
    drafts.push({ change: index, title, effect });
    store = changedStore(store, effect);
    stores.set(name, store);
  };
  if (replace !== null) {
    const effect = await replacement(change, replace, { ...context, present });
    if (!effect.ok) return effect;
    take(`Replace the truststore ${name} by ${sourceNames(replace, [])}`, effect.value);
  }
  if (add.length > 0) {
    const read = await readCertificates(add, "add");
    if (!read.ok) return read;
    const { length } = entriesIn(store);
    const entries = read.value.map((entry, at) => ({ ...trustedEntry(entry), index: length + at }));
    take(`Add ${sourceNames(add, entries)} to the truststore ${name}`, {
      kind: "store-add",
      truststore: name,
      entries,
    });
  }
  if (remove.length > 0) {
    const gone = await removed(store, change, context);
    if (!gone.ok) return gone;
    take(removalWords(name, gone.value), {
      kind: "store-remove",
      truststore: name,
      entries: new Set(gone.value),
    });
  }
  if (change.flags !== null) {
    const effect = await flagged(store, change.flags, context);
    if (!effect.ok) return effect;
    take(flagWords(name, effect.value.entry, change.flags.on), effect.value);
  }
  return ok(drafts);
}

async function replacement(
  { truststore: name, password: own }: TruststoreChange,
  paths: readonly string[],
  { inventory, readers, present: before }: ChangeContext & { readonly present: NamedTruststore },
): Promise<Result<StoreEffect, readonly ChangeMistake[]>> {
  const present = inventory.estate.truststores.find((each) => each.name === name);
  const reference = own ?? present?.password ?? null;
  const isSecretNeeded = reference !== null && !paths.every(isInline);
  const password = isSecretNeeded ? await readers.secret(reference) : ok(null);
  if (!password.ok)
    return fail([
      {
        at: own === null ? "replace" : "password",
        message: `The password cannot be had: ${password.error.message}`,
      },
    ]);
  const loaded = await loadTruststore({ name, paths, password: password.value });
  return loaded.ok
    ? ok({ kind: "store-replace", truststore: name, store: loaded, before: before.store })
    : fail([{ at: "replace", message: loaded.error.message }]);
}

async function removed(
  store: NamedTruststore,
  { remove }: TruststoreChange,
  context: ChangeContext,
): Promise<Result<readonly StoreEntry[], readonly ChangeMistake[]>> {
  const gone = new Set<StoreEntry>();
  const mistakes: ChangeMistake[] = [];
  for (const [index, text] of remove.entries()) {
    const found = await entriesOf(store, text, context);
    if (found.ok) for (const entry of found.value) gone.add(entry);
    else mistakes.push({ at: `remove.${index}`, message: `${store.name}: ${found.error}` });
  }
  return mistakes.length === 0 ? ok([...gone]) : fail(mistakes);
}

const entriesIn = ({ store }: NamedTruststore): readonly StoreEntry[] =>
  store.ok ? store.value.files.flatMap((file) => file.entries) : [];

/** The entries that an alias, a fingerprint, a number, PEM text or a certificate file stands for. */
async function entriesOf(
  store: NamedTruststore,
  text: string,
  context: ChangeContext,
): Promise<Result<readonly StoreEntry[], string>> {
  const entries = entriesIn(store);
  const selected = isInline(text) ? fail(null) : selectEntries(entries, text);
  if (selected.ok) return selected;
  const meant = await certificatesNamed(text, context);
  if (meant === null) return fail(selected.error?.message ?? "The text is no certificate");
  if (!meant.ok) return meant;
  const wanted = new Set(meant.value.map(({ sha256 }) => sha256));
  const found = entries.filter(({ sha256 }) => wanted.has(sha256));
  return found.length === 0
    ? fail(`No entry has the certificate ${sourceNames([text], meant.value)}`)
    : ok(found);
}

/** The certificates of a text that is PEM or the name of a file; null when it is neither. */
async function certificatesNamed(
  text: string,
  { plan }: ChangeContext,
): Promise<Result<readonly StoreEntry[], string> | null> {
  if (isInline(text)) return entriesAt(text);
  if (!plan.readsFiles) return null;
  const path = resolve(plan.folder, text);
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  return isFile ? entriesAt(path) : null;
}

async function flagged(
  store: NamedTruststore,
  { certificate, on }: NonNullable<TruststoreChange["flags"]>,
  context: ChangeContext,
): Promise<Result<FlagsEffect, readonly ChangeMistake[]>> {
  const present = await entriesOf(store, certificate, context);
  // a certificate that is no anchor yet is not among the entries
  const found = present.ok ? present : await certificatesNamed(certificate, context);
  const [entry] = found?.ok === true ? found.value : [];
  if (entry === undefined)
    return fail([
      { at: "certificate", message: present.ok ? "No certificate is named" : present.error },
    ]);
  return ok({
    kind: "store-flags",
    truststore: store.name,
    entry: trustedEntry(entry),
    ...gatewayUse(on),
  });
}
