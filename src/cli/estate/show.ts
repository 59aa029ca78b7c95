import { Command } from "commander";
import { addEstateOption } from "../estate-option.ts";
import { oneOf } from "../report-format.ts";

const FORMATS = ["text", "json", "dot", "mermaid", "markdown", "html"] as const;

/** Options of `estate show` as commander hands them over. */
export interface EstateShowOptions {
  readonly estate?: string;
  readonly sources?: true;
  readonly format?: (typeof FORMATS)[number];
}

/** The command `estate show`. */
export function estateShowCommand(): Command {
  return addEstateOption(
    new Command("show").description(
      "Show clients, endpoints, links and truststores, as tables and as a graph, and where each comes from",
    ),
  )
    .option("--sources", "tell the source of every value that is imported")
    .option("--format <format>", `${FORMATS.join(", ")} (default: text)`, oneOf(FORMATS))
    .addHelpText(
      "after",
      `
Examples:
  anchorwatch estate show --format dot | dot -Tsvg > estate.svg
  anchorwatch estate show --format mermaid > estate.mmd`,
    )
    .action(async (options: EstateShowOptions) => {
      const { runEstateShow } = await import("./run-show.ts");
      await runEstateShow(options);
    });
}
