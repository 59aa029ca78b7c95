import { dateText } from "../../diagnosis/words.ts";
import { isCommand } from "../commands.ts";
import type { ResultCode } from "../exit-code.ts";
import { codeSpan, escapeMarkdown } from "../markdown-text.ts";
import { onScreen } from "../on-screen.ts";
import { EMPTY_TALLY, tallied, type Tally, tallyText } from "../tally.ts";
import { escapeXml } from "../xml-text.ts";
import { type StoreItem, type StoreResult, worstCode } from "./result.ts";

/** What the results are of. */
export interface ResultTitle {
  /** E.g. `store lint`: names the JUnit suite. */
  readonly command: string;
  /** E.g. `STORE`: begins the Nagios line. */
  readonly service: string;
  /** What one result is about, e.g. `store`; counted in the plural. */
  readonly unit: string;
  /** The moment that was judged at, ms since 1970. */
  readonly at: number;
}

function tallyOf(results: readonly StoreResult[]): Tally {
  return results.reduce((tally, { code }) => tallied(tally, code), EMPTY_TALLY);
}

/** JUnit's XML: a test case for each store. Problems are failures, unreadable stores errors, warnings are printed. */
export function storeJunit(results: readonly StoreResult[], { command }: ResultTitle): string {
  const tally = tallyOf(results);
  const counts = `tests="${results.length}" failures="${tally[2]}" errors="${tally[3]}" skipped="0" time="0.000"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="anchorwatch ${escapeXml(command)}" ${counts}>`,
    ...results.map((result) => caseText(result, command)),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function caseText({ title, code, items }: StoreResult, command: string): string {
  const open = `    <testcase classname="${escapeXml(title)}" name="${escapeXml(command)}" time="0.000"`;
  if (items.length === 0) return `${open}/>`;
  const text = escapeXml(items.map(itemText).join("\n\n"));
  const [headline] = items;
  const attributes = `type="${escapeXml(headline?.code ?? "")}" message="${escapeXml(headline?.summary ?? "")}"`;
  switch (code) {
    case 0:
    case 1:
      return `${open}>\n      <system-out>${text}</system-out>\n    </testcase>`;
    case 2:
      return `${open}>\n      <failure ${attributes}>${text}</failure>\n    </testcase>`;
    case 3:
      return `${open}>\n      <error ${attributes}>${text}</error>\n    </testcase>`;
  }
}

function itemText({ code, severity, summary, remedy }: StoreItem): string {
  const steps = remedy.map((step, index) => `${index + 1}. ${step}`);
  return [`${severity}: ${summary} (${code})`, ...steps].join("\n");
}

const NAGIOS_STATES: Readonly<Record<ResultCode, string>> = {
  0: "OK",
  1: "WARNING",
  2: "CRITICAL",
  3: "UNKNOWN",
};

/** One status line with performance data (Nagios plug-in guidelines): the headline of the worst store. */
export function storeNagios(
  results: readonly StoreResult[],
  { service, unit }: ResultTitle,
): string {
  const code = worstCode(results);
  const worst = results.find((result) => result.code === code);
  const tally = tallyOf(results);
  const told = worst?.items.find(({ severity }) => severity !== "info");
  const words =
    worst === undefined
      ? `no ${unit}`
      : told === undefined
        ? results.length === 1
          ? worst.title
          : `${results.length} ${unit}s`
        : told.summary;
  const items = results.flatMap((result) => result.items);
  const count = (severity: StoreItem["severity"]): number =>
    items.filter((item) => item.severity === severity).length;
  const data = [
    `${unit}s=${results.length}`,
    `critical=${count("critical")}`,
    `warning=${count("warning")}`,
    `info=${count("info")}`,
    `unreadable=${tally[3]}`,
  ];
  // the bar separates the words from the data
  const status = `${service} ${NAGIOS_STATES[code]} - ${words.replaceAll("|", "/")}`;
  return `${onScreen(status)} | ${data.join(" ")}\n`;
}

const MARKDOWN_STATES: Readonly<Record<ResultCode, string>> = {
  0: "✓ fine",
  1: "! warning",
  2: "✗ problem",
  3: "? not checked",
};

/** Markdown for tickets and wikis: a table of the stores, then what was found in each. */
export function storeMarkdown(
  results: readonly StoreResult[],
  { command, unit, at }: ResultTitle,
): string {
  const lines = [
    `# ${command} as of ${dateText(at)}`,
    "",
    `| result | ${unit} | headline |`,
    "|---|---|---|",
    ...results.map(
      ({ title, code, items }) =>
        `| ${MARKDOWN_STATES[code]} | ${escapeMarkdown(title)} | ${escapeMarkdown(items[0]?.summary ?? "")} |`,
    ),
    ...results.flatMap(({ title, items }) =>
      items.length === 0
        ? []
        : ["", `## ${escapeMarkdown(title)}`, ...items.flatMap((item) => ["", itemMarkdown(item)])],
    ),
    "",
    tallyText(tallyOf(results)),
  ];
  return `${lines.join("\n")}\n`;
}

function itemMarkdown({ code, severity, summary, remedy }: StoreItem): string {
  const steps = remedy.map(
    (step, index) => `${index + 1}. ${isCommand(step) ? codeSpan(step) : escapeMarkdown(step)}`,
  );
  return [
    `**${severity}** ${codeSpan(code)}: ${escapeMarkdown(summary)}`,
    ...(steps.length === 0 ? [] : ["", ...steps]),
  ].join("\n");
}
