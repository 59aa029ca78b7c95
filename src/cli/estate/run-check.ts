import { loadAccess } from "../../daemon/http/access/load-tls.ts";
import { type Inventory, loadInventory, notifierSecret } from "../../daemon/inventory.ts";
import { systemReaders } from "../../daemon/system-readers.ts";
import { type Estate, formatProblem } from "../../estate/estate.ts";
import { loadSourcedEstate } from "../../estate/load-estate.ts";
import {
  checkEstate,
  type EstatePart,
  type UnusableFile,
} from "../../links/estate-check/check-estate.ts";
import { neededAnchors } from "../../links/estate-check/needed-anchors.ts";
import { type AnchorUse, anchorUse } from "../../links/estate-check/unused-anchors.ts";
import { type EstateCheckReport, exitCodeOfEstateCheck } from "../../report/estate/check-report.ts";
import { DEFAULT_ESTATE } from "../estate-option.ts";
import { columnsOf, paintFor, write } from "../output.ts";
import type { EstateCheckOptions } from "./check.ts";

/** Checks an estate and prints what was found; resolves to the exit code. */
export async function runEstateCheck(options: EstateCheckOptions): Promise<0 | 1 | 2 | 64> {
  const file = options.estate ?? DEFAULT_ESTATE;
  const report = await checked(file, options);
  if (options.format === "ndjson" && report.problems.length > 0)
    await write(process.stderr, `${report.problems.map(formatProblem).join("\n")}\n`);
  await write(process.stdout, await rendered(report, options.format ?? "text"));
  return exitCodeOfEstateCheck(report);
}

async function checked(file: string, options: EstateCheckOptions): Promise<EstateCheckReport> {
  const at = options.at ?? Date.now();
  const loaded = await loadSourcedEstate(file);
  if (!loaded.ok)
    return { file, problems: loaded.error, check: { findings: [], notes: [] }, parts: [], at };
  const { estate, sources } = loaded.value;
  const inventory = await loadInventory(estate, systemReaders);
  const { truststores, clients } = inventory;
  const unusable = await unusableFiles(inventory, file);
  const anchors = await recordedAnchorUse(inventory, options, at);
  const check = checkEstate({
    estate,
    sources,
    truststores,
    clients,
    unusable,
    anchorUse: anchors,
    at,
  });
  return { file, problems: [], check, parts: partsOf(estate), at };
}

/** Which anchors links need, judged from what was recorded; null where no record is asked for. */
async function recordedAnchorUse(
  inventory: Inventory,
  options: EstateCheckOptions,
  at: number,
): Promise<AnchorUse | null> {
  if (options.offline !== true && options.handshakes === undefined) return null;
  const { inParts, seenOf } = await import("../estate-observations.ts");
  const { observations } = await seenOf(inventory, options);
  const steps = neededAnchors({ ...inventory, observations }, at);
  const needs = await inParts(steps, "links judged");
  return anchorUse(inventory.estate, inventory.truststores, needs);
}

/** What stores and identities do not tell: ways to endpoints, the listener's certificate, passwords of notifiers. */
async function unusableFiles(
  { estate, truststores, problems }: Inventory,
  file: string,
): Promise<readonly UnusableFile[]> {
  const here = { kind: "estate", name: file } as const;
  const access = await loadAccess(estate.http, truststores, systemReaders.secret);
  const secrets = await Promise.all(
    estate.notifiers.map(async (notifier): Promise<readonly UnusableFile[]> => {
      const reference = notifierSecret(notifier);
      const read = reference === null ? null : await systemReaders.secret(reference);
      return read?.ok === false
        ? [{ part: here, message: `In notify.${notifier.name}: ${read.error.message}` }]
        : [];
    }),
  );
  return [
    ...problems.flatMap(({ code, subject, message }): readonly UnusableFile[] =>
      code === "route-unreadable" ? [{ part: { kind: "endpoint", name: subject }, message }] : [],
    ),
    ...(access.ok ? [] : [{ part: here, message: `In http: ${access.error}` }]),
    ...secrets.flat(),
  ];
}

function partsOf({
  truststores,
  clients,
  endpoints,
  links,
  imports,
}: Estate): readonly EstatePart[] {
  return [
    ...truststores.map(({ name }) => ({ kind: "truststore", name }) as const),
    ...clients.map(({ name }) => ({ kind: "client", name }) as const),
    ...endpoints.map(({ name }) => ({ kind: "endpoint", name }) as const),
    ...links.map(
      ({ client, endpoint }) => ({ kind: "link", name: `${client} to ${endpoint}` }) as const,
    ),
    ...imports.map(({ prefix }) => ({ kind: "import", name: prefix }) as const),
  ];
}

const TITLE = { command: "estate check", service: "ESTATE", unit: "part" } as const;

async function rendered(
  report: EstateCheckReport,
  format: NonNullable<EstateCheckOptions["format"]>,
): Promise<string> {
  const { estateCheckRecord, estateResults } = await import("../../report/estate/check-record.ts");
  switch (format) {
    case "json":
      return `${JSON.stringify(estateCheckRecord(report), null, 2)}\n`;
    case "ndjson":
      return estateCheckRecord(report)
        .findings.map((finding) => `${JSON.stringify(finding)}\n`)
        .join("");
    case "junit":
    case "nagios": {
      const formats = await import("../../report/store/result-formats.ts");
      const title = { ...TITLE, at: report.at };
      return format === "junit"
        ? formats.storeJunit(estateResults(report), title)
        : formats.storeNagios(estateResults(report), title);
    }
    case "markdown":
    case "html":
    case "text": {
      const { estateCheckDocument } = await import("../../report/estate/check-document.ts");
      const blocks = estateCheckDocument(report);
      if (format === "markdown")
        return (await import("../../report/document/document-markdown.ts")).documentMarkdown(
          blocks,
        );
      if (format === "html")
        return (await import("../../report/document/document-html.ts")).documentHtml(
          `Estate ${report.file}`,
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
