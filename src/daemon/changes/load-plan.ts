import { readFile, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import type { Estate, EstateProblem } from "../../estate/estate.ts";
import { thresholdMilliseconds } from "../../estate/duration.ts";
import type {
  ChangePlan,
  ClientChange,
  EndpointChange,
  PlannedChange,
  TruststoreChange,
} from "../../estate/plans/plan.ts";
import { lintChain } from "../../links/changes/lint-chain.ts";
import type { Effect, LoadedPlan, Step, StoreEffect } from "../../links/changes/step.ts";
import { changedStore } from "../../links/changes/world.ts";
import type { NamedTruststore } from "../../diagnosis/assess.ts";
import { applyJavaSecurity, readJavaSecurity } from "../../trust/java/java-security.ts";
import { keyPolicyOf } from "../../trust/key-policy.ts";
import type { ProfileName } from "../../trust/profile-names.ts";
import type { Profile } from "../../trust/profile.ts";
import { profileOf } from "../../trust/profiles.ts";
import { belongsTo, loadPemKey } from "../../truststore/load-private-keys.ts";
import { loadStoreFile, loadTruststore } from "../../truststore/load.ts";
import { selectEntries } from "../../truststore/select-entries.ts";
import type { StoreEntry } from "../../truststore/truststore.ts";
import { fail, ok, type Result } from "../../x509/result.ts";
import { identityOf, loadIdentity } from "../identity.ts";
import type { Inventory, InventoryReaders } from "../inventory.ts";
import { clientWords, endpointWords, fileNames } from "./step-words.ts";
import { withPrecedence } from "./precedence.ts";
import { trustedEntry } from "./trusted-entry.ts";

/** What a plan is loaded with. */
export interface PlanContext {
  readonly inventory: Inventory;
  readonly readers: InventoryReaders;
  /** Milliseconds since 1970, unless the plan says otherwise. */
  readonly now: number;
}

/** A step before it is known which ones it has to wait for. */
type Draft = Omit<Step, "after">;

/** Reads every file that a plan names. Whatever cannot be read is told, with the line of the change. */
export async function loadPlan(
  plan: ChangePlan,
  context: PlanContext,
): Promise<Result<LoadedPlan, readonly EstateProblem[]>> {
  const problems: EstateProblem[] = [];
  const drafts: Draft[] = [];
  const stores = new Map(context.inventory.truststores.map((store) => [store.name, store]));
  for (const [index, change] of plan.changes.entries()) {
    const loaded = await loadChange(change, { ...context, plan, stores, index });
    if (loaded.ok) drafts.push(...loaded.value);
    else
      problems.push(
        ...loaded.error.map((message) => problemAt(plan, change, `changes[${index}]`, message)),
      );
  }
  if (problems.length > 0) return fail(problems);
  const at = plan.at ?? context.now;
  return ok({
    steps: withPrecedence(drafts),
    faults: drafts.flatMap(({ effect, change }) =>
      effect.kind === "endpoint" && effect.chain !== null
        ? lintChain({
            ...effect.chain,
            endpoint: effect.endpoint,
            change,
            at,
            warning: warningOf(context.inventory.estate),
          })
        : [],
    ),
    at: plan.at,
  });
}

const warningOf =
  ({ thresholds }: Estate) =>
  (lifetime: number): number =>
    thresholdMilliseconds(thresholds.warning, lifetime);

const problemAt = (
  { file }: ChangePlan,
  { line }: PlannedChange,
  path: string,
  message: string,
): EstateProblem => ({ file, line, column: 1, path, message, hint: null });

interface ChangeContext extends PlanContext {
  readonly plan: ChangePlan;
  /** Stores as they are when the changes before are made; each change brings its own up to date. */
  readonly stores: Map<string, NamedTruststore>;
  readonly index: number;
}

type Drafts = Result<readonly Draft[], readonly string[]>;

function loadChange(change: PlannedChange, context: ChangeContext): Promise<Drafts> {
  switch (change.kind) {
    case "endpoint":
      return loadEndpointChange(change, context);
    case "truststore":
      return loadStoreChange(change, context);
    case "client":
      return loadClientChange(change, context);
  }
}

async function loadEndpointChange(
  change: EndpointChange,
  { index, readers }: ChangeContext,
): Promise<Drafts> {
  const { endpoint, serves, key, keyPassword, url, connect, serverName } = change;
  const certificates = serves === null ? null : await readCertificates(serves);
  if (certificates !== null && !certificates.ok) return certificates;
  const ders = certificates?.value.map(({ der }) => der) ?? [];
  let keyFits: boolean | null = null;
  if (key !== null) {
    const password = keyPassword === null ? ok(null) : await readers.secret(keyPassword);
    if (!password.ok)
      return fail([`The password of ${key} cannot be read: ${password.error.message}`]);
    const text = await readText(key);
    if (!text.ok) return fail([text.error]);
    const read = await loadPemKey(text.value, password.value);
    if (!read.ok) return fail([`${key} holds no private key that can be read`]);
    const [leaf] = ders;
    keyFits = leaf !== undefined && belongsTo(read.value, leaf);
  }
  const effect: Effect = {
    kind: "endpoint",
    endpoint,
    chain: serves === null ? null : { certificates: ders, keyFits },
    url,
    connect,
    serverName,
    seen: null,
  };
  return ok([{ change: index, title: endpointWords(change), effect }]);
}

async function readCertificates(
  paths: readonly string[],
): Promise<Result<readonly StoreEntry[], readonly string[]>> {
  const entries: StoreEntry[] = [];
  for (const path of paths) {
    const file = await loadStoreFile(path);
    if (!file.ok) return fail([file.error.message]);
    if (file.value.entries.length === 0) return fail([`${path} holds no certificate`]);
    entries.push(...file.value.entries);
  }
  return ok(entries);
}

async function loadStoreChange(
  change: TruststoreChange,
  { index, stores, readers, plan, inventory }: ChangeContext,
): Promise<Drafts> {
  const { truststore: name, add, remove, replace } = change;
  const present = stores.get(name);
  if (present === undefined) return fail([`The estate has no truststore ${name}`]);
  const drafts: Draft[] = [];
  let store = present;
  const take = (title: string, effect: StoreEffect): void => {
    drafts.push({ change: index, title, effect });
    store = changedStore(store, effect);
    stores.set(name, store);
  };
  if (replace !== null) {
    const reference =
      change.password ??
      inventory.estate.truststores.find((each) => each.name === name)?.password ??
      null;
    const password = reference === null ? ok(null) : await readers.secret(reference);
    if (!password.ok) return fail([`The password cannot be had: ${password.error.message}`]);
    const loaded = await loadTruststore({ name, paths: replace, password: password.value });
    if (!loaded.ok) return fail([loaded.error.message]);
    take(`Replace the truststore ${name} by ${fileNames(replace)}`, {
      kind: "store-replace",
      truststore: name,
      store: loaded,
    });
  }
  if ((add.length > 0 || remove.length > 0) && !store.store.ok)
    return fail([`The truststore ${name} cannot be read: ${store.store.error.message}`]);
  if (add.length > 0) {
    const entries = await readCertificates(add);
    if (!entries.ok) return entries;
    take(`Add ${fileNames(add)} to the truststore ${name}`, {
      kind: "store-add",
      truststore: name,
      entries: entries.value.map(trustedEntry),
    });
  }
  if (remove.length > 0) {
    const gone = new Set<StoreEntry>();
    const mistakes: string[] = [];
    for (const text of remove) {
      const found = await entriesOf(store, text, resolve(plan.folder, text));
      if (found.ok) for (const entry of found.value) gone.add(entry);
      else mistakes.push(`${name}: ${found.error}`);
    }
    if (mistakes.length > 0) return fail(mistakes);
    take(`Remove ${remove.map((each) => basename(each)).join(", ")} from the truststore ${name}`, {
      kind: "store-remove",
      truststore: name,
      entries: gone,
    });
  }
  return ok(drafts);
}

/** The entries that an alias, a fingerprint, a number or a certificate file stands for. */
async function entriesOf(
  { store }: NamedTruststore,
  text: string,
  path: string,
): Promise<Result<readonly StoreEntry[], string>> {
  const entries = store.ok ? store.value.files.flatMap((file) => file.entries) : [];
  const selected = selectEntries(entries, text);
  if (selected.ok) return selected;
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isFile) return fail(selected.error.message);
  const file = await loadStoreFile(path);
  if (!file.ok) return fail(file.error.message);
  const wanted = new Set(file.value.entries.map(({ sha256 }) => sha256));
  const found = entries.filter(({ sha256 }) => wanted.has(sha256));
  return found.length === 0 ? fail(`No entry has a certificate of ${path}`) : ok(found);
}

async function loadClientChange(
  change: ClientChange,
  { index, inventory, readers }: ChangeContext,
): Promise<Drafts> {
  const { client, nameCheck, trust } = change;
  const before = inventory.clients.get(client);
  const written = inventory.estate.clients.find(({ name }) => name === client);
  if (before === undefined || written === undefined)
    return fail([`The estate has no client ${client}`]);
  const profile = change.profile ?? before.party.profile;
  const rules = await rulesOf(change, profile);
  if (!rules.ok) return rules;
  const policy = keyPolicyOf(profile, written.identity?.keyManager ?? null);
  let identity: Extract<Effect, { kind: "client" }>["identity"] = null;
  if (change.identity === "none") identity = { to: null };
  else if (change.identity !== null)
    identity = {
      to: await loadIdentity(
        change.identity,
        keyPolicyOf(profile, change.identity.keyManager),
        readers.secret,
      ),
    };
  else if (change.profile !== null && before.identity?.ok === true)
    // another runtime may choose another key
    identity = { to: ok(identityOf(before.identity.value.keyring.certificates, policy)) };
  if (identity?.to?.ok === false) return fail([identity.to.error]);
  const effect: Effect = {
    kind: "client",
    client,
    profile: change.profile,
    rules: rules.value,
    nameCheck,
    trust,
    identity,
  };
  return ok([{ change: index, title: clientWords(change), effect }]);
}

async function rulesOf(
  { javaSecurity }: ClientChange,
  profile: ProfileName,
): Promise<Result<Profile | null, readonly string[]>> {
  if (javaSecurity === null) return ok(null);
  const text = await readText(javaSecurity, "latin1");
  if (!text.ok) return fail([text.error]);
  const properties = readJavaSecurity(text.value);
  const applied = properties.ok
    ? applyJavaSecurity(profileOf(profile), properties.value)
    : properties;
  return applied.ok ? ok(applied.value) : fail([`${javaSecurity}: ${applied.error.message}`]);
}

/** Largest text that is read, in bytes. */
const MAX_BYTES = 4 * 2 ** 20;

async function readText(
  path: string,
  encoding: "utf8" | "latin1" = "utf8",
): Promise<Result<string, string>> {
  try {
    if ((await stat(path)).size > MAX_BYTES) return fail(`${path} is larger than 4 MiB`);
    return ok(await readFile(path, encoding));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    return fail(code === "ENOENT" ? `${path} does not exist` : `${path} cannot be read (${code})`);
  }
}
