import { isAbsolute, join } from "node:path";
import type { SecretReference } from "../../estate.ts";
import { certificatesFromPem, inlineLocation } from "../certificate-text.ts";
import { byDefault, derived, type Place, placeOf, type Sourced, written } from "../origin.ts";
import type { SourceReader } from "../source-reader.ts";
import { isAtLeast } from "./runtime.ts";
import type { ServerConfig } from "./server-config.ts";

/** A `<keyStore>` with everything that Liberty makes of it. */
export interface LibertyStore {
  readonly id: string;
  /** Absolute; null for stores that are no files. */
  readonly path: Sourced<string> | null;
  readonly exists: boolean;
  /** As the runtime opens it. */
  readonly type: Sourced<string>;
  readonly password: Sourced<SecretReference> | null;
  /** Password of a key, by alias. */
  readonly keyPasswords: ReadonlyMap<string, Sourced<SecretReference>>;
  /** PEM files, or certificates in place, that the environment adds to it. */
  readonly added: readonly Sourced<string>[];
  readonly place: Place | null;
}

/** Liberty's id of the store that exists without being written. */
export const DEFAULT_KEY_STORE = "defaultKeyStore";

/** Reads a store by its id; null when nothing defines it. */
export async function libertyStore(
  id: string,
  config: ServerConfig,
  reader: SourceReader,
): Promise<LibertyStore | null> {
  const element = config.byId("keyStore", id);
  if (element === null && id !== DEFAULT_KEY_STORE) return null;
  const place = element?.place ?? null;
  const located = await locate(id, config, reader);
  const declared = element === null ? null : config.text(element, "type");
  const keyPasswords = new Map<string, Sourced<SecretReference>>();
  for (const child of element?.children ?? []) {
    if (child.local !== "keyEntry") continue;
    const name = config.text(child, "name");
    const password = config.password(child, "keyPassword");
    if (name !== null && password !== null) keyPasswords.set(name.value, password);
  }
  const store = {
    id,
    place,
    path: located,
    exists: located !== null && (await reader.look(located.value))?.kind === "file",
    type: typeOf(id, located, declared, config),
    password:
      (element === null ? null : config.password(element, "password")) ?? fallback(id, config),
    keyPasswords,
    added: addedCertificates(id, config),
  };
  if (declared !== null && located !== null) checkType(store, declared, config);
  await checkReread(store, config, reader);
  return store;
}

/** The default store takes the password of the environment when none is written. */
function fallback(id: string, config: ServerConfig): Sourced<SecretReference> | null {
  if (id !== DEFAULT_KEY_STORE) return null;
  const variable = config.variables.environment("keystore_password");
  if (variable === null || variable.secret === null) return null;
  return derived(
    variable.secret,
    `variable keystore_password of ${variable.source}`,
    variable.place === null ? [] : [variable.place],
  );
}

async function locate(
  id: string,
  config: ServerConfig,
  reader: SourceReader,
): Promise<Sourced<string> | null> {
  const element = config.byId("keyStore", id);
  const location = element === null ? null : config.text(element, "location");
  if (location === null) {
    if (element !== null && config.has(element, "location")) return null;
    return id === DEFAULT_KEY_STORE || element === null
      ? defaultLocation(id, config, reader)
      : defaultPath(config, element.place, "key.p12");
  }
  if (/^safkeyring(?:hw|hybrid)?:\/\//i.test(location.value)) {
    config.builder.note(`Store ${id} is a key ring of RACF and no file`, placeOf(location));
    return null;
  }
  if (element !== null && config.flag(element, "fileBased")?.value === false) {
    config.builder.note(`Store ${id} is not a file`, placeOf(location));
    return null;
  }
  if (isAbsolute(location.value)) return location;
  const { layout } = config;
  const output = config.variables.find("server.output.dir")?.value ?? layout.config;
  const candidates = [
    join(output, location.value),
    join(layout.config, "resources", "security", location.value),
    join(output, "resources", "security", location.value),
  ];
  for (const candidate of candidates)
    if ((await reader.look(candidate)) !== null) return { ...location, value: candidate };
  return { ...location, value: join(layout.config, "resources", "security", location.value) };
}

function defaultPath(config: ServerConfig, place: Place | null, name: string): Sourced<string> {
  const output = config.variables.find("server.output.dir")?.value ?? config.layout.config;
  return byDefault(
    join(output, "resources", "security", name),
    `location is \${server.output.dir}/resources/security/${name}`,
    place,
  );
}

/** key.p12 from 19.0.0.3 on, but key.jks where that exists; before, key.jks. */
async function defaultLocation(
  id: string,
  config: ServerConfig,
  reader: SourceReader,
): Promise<Sourced<string>> {
  const place = config.byId("keyStore", id)?.place ?? null;
  const [p12, jks] = [defaultPath(config, place, "key.p12"), defaultPath(config, place, "key.jks")];
  const version = config.runtime.version?.value ?? null;
  if (version !== null && !isAtLeast(version, "19.0.0.3")) return jks;
  const hasJks = (await reader.look(jks.value)) !== null;
  const hasP12 = (await reader.look(p12.value)) !== null;
  if (hasJks && hasP12)
    config.builder.issue({
      code: "estate.store-ambiguous",
      severity: "warning",
      summary: `Both ${jks.value} and ${p12.value} exist; Liberty uses key.jks (CWPKI0822W)`,
      place,
      remedy: [
        "Write the location of the store that is meant into its <keyStore>, and remove the other file",
      ],
    });
  return hasJks ? jks : p12;
}

function typeOf(
  id: string,
  path: Sourced<string> | null,
  declared: Sourced<string> | null,
  { runtime }: ServerConfig,
): Sourced<string> {
  if (path !== null && /jks$/i.test(path.value))
    return derived("JKS", "a location that ends in jks is opened as JKS", placesOf(path));
  if (declared !== null) return declared;
  const version = runtime.version?.value ?? null;
  return version !== null && !isAtLeast(version, "19.0.0.3")
    ? byDefault("JKS", `type is JKS before 19.0.0.3 (${id})`)
    : byDefault("PKCS12", "type is PKCS12 from 19.0.0.3 on");
}

function placesOf(sourced: Sourced<unknown>): readonly Place[] {
  const place = placeOf(sourced);
  return place === null ? [] : [place];
}

function checkType(
  { id, path, type }: Pick<LibertyStore, "id" | "path" | "type">,
  declared: Sourced<string>,
  { builder, runtime }: ServerConfig,
): void {
  if (path === null || declared.value.toUpperCase() === type.value) return;
  if (!/jks$/i.test(path.value)) return;
  const strict = runtime.profile.value === "ibm-java-8";
  builder.issue({
    code: "estate.store-type-forced",
    severity: strict ? "warning" : "info",
    summary: `Store ${id} is declared as ${declared.value}, but Liberty opens every location that ends in jks as JKS`,
    place: placeOf(declared),
    remedy: [
      `Rename ${path.value} so that it does not end in jks, and change the location of <keyStore id="${id}">`,
    ],
  });
}

/** A repaired store is read again only with updateTrigger polled; otherwise an MBean call or a restart is needed. */
async function checkReread(
  { id, path }: Pick<LibertyStore, "id" | "path">,
  config: ServerConfig,
  reader: SourceReader,
): Promise<void> {
  const element = config.byId("keyStore", id);
  const trigger = element === null ? null : config.text(element, "updateTrigger");
  if (path === null || trigger?.value === "polled") return;
  const store = await reader.look(path.value);
  const started = await startOf(config, reader);
  if (store === null || started === null || store.modified <= started) return;
  config.builder.issue({
    code: "estate.store-not-reread",
    severity: "warning",
    summary: `${path.value} was changed after the server started, and updateTrigger is ${trigger?.value ?? "mbean"}: the server still uses the old content`,
    place: trigger === null ? (element?.place ?? null) : placeOf(trigger),
    remedy: [
      `Restart the server ${config.layout.name}, or set updateTrigger="polled" on <keyStore id="${id}">`,
    ],
  });
}

/** When the server started, as far as its files tell: the time at which its start marker was written. */
async function startOf(config: ServerConfig, reader: SourceReader): Promise<number | null> {
  const output = config.variables.find("server.output.dir")?.value ?? config.layout.config;
  const marker = await reader.look(join(output, "workarea", ".sLock"));
  return marker?.modified ?? null;
}

/** `cert_ID` in the environment: a PEM file, or PEM text, that the server adds to a store at its start. */
function addedCertificates(
  id: string,
  { variables, builder }: ServerConfig,
): readonly Sourced<string>[] {
  const variable = variables.environment(`cert_${id}`);
  if (variable === null) return [];
  const sourced = (value: string): Sourced<string> =>
    variable.place === null
      ? derived(value, `variable cert_${id} of ${variable.source}`, [])
      : written(value, variable.place);
  if (variable.value.includes("-----BEGIN")) {
    // a variable of one line writes the ends of lines as \n
    const certificates = certificatesFromPem(variable.value.replaceAll("\\n", "\n"));
    if (certificates.length === 0)
      builder.note(
        `Variable cert_${id} holds PEM text without a certificate that can be read (CWPKI0826W)`,
        variable.place,
      );
    return certificates.map((certificate) => sourced(inlineLocation(certificate)));
  }
  if (isAbsolute(variable.value)) return [sourced(variable.value)];
  builder.note(
    `Variable cert_${id} is neither PEM text nor an absolute path, and is left out`,
    variable.place,
  );
  return [];
}
