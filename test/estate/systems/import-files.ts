import { join } from "node:path";
import type { Test } from "tap";
import { DISK_FILES } from "../../../src/estate/systems/disk-files.ts";
import type { SystemImport } from "../../../src/estate/systems/model.ts";
import { placeOf, type Place, type Sourced } from "../../../src/estate/systems/origin.ts";
import { SourceReader } from "../../../src/estate/systems/source-reader.ts";
import type { ImportContext, SystemImporter } from "../../../src/estate/systems/system-importer.ts";

/** Files of a fixture by their paths. */
export type FixtureFiles = Readonly<Record<string, string | Uint8Array>>;

/** Writes files into a folder of the test. */
export function fixtureFolder(t: Test, files: FixtureFiles): string {
  const tree: Record<string, unknown> = {};
  for (const [path, content] of Object.entries(files)) {
    const parts = path.split("/");
    const name = parts.pop() ?? path;
    let folder = tree;
    for (const part of parts) folder = (folder[part] ??= {}) as Record<string, unknown>;
    folder[name] = typeof content === "string" ? content : Buffer.from(content);
  }
  return t.testdir(tree as Parameters<Test["testdir"]>[0]);
}

/** What a test says about an import beside its files. */
export interface ImportOptions {
  /** Below the folder; several for an import of several paths. @default the folder itself */
  readonly paths?: readonly string[];
  readonly host?: string | null;
  readonly version?: string | null;
  readonly environment?: ImportContext["environment"];
}

/** An import and the folder that it was made from. */
export interface ImportedFolder {
  readonly folder: string;
  readonly found: SystemImport;
  /** The import in lines that a table can hold: values with `file:line:column` below the folder. */
  readonly lines: readonly string[];
}

/** Imports files; fails the test when nothing at all can be derived. */
export async function importFiles(
  t: Test,
  importer: SystemImporter,
  files: FixtureFiles,
  options: ImportOptions = {},
): Promise<ImportedFolder> {
  const folder = fixtureFolder(t, files);
  const reader = new SourceReader(DISK_FILES);
  reader.allow(folder);
  const result = await importer.read({
    paths: (options.paths ?? [""]).map((path) => join(folder, path)),
    reader,
    environment: options.environment ?? {},
    version: options.version ?? null,
    host: options.host ?? null,
  });
  if (!result.ok) throw new Error(result.error.message);
  return { folder, found: result.value, lines: linesOf(result.value, folder) };
}

/** Every value of an import in one line each, with where it comes from. */
export function linesOf(found: SystemImport, folder: string): readonly string[] {
  const short = (text: string): string => text.replaceAll(`${folder}/`, "").replaceAll(folder, ".");
  const at = (place: Place | null): string =>
    place === null ? "-" : `${short(place.file)}:${place.line}:${place.column}`;
  const shown = (value: Sourced<unknown>): string => {
    const text = short(typeof value.value === "string" ? value.value : JSON.stringify(value.value));
    const origin = value.origin.kind === "default" ? "default" : at(placeOf(value));
    return `${/^(?:inline:|\{"kind":"config")/u.test(text) ? `${text.slice(0, 20)}…` : text} @${origin}`;
  };
  const optional = (name: string, value: Sourced<unknown> | null | undefined): readonly string[] =>
    value === null || value === undefined ? [] : [`${name} ${shown(value)}`];
  return [
    ...found.endpoints.map((each) =>
      [
        `${each.direction} "${each.name}" ${shown(each.url)}`,
        ...optional("serverName", each.serverName),
        ...optional("clientAuth", each.clientAuth),
        ...optional("protocols", each.protocols),
      ].join(", "),
    ),
    ...found.truststores.map((each) =>
      [
        `store "${each.name}" ${each.paths.map(shown).join(" + ")}`,
        ...optional("password", each.password),
      ].join(", "),
    ),
    ...found.clients.map((each) =>
      [
        `client "${each.name}" ${each.profile.value} trusts ${each.trust.length === 0 ? "nothing" : each.trust.map(({ value }) => `"${value}"`).join("+")}`,
        ...optional("peerCheck", each.peerCheck),
        ...optional("nameCheck", each.nameCheck),
        ...optional("protocols", each.protocols),
        ...(each.identity === null
          ? []
          : each.identity.kind === "pem"
            ? [
                ...optional("cert", each.identity.certificate),
                ...optional("key", each.identity.key),
              ]
            : [
                ...optional("keystore", each.identity.path),
                ...optional("password", each.identity.password),
                ...optional("alias", each.identity.alias),
              ]),
      ].join(", "),
    ),
    ...found.links.map(({ from, to }) => `link "${from}" -> "${to}"`),
    ...found.notes.map(({ message, place }) => `note ${at(place)} ${short(message)}`),
    ...found.issues.map(
      ({ code, severity, place, summary }) => `${severity} ${code} ${at(place)} ${short(summary)}`,
    ),
  ];
}
