import { dirname } from "node:path";
import { formatProblem } from "../../estate/estate.ts";
import { loadSourcedEstate } from "../../estate/load-estate.ts";
import { type EstateOverview, overviewOf } from "../../report/estate/overview.ts";
import { DEFAULT_ESTATE } from "../estate-option.ts";
import { columnsOf, paintFor, write } from "../output.ts";
import { UsageError } from "../usage-error.ts";
import type { EstateShowOptions } from "./show.ts";

/** Shows an estate. @throws {UsageError} with every mistake in it */
export async function runEstateShow({
  estate: file = DEFAULT_ESTATE,
  format = "text",
  sources: withSources,
}: EstateShowOptions): Promise<void> {
  const loaded = await loadSourcedEstate(file);
  if (!loaded.ok) throw new UsageError(loaded.error.map(formatProblem).join("\n"));
  const { estate, sources } = loaded.value;
  const overview = overviewOf(file, estate, sources);
  const options = { sources: withSources === true, folder: dirname(estate.file) };
  await write(process.stdout, await rendered(overview, format, options));
}

async function rendered(
  overview: EstateOverview,
  format: NonNullable<EstateShowOptions["format"]>,
  options: { readonly sources: boolean; readonly folder: string },
): Promise<string> {
  switch (format) {
    case "json":
      return `${JSON.stringify(overview, null, 2)}\n`;
    case "dot":
      return (await import("../../report/estate/graph.ts")).graphDot(overview);
    case "mermaid":
      return (await import("../../report/estate/graph.ts")).graphMermaid(overview);
    case "markdown":
    case "html":
    case "text": {
      const { overviewDocument } = await import("../../report/estate/overview-document.ts");
      const blocks = overviewDocument(overview, options);
      if (format === "markdown")
        return (await import("../../report/document/document-markdown.ts")).documentMarkdown(
          blocks,
        );
      if (format === "html")
        return (await import("../../report/document/document-html.ts")).documentHtml(
          `Estate ${overview.estate}`,
          blocks,
        );
      const { documentText } = await import("../../report/document/document-text.ts");
      return documentText(blocks, {
        paint: paintFor(process.stdout),
        columns: columnsOf(process.stdout),
      });
    }
  }
}
