import { Command, Option } from "commander";
import type { ImportOptions } from "./run-import.ts";
import { UsageError } from "./usage-error.ts";

/** The command `import`: a system's own configuration as entries of an estate. */
export function importCommand(): Command {
  return new Command("import")
    .description(
      "Derive clients, endpoints, links and truststores from a system's own configuration",
    )
    .argument("[system]", "which system (see --systems), or auto to find out")
    .argument(
      "[path...]",
      "its configuration: files or folders of one installation, - for standard input",
    )
    .option("--as <name>", "put NAME in front of every name instead of the system's own")
    .option("--system-version <version>", "the system's version, where it cannot be found")
    .option("--host <name>", "the name by which other machines reach the system's listeners")
    .option(
      "--root <folder>",
      "let files below FOLDER be included as well (repeatable)",
      (folder: string, folders: readonly string[]) => [...folders, folder],
      [],
    )
    .addOption(
      new Option("--format <format>", "how the fragment is written")
        .choices(["yaml", "json"])
        .default("yaml"),
    )
    .option("--explain", "print one line for each value with where it comes from")
    .option("--systems", "list the systems")
    .action(
      async (
        system: string | undefined,
        paths: readonly string[],
        options: ImportOptions & { readonly systems?: true },
      ) => {
        const { importSystem, listSystems } = await import("./run-import.ts");
        if (options.systems === true) return listSystems();
        if (system === undefined || paths.length === 0)
          throw new UsageError(
            "A system and the path of its configuration are needed; --systems lists the systems",
          );
        process.exitCode = await importSystem(system, paths, options);
      },
    );
}
