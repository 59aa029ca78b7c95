import type { Assessment } from "../diagnosis/assessment.ts";
import type { Finding } from "../diagnosis/finding.ts";
import { answersOf } from "./check/answers.ts";
import type { CheckRenderer } from "./check-renderer.ts";
import { codeOfResult, type TargetResult } from "./check-result.ts";
import { exitCodeOf, type ResultCode, worse } from "./exit-code.ts";
import { EMPTY_TALLY, tallied, totalOf } from "./tally.ts";
import { escapeXml } from "./xml-text.ts";

/** One case: a target and a client, whatever addresses it has. */
interface Case {
  readonly className: string;
  readonly name: string;
  readonly code: ResultCode;
  readonly milliseconds: number;
  /** Element inside the case; empty for one that simply passed. */
  readonly content: string;
}

/**
 * JUnit's XML as Jenkins reads it: a test case for each target and client. A problem is a failure, what could not be
 * checked is an error, warnings stand in the output of a passed case. Of several addresses the worst decides. The counts
 * come first in the document, so the cases are kept until the end.
 */
export function junitRenderer(): CheckRenderer {
  const cases: string[] = [];
  let tally = EMPTY_TALLY;
  let milliseconds = 0;
  return {
    begin: () => "",
    target: (result) => {
      for (const each of casesOf(result)) {
        tally = tallied(tally, each.code);
        milliseconds += each.milliseconds;
        cases.push(caseText(each));
      }
      return "";
    },
    end: () => {
      const counts = `tests="${totalOf(tally)}" failures="${tally[2]}" errors="${tally[3]}" time="${seconds(milliseconds)}"`;
      return [
        '<?xml version="1.0" encoding="UTF-8"?>',
        `<testsuites ${counts}>`,
        `  <testsuite name="anchorwatch" ${counts} skipped="0">`,
        ...cases,
        "  </testsuite>",
        "</testsuites>",
        "",
      ].join("\n");
    },
  };
}

function casesOf(result: TargetResult): readonly Case[] {
  if (result.kind === "invalid")
    return [
      {
        className: result.target,
        name: "target",
        code: codeOfResult(result),
        milliseconds: 0,
        content: `      <error type="topology.target-invalid" message="${escapeXml(result.message)}"/>`,
      },
    ];
  const byClient = Map.groupBy(result.assessments, ({ client }) => client.name);
  return [...byClient].map(([client, assessments]) => {
    const code = assessments.map(exitCodeOf).reduce<ResultCode>(worse, 0);
    return {
      className: result.target,
      name: `as ${client}`,
      code,
      milliseconds: assessments.reduce((sum, each) => sum + timeOf(each), 0),
      content: contentOf(assessments, code),
    };
  });
}

function timeOf({ handshake }: Assessment): number {
  return Object.values(handshake.phases).reduce<number>((sum, phase) => sum + (phase ?? 0), 0);
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

function caseText({ className, name, milliseconds, content }: Case): string {
  const open = `    <testcase classname="${escapeXml(className)}" name="${escapeXml(name)}" time="${seconds(milliseconds)}"`;
  return content === "" ? `${open}/>` : `${open}>\n${content}\n    </testcase>`;
}

function contentOf(assessments: readonly Assessment[], code: ResultCode): string {
  if (code === 0) return "";
  const answers = answersOf(assessments);
  const text = answers
    .map(({ addresses, assessments: [answer] }) => {
      const told = (answer?.findings ?? []).map(findingText).join("\n\n");
      return answers.length === 1 || addresses.length === 0
        ? told
        : `at ${addresses.join(", ")}:\n${told === "" ? "nothing found" : told}`;
    })
    .join("\n\n");
  if (code === 1) return `      <system-out>${escapeXml(text)}</system-out>`;
  const element = code === 2 ? "failure" : "error";
  const headline = assessments.find((each) => exitCodeOf(each) === code)?.findings[0];
  const type = escapeXml(headline?.code ?? "estate.not-judged");
  const message = escapeXml(headline?.summary ?? "The handshake could not be judged");
  return `      <${element} type="${type}" message="${message}">${escapeXml(text)}</${element}>`;
}

function findingText({ code, severity, summary, remedy }: Finding): string {
  const steps = remedy.map((step, index) => `${index + 1}. ${step}`);
  return [`${severity}: ${summary} (${code})`, ...steps].join("\n");
}
