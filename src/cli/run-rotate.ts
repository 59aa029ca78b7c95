import { dirname, isAbsolute, relative, resolve } from "node:path";
import { entriesAt } from "../daemon/changes/read-certificates.ts";
import { readText } from "../daemon/changes/read-text.ts";
import type { Inventory } from "../daemon/inventory.ts";
import { planFile } from "../daemon/rotation/plan-file.ts";
import { rotationNotes } from "../daemon/rotation/rotation-notes.ts";
import { suggest } from "../estate/suggest.ts";
import { exitCodeOfPlan } from "../links/changes/what-if.ts";
import { proposeRotation } from "../links/rotation/propose.ts";
import type { NewService, RotationRequest, Source } from "../links/rotation/rotation.ts";
import type { ResultCode } from "../report/exit-code.ts";
import { onScreen } from "../report/on-screen.ts";
import { wrap } from "../report/wrap.ts";
import { whatIfText } from "../report/changes/what-if-text.ts";
import { belongsTo, loadPemKey } from "../truststore/load-private-keys.ts";
import { selectEntries } from "../truststore/select-entries.ts";
import { createFile } from "../truststore/write-file.ts";
import { seenOf } from "./estate-observations.ts";
import { readInventory } from "./estate-option.ts";
import { InputError } from "./input-error.ts";
import { columnsOf, paintFor, write } from "./output.ts";
import type { RotateOptions } from "./rotate.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Proposes a plan and prints or writes it; resolves to the exit code that `whatif` has for it.
 * @throws {UsageError} when options contradict, or name what is not there
 * @throws {InputError} when the plan cannot be written
 */
export async function runRotate(
  endpoint: string | null,
  options: RotateOptions,
): Promise<ResultCode> {
  checkOptions(endpoint, options);
  const inventory = await readInventory(options.estate);
  const request = await requestOf(endpoint, options, inventory);
  const seen = await seenOf(inventory, options);
  const rotation = proposeRotation(request, {
    ...inventory,
    observations: seen.observations,
    now: options.at ?? Date.now(),
  });
  const code = rotation.changes.length === 0 ? 0 : exitCodeOfPlan(rotation.result);
  const folder = options.out === undefined ? process.cwd() : dirname(resolve(options.out));
  const text = planFile(rotation, (path) => placed(path, folder));
  if (options.out === undefined) {
    await write(process.stdout, text);
    return code;
  }
  const screen = { paint: paintFor(process.stdout), columns: columnsOf(process.stdout) };
  const notes = rotationNotes(rotation).flatMap((note) => wrap(onScreen(note), "", screen.columns));
  if (rotation.changes.length === 0) {
    // whatif takes no plan without changes
    await write(process.stdout, `${notes.join("\n")}\n\n${options.out} is not written.\n`);
    return code;
  }
  const created = await createFile(options.out, Buffer.from(text), {
    mode: 0o666,
    overwrite: false,
  });
  if (!created.ok) throw new InputError(`--out: ${created.error.message}`);
  const report = {
    result: rotation.result,
    file: options.out,
    source: seen.source,
    code,
    all: false,
  };
  await write(process.stdout, `${notes.join("\n")}\n\n${whatIfText(report, screen)}`);
  return code;
}

function checkOptions(
  endpoint: string | null,
  { ca, to, serves = [], key = [] }: RotateOptions,
): void {
  if (ca === undefined && endpoint === null && serves.length === 0)
    throw new UsageError(
      "Say what is replaced: an endpoint with --serves FILE, or --ca FILE with --to FILE",
    );
  if (ca !== undefined && to === undefined)
    throw new UsageError("--ca needs --to FILE: the CA that takes its place");
  if (endpoint !== null && serves.length === 0)
    throw new UsageError(`--serves FILE is missing: what ${endpoint} will send`);
  if (key.length > serves.length)
    throw new UsageError("--key needs a --serves of the same endpoint");
}

/** A path as a plan in a folder names it: relative where it is below the folder. */
function placed(path: string, folder: string): string {
  const found = relative(folder, resolve(path));
  return found.startsWith("..") || isAbsolute(found) ? resolve(path) : found;
}

async function requestOf(
  endpoint: string | null,
  { ca, to, serves = [], key = [] }: RotateOptions,
  inventory: Inventory,
): Promise<RotationRequest> {
  const keys = new Map(key.map((text) => assigned(text, endpoint, inventory, "--key")));
  const services: NewService[] = [];
  for (const text of serves) {
    const [name, file] = assigned(text, endpoint, inventory, "--serves");
    if (services.some((each) => each.endpoint === name))
      throw new UsageError(`--serves: ${name} is given twice`);
    const chain = await sourceOf(file, "--serves");
    const keyFile = keys.get(name);
    services.push({
      endpoint: name,
      chain,
      key: keyFile === undefined ? null : { text: keyFile, fits: await keyFits(keyFile, chain) },
    });
    keys.delete(name);
  }
  const [left] = keys.keys();
  if (left !== undefined) throw new UsageError(`--key: ${left} has no --serves`);
  return {
    retired: ca === undefined ? new Set() : await retiredBy(ca, inventory),
    successor: to === undefined ? null : await sourceOf(to, "--to"),
    services,
  };
}

/** `ENDPOINT=FILE`, or `FILE` of the endpoint that the command names. */
function assigned(
  text: string,
  endpoint: string | null,
  { estate }: Inventory,
  option: string,
): readonly [endpoint: string, file: string] {
  const known = estate.endpoints.map(({ name }) => name);
  const named = known
    .filter((name) => text.startsWith(`${name}=`))
    .toSorted((a, b) => b.length - a.length)[0];
  if (named !== undefined) return [named, text.slice(named.length + 1)];
  const name = endpoint ?? text.split("=")[0] ?? "";
  if (endpoint === null && !text.includes("="))
    throw new UsageError(`${option}: ${text}: say whose it is, as ENDPOINT=FILE`);
  if (!known.includes(name)) {
    const meant = suggest(name, known);
    throw new UsageError(
      `The estate has no endpoint ${JSON.stringify(name)}${meant === null ? "" : `; did you mean ${meant}?`}`,
    );
  }
  return [name, text];
}

async function sourceOf(text: string, option: string): Promise<Source> {
  const entries = await entriesAt(text);
  if (!entries.ok) throw new UsageError(`${option}: ${entries.error}`);
  return { text, entries: entries.value };
}

async function keyFits(path: string, { entries: [leaf] }: Source): Promise<boolean> {
  const text = await readText(path);
  if (!text.ok) throw new UsageError(`--key: ${text.error}`);
  const key = await loadPemKey(text.value, null);
  if (!key.ok)
    throw new UsageError(
      `--key: ${path} holds no private key that can be read without a password; leave out --key, or name it in the plan with keyPassword`,
    );
  return leaf !== undefined && belongsTo(key.value, leaf.der);
}

/** The certificates that `--ca` means, by SHA-256. */
async function retiredBy(text: string, { truststores }: Inventory): Promise<ReadonlySet<string>> {
  const entries = truststores.flatMap(({ store }) =>
    store.ok ? store.value.files.flatMap((file) => file.entries) : [],
  );
  const byName = selectEntries(entries, text);
  if (byName.ok) return new Set(byName.value.map(({ sha256 }) => sha256));
  const read = await entriesAt(text);
  if (read.ok) return new Set(read.value.map(({ sha256 }) => sha256));
  if (byName.error.code === "several-certificates")
    throw new UsageError(
      `--ca: '${text}' stands for different certificates in the truststores; give its SHA-256 fingerprint or its file`,
    );
  throw new UsageError(
    `--ca: ${text} is neither a certificate file nor an alias or fingerprint in a truststore of the estate`,
  );
}
