import type { Finding } from "../diagnosis/finding.ts";
import type { CheckRenderer } from "./check-renderer.ts";
import { type CheckResult, codeOfResult } from "./check-result.ts";
import type { ResultCode } from "./exit-code.ts";
import { EMPTY_TALLY, tallied, totalOf } from "./tally.ts";
import { escapeXml } from "./xml-text.ts";

/**
 * JUnit's XML: a test case for each result. A problem is a failure, what could not be checked is an error, warnings
 * stand in the output of a passed case. The counts come first in the document, so results are kept until the end.
 */
export function junitRenderer(): CheckRenderer {
  const cases: string[] = [];
  let tally = EMPTY_TALLY;
  let milliseconds = 0;
  return {
    begin: () => "",
    result: (result) => {
      const code = codeOfResult(result);
      tally = tallied(tally, code);
      milliseconds += timeOf(result);
      cases.push(caseText(result, code));
      return "";
    },
    end: () => {
      const counts = `tests="${totalOf(tally)}" failures="${tally[2]}" errors="${tally[3]}" skipped="0" time="${seconds(milliseconds)}"`;
      return [
        '<?xml version="1.0" encoding="UTF-8"?>',
        `<testsuites ${counts}>`,
        `  <testsuite name="anchorwatch" ${counts}>`,
        ...cases,
        "  </testsuite>",
        "</testsuites>",
        "",
      ].join("\n");
    },
  };
}

function timeOf(result: CheckResult): number {
  if (result.kind === "invalid") return 0;
  return Object.values(result.assessment.handshake.phases).reduce<number>(
    (sum, phase) => sum + (phase ?? 0),
    0,
  );
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

function caseText(result: CheckResult, code: ResultCode): string {
  const open = `    <testcase classname="${escapeXml(result.target)}" name="${escapeXml(nameOf(result))}" time="${seconds(timeOf(result))}"`;
  const content = contentOf(result, code);
  return content === "" ? `${open}/>` : `${open}>\n${content}\n    </testcase>`;
}

function nameOf(result: CheckResult): string {
  if (result.kind === "invalid") return "target";
  const { client, handshake } = result.assessment;
  const address = handshake.address === null ? "" : ` at ${handshake.address}`;
  return `as ${client.name}${address}`;
}

function contentOf(result: CheckResult, code: ResultCode): string {
  if (result.kind === "invalid")
    return `      <error type="topology.target-invalid" message="${escapeXml(result.message)}"/>`;
  const { findings } = result.assessment;
  const [headline] = findings;
  const text = escapeXml(findings.map(findingText).join("\n\n"));
  switch (code) {
    case 0:
      return "";
    case 1:
      return `      <system-out>${text}</system-out>`;
    case 2:
    case 3: {
      const element = code === 2 ? "failure" : "error";
      const type = escapeXml(headline?.code ?? "estate.not-judged");
      const message = escapeXml(headline?.summary ?? "The handshake could not be judged");
      return `      <${element} type="${type}" message="${message}">${text}</${element}>`;
    }
  }
}

function findingText({ code, severity, summary, remedy }: Finding): string {
  const steps = remedy.map((step, index) => `${index + 1}. ${step}`);
  return [`${severity}: ${summary} (${code})`, ...steps].join("\n");
}
