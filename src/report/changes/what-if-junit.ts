import type { LinkChange } from "../../links/changes/what-if.ts";
import { escapeXml } from "../xml-text.ts";
import type { WhatIfReport } from "./what-if-report.ts";

/** JUnit's XML: a case for each link, which fails when the plan breaks it, and one for the order and each chain. */
export function whatIfJunit({ result, file }: WhatIfReport): string {
  const { links, order, faults } = result;
  const cases = [
    ...links.map(linkCase),
    testCase("order", "safe order", orderFailure(order.kind)),
    ...faults
      .filter(({ severity }) => severity === "critical")
      .map(({ endpoint, code, summary }) =>
        testCase(endpoint, `new certificates: ${code}`, failure(code, summary)),
      ),
  ];
  const failures = cases.filter((each) => each.includes("<failure")).length;
  const errors = cases.filter((each) => each.includes("<error")).length;
  const counts = `tests="${cases.length}" failures="${failures}" errors="${errors}" time="0.000"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="anchorwatch whatif ${escapeXml(file)}" ${counts} skipped="0">`,
    ...cases,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function linkCase({ client, endpoint, fate, after, why }: LinkChange): string {
  const finding = after?.findings[0];
  const content =
    fate === "breaks"
      ? failure(finding?.code ?? "estate.not-judged", finding?.summary ?? "It cannot be judged")
      : fate === "unknown"
        ? `      <error type="unknown" message="${escapeXml(why ?? "It is not known")}"/>`
        : fate === "stays-broken"
          ? `      <system-out>${escapeXml(`stays broken: ${finding?.summary ?? ""}`)}</system-out>`
          : "";
  return testCase(endpoint, `as ${client}`, content);
}

function orderFailure(kind: "safe" | "none" | "undecided"): string {
  switch (kind) {
    case "safe":
      return "";
    case "none":
      return failure("no-safe-order", "No order of the changes keeps every working link working");
    case "undecided":
      return '      <error type="undecided" message="No safe order was found within the limits of the search"/>';
  }
}

const failure = (type: string, message: string): string =>
  `      <failure type="${escapeXml(type)}" message="${escapeXml(message)}"/>`;

function testCase(className: string, name: string, content: string): string {
  const open = `    <testcase classname="${escapeXml(className)}" name="${escapeXml(name)}" time="0.000"`;
  return content === "" ? `${open}/>` : `${open}>\n${content}\n    </testcase>`;
}
