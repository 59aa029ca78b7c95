import { forecastSteps } from "../links/forecast/forecast.ts";
import type { ResultCode } from "../report/exit-code.ts";
import { exitCodeOfForecast, type ForecastReport } from "../report/forecast/forecast-report.ts";
import { inParts, seenOf } from "./estate-observations.ts";
import { DEFAULT_ESTATE, readInventory } from "./estate-option.ts";
import { DEFAULT_DAYS, type ForecastOptions } from "./forecast.ts";
import { columnsOf, paintFor, write } from "./output.ts";

const DAY = 86_400_000;

/** Makes a forecast and prints it; resolves to the exit code. @throws {UsageError} */
export async function runForecast(options: ForecastOptions): Promise<ResultCode> {
  const inventory = await readInventory(options.estate);
  const { observations, source } = await seenOf(inventory, options);
  const at = options.at ?? Date.now();
  const until = at + (options.days ?? DEFAULT_DAYS) * DAY;
  const steps = forecastSteps({ ...inventory, observations, at, until });
  const result = await inParts(steps, "links judged");
  const code = exitCodeOfForecast(result, options.days !== undefined);
  const report = { result, file: options.estate ?? DEFAULT_ESTATE, source, code };
  await write(process.stdout, await rendered(report, options.format ?? "text"));
  return code;
}

async function rendered(
  report: ForecastReport,
  format: NonNullable<ForecastOptions["format"]>,
): Promise<string> {
  switch (format) {
    case "json":
    case "ndjson": {
      const records = await import("../report/forecast/forecast-record.ts");
      return format === "json"
        ? `${JSON.stringify(records.forecastJson(report), null, 2)}\n`
        : records.forecastLines(report);
    }
    case "ics":
      return (await import("../report/forecast/ics/forecast-calendar.ts")).forecastCalendar(report);
    case "junit":
      return (await import("../report/forecast/forecast-junit.ts")).forecastJunit(report);
    case "nagios":
      return (await import("../report/forecast/forecast-nagios.ts")).forecastNagios(report);
    case "text":
    case "markdown":
    case "html": {
      const { forecastDocument } = await import("../report/forecast/forecast-document.ts");
      const blocks = forecastDocument(report);
      if (format === "markdown")
        return (await import("../report/document/document-markdown.ts")).documentMarkdown(blocks);
      if (format === "html")
        return (await import("../report/document/document-html.ts")).documentHtml(
          `Forecast for ${report.file}`,
          blocks,
        );
      const { documentText } = await import("../report/document/document-text.ts");
      return documentText(blocks, {
        paint: paintFor(process.stdout),
        columns: columnsOf(process.stdout),
      });
    }
  }
}
