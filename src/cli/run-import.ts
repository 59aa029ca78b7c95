import { resolve } from "node:path";
import { DISK_FILES } from "../estate/systems/disk-files.ts";
import type { EstateFragment } from "../estate/systems/fragment.ts";
import { fragmentJson, fragmentLines, fragmentYaml } from "../estate/systems/fragment-yaml.ts";
import { placeText } from "../estate/systems/origin.ts";
import { detectImporter, IMPORTERS } from "../estate/systems/registry.ts";
import { runImport, unknownSystem } from "../estate/systems/run-import.ts";
import { SOURCE_LIMITS, SourceReader } from "../estate/systems/source-reader.ts";
import { linesOnScreen } from "../report/on-screen.ts";
import { InputError } from "./input-error.ts";
import { write } from "./output.ts";
import { type StandardInputFile, standardInputFile } from "./standard-input-file.ts";
import { UsageError } from "./usage-error.ts";

/** Options of `import` as the command line gives them. */
export interface ImportOptions {
  readonly as?: string;
  readonly systemVersion?: string;
  readonly host?: string;
  readonly root: readonly string[];
  readonly format: "yaml" | "json";
  readonly explain?: true;
}

/**
 * Prints the fragment on standard output, notes and findings on standard error.
 * @returns the exit code: 2 with a critical finding, 1 with a warning
 */
export async function importSystem(
  system: string,
  paths: readonly string[],
  { as, systemVersion, host, root, format, explain }: ImportOptions,
): Promise<0 | 1 | 2> {
  const input = paths.includes("-") ? await fromStandardInput(system) : null;
  const files = input?.files ?? DISK_FILES;
  const absolute = paths.map((path) =>
    path === "-" && input !== null ? input.path : resolve(path),
  );
  const done = await runImport(
    {
      system: system === "auto" ? await detected(absolute) : system,
      paths: absolute,
      as: as ?? (input === null ? null : system),
      version: systemVersion ?? null,
      host: host ?? null,
      roots: root.map((folder) => resolve(folder)),
    },
    { files, environment: process.env },
  );
  if (!done.ok) {
    const { message, place } = done.error;
    if (!IMPORTERS.some((importer) => importer.system === system) && system !== "auto")
      throw new UsageError(message);
    throw new InputError(place === null ? message : `${placeText(place)}: ${message}`);
  }
  const { fragment } = done.value;
  await write(
    process.stdout,
    explain === true
      ? linesOnScreen(fragmentLines(fragment).join("\n") + "\n")
      : format === "json"
        ? `${fragmentJson(fragment)}\n`
        : fragmentYaml(fragment),
  );
  const remarks = [
    remarksOf(fragment),
    ...(input !== null && JSON.stringify(fragment.document).includes(`"config":"${input.path}"`)
      ? [
          "note: Passwords in standard input have no place that a reference leads to; import the file itself, or give them in the estate",
        ]
      : []),
  ]
    .filter((part) => part !== "")
    .join("\n");
  if (remarks !== "") await write(process.stderr, `${linesOnScreen(remarks)}\n`);
  if (fragment.issues.some(({ severity }) => severity === "critical")) return 2;
  return fragment.issues.some(({ severity }) => severity === "warning") ? 1 : 0;
}

/** Most bytes of a configuration on standard input: one more than a file may have, so that more is refused. */
const MAX_INPUT = SOURCE_LIMITS.fileBytes + 1;

async function fromStandardInput(system: string): Promise<StandardInputFile> {
  if (system === "auto")
    throw new UsageError(
      "With - for standard input the system has to be named; --systems lists them",
    );
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of process.stdin) {
    const bytes = Buffer.from(part as Uint8Array);
    parts.push(bytes);
    length += bytes.length;
    if (length >= MAX_INPUT) break;
  }
  return standardInputFile(system, Buffer.concat(parts), DISK_FILES);
}

async function detected(paths: readonly string[]): Promise<string> {
  const [first = ""] = paths;
  if ((await DISK_FILES.look(first)) === null) throw new InputError(`${first} does not exist`);
  const reader = new SourceReader(DISK_FILES);
  reader.allow(first);
  reader.allow(resolve(first, ".."));
  const importer = await detectImporter(first, reader);
  if (importer === null)
    throw new UsageError(
      `${first} does not look like the configuration of one known system; ${unknownSystem("").replace(/^[^;]*; /, "")}`,
    );
  return importer.system;
}

const RANK = { critical: 0, warning: 1, info: 2 } as const;

/** What is to be known beside the fragment, each with its place. */
function remarksOf({ notes, issues }: EstateFragment): string {
  const gravestFirst = issues.toSorted((a, b) => RANK[a.severity] - RANK[b.severity]);
  return [
    ...gravestFirst.map(({ code, severity, summary, place, remedy }) =>
      [
        `${severity} ${code}: ${summary}`,
        ...(place === null ? [] : [`    ${placeText(place)} ${place.at}`]),
        ...remedy.map((step) => `    ${step}`),
      ].join("\n"),
    ),
    ...notes.map(({ message, place }) =>
      place === null ? `note: ${message}` : `note: ${placeText(place)}: ${message}`,
    ),
  ].join("\n");
}

/** Lists the systems whose configuration can be read. */
export async function listSystems(): Promise<void> {
  const width = Math.max(...IMPORTERS.map(({ system }) => system.length));
  for (const { system, title, expects } of IMPORTERS)
    await write(process.stdout, `${system.padEnd(width)}  ${title}: ${expects}\n`);
}
