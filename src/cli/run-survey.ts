import type { Finding } from "../diagnosis/finding.ts";
import { printable } from "../diagnosis/words.ts";
import { rateSurvey } from "../diagnosis/survey/rate-survey.ts";
import { addressFindings, surveyFindings } from "../diagnosis/survey/survey-findings.ts";
import { parseHostPort } from "../estate/host-port.ts";
import type { Survey } from "../probe/survey/survey-record.ts";
import { survey } from "../probe/survey/survey.ts";
import { exitCodeOfFindings, type ResultCode, worse } from "../report/exit-code.ts";
import { storeJunit, storeNagios } from "../report/store/result-formats.ts";
import type { StoreItem, StoreResult } from "../report/store/result.ts";
import { documentHtml } from "../report/document/document-html.ts";
import { documentMarkdown } from "../report/document/document-markdown.ts";
import { surveyBlocks } from "../report/survey/survey-document.ts";
import { surveyRecord } from "../report/survey/survey-record.ts";
import {
  type AddressResult,
  findingsOf,
  type SurveyResult,
} from "../report/survey/survey-result.ts";
import { surveyText } from "../report/survey/survey-text.ts";
import { routeOf } from "./check-route.ts";
import { readTargets, type Target } from "./check-targets.ts";
import { paintFor, write } from "./output.ts";
import { Progress } from "./progress.ts";
import type { SurveyOptions } from "./survey.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Surveys targets one after another and prints what was found; resolves to the exit code: 1 with warnings, 3
 * where a target could not be asked.
 * @throws {UsageError}
 */
export async function runSurvey(
  texts: readonly string[],
  options: SurveyOptions,
): Promise<ResultCode> {
  const { format } = options;
  const dialled = options.connect === undefined ? null : parseHostPort(options.connect);
  if (options.connect !== undefined && dialled === null)
    throw new UsageError(
      `--connect: ${JSON.stringify(options.connect)} is no HOST, HOST:PORT or [V6]:PORT`,
    );
  const targets = readTargets(texts);
  const route = await routeOf(options);
  const progress = new Progress(process.stderr, "questions answered");
  const results: SurveyResult[] = [];
  try {
    for (const { text, endpoint } of targets) {
      if (!endpoint.ok) continue;
      const surveyed = await survey(endpoint.value, {
        route,
        timeoutMs: options.timeout,
        phaseTimeoutMs: options.phaseTimeout,
        inFlight: options.concurrency,
        perSecond: options.rate,
        connectHost: dialled?.host,
        port: dialled?.port ?? undefined,
        ...(options.servername === undefined ? {} : { serverName: options.servername }),
        onAnswer: () => progress.count(),
      });
      const result = judged(text, surveyed);
      results.push(result);
      progress.hide();
      if (format === "text") await write(process.stdout, textOf(result, results.length));
      if (format === "ndjson")
        await write(process.stdout, `${JSON.stringify(surveyRecord(result))}\n`);
    }
  } finally {
    progress.end();
  }
  const code = results.reduce<ResultCode>((worst, result) => worse(worst, result.code), 0);
  await writeDocument(results, code, format);
  return code;
}

function textOf(result: SurveyResult, number: number): string {
  return `${number === 1 ? "" : "\n"}${surveyText(result, paintFor(process.stdout))}`;
}

/** A survey with what follows from it. */
function judged(target: Target["text"], surveyed: Survey): SurveyResult {
  const addresses = surveyed.addresses.map((address) => ({
    survey: address,
    findings: address.failure === null ? surveyFindings(surveyed.endpoint, address) : [],
    ratings: address.failure === null ? rateSurvey(address) : [],
  }));
  const findings = addressFindings(surveyed);
  const all: readonly Finding[] = [...findings, ...addresses.flatMap((each) => each.findings)];
  const unreached = surveyed.addresses.some(({ failure }) => failure !== null);
  const code = worse(exitCodeOfFindings(all), unreached ? 3 : 0);
  return { target, survey: surveyed, addresses, findings, code };
}

async function writeDocument(
  results: readonly SurveyResult[],
  exitCode: ResultCode,
  format: SurveyOptions["format"],
): Promise<void> {
  const about = { command: "survey", service: "SURVEY", unit: "target", at: Date.now() };
  switch (format) {
    case "text":
    case "ndjson":
      return;
    case "json":
      await write(
        process.stdout,
        `${JSON.stringify({ results: results.map(surveyRecord), exitCode }, null, 2)}\n`,
      );
      return;
    case "junit":
      await write(process.stdout, storeJunit(results.map(reported), about));
      return;
    case "nagios":
      await write(process.stdout, storeNagios(results.map(reported), about));
      return;
    case "markdown":
      await write(process.stdout, documentMarkdown(surveyBlocks(results, about.at)));
      return;
    case "html":
      await write(
        process.stdout,
        documentHtml("anchorwatch survey", surveyBlocks(results, about.at)),
      );
      return;
  }
}

function reported(result: SurveyResult): StoreResult {
  return {
    title: result.target,
    code: result.code,
    items: [...result.addresses.flatMap(unreached), ...findingsOf(result)],
  };
}

/** An address that could not be asked, for formats that list findings alone. */
function unreached({ survey: { address, failure } }: AddressResult): readonly StoreItem[] {
  if (failure === null) return [];
  const place = address === null ? "" : `${address}: `;
  return [
    {
      code: failure.code,
      severity: "critical",
      summary: `${place}${printable(failure.message)}`,
      remedy: [],
    },
  ];
}
