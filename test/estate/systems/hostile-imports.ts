import { join } from "node:path";
import { parseEstate } from "../../../src/estate/load-estate.ts";
import { fragmentJson, fragmentYaml } from "../../../src/estate/systems/fragment-yaml.ts";
import { runImport } from "../../../src/estate/systems/run-import.ts";
import type { Example } from "./examples.ts";
import { memoryFiles } from "./memory-files.ts";
import { mutate, randomNumbers } from "./mutations.ts";

/** Where the files of an example are taken to be: nothing stands there on the disk. */
const FOLDER = "/nonexistent/estate";

/**
 * Imports an example of which one file has been changed at random. Whatever it holds, the import ends with a failure as
 * data or with entries that an estate accepts.
 * @returns null, or what went wrong
 */
export async function hostileImport(example: Example, seed: number): Promise<string | null> {
  const random = randomNumbers(seed);
  const names = Object.keys(example.files);
  const chosen = names[Math.floor(random() * names.length)];
  const files = new Map(
    Object.entries(example.files).map(([name, content]) => {
      const bytes = Buffer.from(content);
      return [join(FOLDER, name), name === chosen ? mutate(bytes, random) : bytes] as const;
    }),
  );
  try {
    const done = await runImport(
      {
        system: example.system,
        paths: (example.paths ?? [""]).map((path) => join(FOLDER, path)),
        as: null,
        version: null,
        host: random() < 0.5 ? (example.host ?? null) : null,
        roots: [],
      },
      { files: memoryFiles(files), environment: {} },
    );
    if (!done.ok) return done.error.message === "" ? "A failure says nothing" : null;
    JSON.parse(fragmentJson(done.value.fragment));
    const estate = parseEstate("/nonexistent/estate.yaml", fragmentYaml(done.value.fragment));
    return estate.ok ? null : `No estate: ${JSON.stringify(estate.error.slice(0, 3))}`;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}
