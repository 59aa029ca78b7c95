import { loadPlan } from "../daemon/changes/load-plan.ts";
import { systemReaders } from "../daemon/system-readers.ts";
import { formatProblem } from "../estate/estate.ts";
import { readPlan } from "../estate/plans/read-plan.ts";
import { exitCodeOfPlan, whatIfSteps } from "../links/changes/what-if.ts";
import type { ResultCode } from "../report/exit-code.ts";
import type { WhatIfReport } from "../report/changes/what-if-report.ts";
import { inParts, seenOf } from "./estate-observations.ts";
import { readInventory } from "./estate-option.ts";
import { columnsOf, paintFor, write } from "./output.ts";
import { UsageError } from "./usage-error.ts";
import type { WhatIfOptions } from "./whatif.ts";

/** Judges a plan and prints what it comes to; resolves to the exit code. @throws {UsageError} */
export async function runWhatIf(file: string, options: WhatIfOptions): Promise<ResultCode> {
  const inventory = await readInventory(options.estate);
  const now = options.at ?? Date.now();
  const plan = await readPlan(file, inventory.estate);
  if (!plan.ok) throw new UsageError(plan.error.map(formatProblem).join("\n"));
  const asked = { ...plan.value, at: options.at ?? plan.value.at };
  const loaded = await loadPlan(asked, { inventory, readers: systemReaders, now });
  if (!loaded.ok) throw new UsageError(loaded.error.map(formatProblem).join("\n"));
  const seen = await seenOf(inventory, options, loaded.value);
  const result = await inParts(
    whatIfSteps({ ...inventory, observations: seen.observations, plan: seen.plan, now }),
    "links judged",
  );
  const code = exitCodeOfPlan(result);
  const report = { result, file, source: seen.source, code, all: options.all === true };
  await write(process.stdout, await rendered(report, options.format ?? "text"));
  return code;
}

async function rendered(
  report: WhatIfReport,
  format: NonNullable<WhatIfOptions["format"]>,
): Promise<string> {
  switch (format) {
    case "text": {
      const { whatIfText } = await import("../report/changes/what-if-text.ts");
      return whatIfText(report, {
        paint: paintFor(process.stdout),
        columns: columnsOf(process.stdout),
      });
    }
    case "json":
    case "ndjson": {
      const records = await import("../report/changes/what-if-record.ts");
      return format === "json"
        ? `${JSON.stringify(records.whatIfRecord(report), null, 2)}\n`
        : records.whatIfLines(report);
    }
    case "markdown":
      return (await import("../report/changes/what-if-markdown.ts")).whatIfMarkdown(report);
    case "html":
      return (await import("../report/changes/what-if-html.ts")).whatIfHtml(report);
    case "junit":
      return (await import("../report/changes/what-if-junit.ts")).whatIfJunit(report);
  }
}
