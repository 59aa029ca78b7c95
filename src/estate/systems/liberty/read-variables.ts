import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import type { SecretReference } from "../../estate.ts";
import type { ImportBuilder } from "../import-builder.ts";
import { parseProperties, type Property } from "../properties/parse-properties.ts";
import type { SourceEncoding, SourceReader, SourceText } from "../source-reader.ts";
import type { LibertyLayout } from "./layout.ts";
import { type LoadedElement, settleConflicts } from "./merge.ts";
import { parseJvmOptions, parseServerEnv } from "./text-files.ts";
import { type Variable, Variables } from "./variables.ts";

/** Deepest nesting of bootstrap.include. */
const MAX_INCLUDES = 16;

/** What reading variables needs. */
export interface VariableSurroundings {
  readonly layout: LibertyLayout;
  readonly reader: SourceReader;
  readonly builder: ImportBuilder;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Every variable that is set outside XML: predefined ones, environment, bootstrap, Java options, variables folder. */
export async function readVariables(surroundings: VariableSurroundings): Promise<Variables> {
  const { environment } = surroundings;
  const variables = new Variables();
  for (const [name, value] of Object.entries(environment))
    if (value !== undefined)
      variables.addEnvironment({
        name,
        value,
        source: "the environment of this process",
        place: null,
        secret: { kind: "env", name },
      });
  await readServerEnvs(surroundings, variables);
  await readBootstrap(surroundings, variables);
  await readJvmOptions(surroundings, variables);
  await readVariablesFolders(surroundings, variables);
  addPredefined(surroundings.layout, variables);
  return variables;
}

/** Adds the `<variable>` elements of XML: values above everything else, default values below. */
export function addXmlVariables(loaded: readonly LoadedElement[], variables: Variables): void {
  const groups = Map.groupBy(
    loaded.filter(({ element }) => element.local === "variable"),
    ({ element }) => element.attributes.get("name")?.value ?? "",
  );
  for (const [name, group] of groups)
    for (const { element } of settleConflicts(group))
      for (const kind of ["defaultValue", "value"] as const) {
        const attribute = element.attributes.get(kind);
        if (attribute === undefined || name === "") continue;
        const { value, place } = attribute;
        const secret: SecretReference = config(place.file, `xml:${place.at}`);
        const source = kind === "value" ? "variable" : "default value of variable";
        const variable: Variable = { name, value, source, place, secret };
        if (kind === "value") variables.add(variable);
        else variables.addDefault(variable);
      }
}

const config = (path: string, at: string): SecretReference => ({
  kind: "config",
  path,
  at,
  key: null,
});

/** Reads a file that may be missing; anything else that is wrong with it is said. */
async function optional(
  file: string,
  { reader, builder }: VariableSurroundings,
  encoding?: SourceEncoding,
): Promise<SourceText | null> {
  const source = await reader.read(file, encoding);
  if (source.ok) return source.value;
  if (source.error.code !== "not-found") builder.unreadable(source.error, null);
  return null;
}

async function readServerEnvs(
  surroundings: VariableSurroundings,
  variables: Variables,
): Promise<void> {
  const { layout } = surroundings;
  const folders = [
    ...(layout.install === null ? [] : [join(layout.install, "etc")]),
    join(layout.user, "shared"),
    layout.config,
  ];
  for (const folder of folders) {
    const source = await optional(join(folder, "server.env"), surroundings);
    if (source === null) continue;
    const { settings, expands } = parseServerEnv(source);
    for (const { name, value, place } of settings) {
      const secret = config(place.file, `env:${name}`);
      const expanded = expands ? expandShell(value, variables) : value;
      variables.addEnvironment({ name, value: expanded, source: "server.env", place, secret });
    }
  }
}

/** `$NAME` and `${NAME}` as a shell expands them, once. */
const expandShell = (value: string, variables: Variables): string =>
  value.replace(
    /\$(?:\{(\w{1,256})\}|(\w{1,256}))/g,
    (_whole, braced?: string, bare?: string) =>
      variables.environment(braced ?? bare ?? "")?.value ?? "",
  );

async function readBootstrap(
  surroundings: VariableSurroundings,
  variables: Variables,
): Promise<void> {
  const chain: (readonly Property[])[] = [];
  const seen = new Set<string>();
  let file: string | null = join(surroundings.layout.config, "bootstrap.properties");
  while (file !== null && seen.size < MAX_INCLUDES) {
    if (seen.has(file)) {
      surroundings.builder.note(`${file} includes itself; the include is passed over`, null);
      break;
    }
    seen.add(file);
    const source = await optional(file, surroundings, "latin-1");
    if (source === null) break;
    const properties = parseProperties(source);
    chain.unshift(properties);
    const next = properties.findLast(({ key }) => key === "bootstrap.include");
    const location = next === undefined ? null : variables.expand(next.value.trim()).value;
    file = location === null ? null : resolveBeside(file, location);
  }
  // what includes wins over what is included
  for (const properties of chain) addProperties(properties, "bootstrap.properties", variables);
}

const resolveBeside = (file: string, location: string): string =>
  isAbsolute(location) ? location : resolve(dirname(file), location);

function addProperties(
  properties: readonly Property[],
  source: string,
  variables: Variables,
): void {
  for (const { key, value, place } of properties) {
    const secret = config(place.file, `properties:${key}`);
    variables.add({ name: key, value, source, place, secret });
  }
}

async function readJvmOptions(
  surroundings: VariableSurroundings,
  variables: Variables,
): Promise<void> {
  const { layout } = surroundings;
  const folders = [
    join(layout.user, "shared"),
    join(layout.config, "configDropins", "defaults"),
    layout.config,
    join(layout.config, "configDropins", "overrides"),
  ];
  for (const folder of folders) {
    const source = await optional(join(folder, "jvm.options"), surroundings);
    if (source === null) continue;
    for (const { name, value, place } of parseJvmOptions(source)) {
      const secret = config(place.file, `option:${name}`);
      variables.add({ name, value, source: "jvm.options", place, secret });
    }
  }
}

async function readVariablesFolders(
  surroundings: VariableSurroundings,
  variables: Variables,
): Promise<void> {
  const { layout, reader, builder } = surroundings;
  const listed = variables.serverEnvironment("VARIABLE_SOURCE_DIRS")?.value ?? null;
  const folders =
    listed === null
      ? [join(layout.config, "variables")]
      : listed.split(/[:;]/).flatMap((folder) => (folder === "" ? [] : [folder]));
  for (const folder of folders) {
    const names = await reader.list(folder);
    if (!names.ok) {
      builder.unreadable(names.error, null);
      continue;
    }
    for (const name of names.value) {
      const file = join(folder, name);
      const isProperties = name.endsWith(".properties");
      const source = await optional(file, surroundings, isProperties ? "latin-1" : "detect");
      if (source === null) continue;
      if (isProperties) addProperties(parseProperties(source), "variables folder", variables);
      else
        variables.add({
          name: basename(name),
          value: source.text.replace(/\r?\n$/, ""),
          source: "variables folder",
          place: { file, line: 1, column: 1, at: basename(name) },
          secret: config(file, "line:1"),
        });
    }
  }
}

function addPredefined(layout: LibertyLayout, variables: Variables): void {
  const output = variables.serverEnvironment("WLP_OUTPUT_DIR")?.value;
  const values: Readonly<Record<string, string | null>> = {
    "wlp.install.dir": layout.install,
    "wlp.user.dir": layout.user,
    "wlp.server.name": layout.name,
    "server.config.dir": layout.config,
    "server.output.dir": output === undefined ? layout.config : join(output, layout.name),
    "shared.app.dir": join(layout.user, "shared", "apps"),
    "shared.config.dir": join(layout.user, "shared", "config"),
    "shared.resource.dir": join(layout.user, "shared", "resources"),
  };
  for (const [name, value] of Object.entries(values))
    if (value !== null)
      variables.add({ name, value, source: "Liberty", place: null, secret: null });
}
