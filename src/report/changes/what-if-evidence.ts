import { dateText, fingerprint, printable } from "../../diagnosis/words.ts";
import type { LinkChange, WhatIf } from "../../links/changes/what-if.ts";
import { type Block, section, table } from "../document/block.ts";
import { FATES } from "./fates.ts";
import { numbersOf } from "./what-if-order.ts";

/** The links before the plan and after it. */
export function linkEvidence(links: readonly LinkChange[], result: WhatIf): readonly Block[] {
  if (links.length === 0) return [];
  const numbers = numbersOf(result);
  return [
    section("Evidence: the links before and after"),
    ...table(
      ["becomes", "client", "endpoint", "before", "after", "works until", "steps"],
      links.map((link) => evidenceRow(link, numbers)),
      links.map(({ fate }) => FATES.find((each) => each.fate === fate)?.tone ?? "soft"),
    ),
  ];
}

/** The certificates that steps bring and take away. */
export function certificateEvidence(result: WhatIf): readonly Block[] {
  const numbers = numbersOf(result);
  const rows = result.steps
    .flatMap(({ certificates }, step) =>
      certificates.map((each) => ({ ...each, number: numbers[step] ?? 0 })),
    )
    .toSorted((a, b) => a.number - b.number)
    .map(({ number, role, subject, notAfter, sha256 }) => [
      String(number),
      role,
      printable(subject ?? "cannot be read"),
      notAfter === null ? "" : dateText(notAfter).slice(0, 10),
      fingerprint({ sha256 }),
    ]);
  if (rows.length === 0) return [];
  return [
    section("Evidence: the certificates that come and go"),
    ...table(["step", "is", "subject", "valid until", "SHA-256"], rows),
  ];
}

function evidenceRow(
  { fate, client, endpoint, before, after, steps, why }: LinkChange,
  numbers: readonly number[],
): readonly string[] {
  const words = (verdict: LinkChange["before"]): string =>
    verdict === null
      ? (why ?? "")
      : verdict.ok === true
        ? (verdict.findings.find(({ severity }) => severity !== "info")?.code ?? "works")
        : (verdict.findings[0]?.code ?? "broken");
  const until = after?.ok === true ? after.breaksAt : null;
  return [
    FATES.find((each) => each.fate === fate)?.words ?? fate,
    client,
    endpoint,
    words(before),
    words(after),
    until === null ? "" : dateText(until).slice(0, 10),
    steps
      .map((step) => numbers[step] ?? 0)
      .toSorted((a, b) => a - b)
      .join(", "),
  ];
}
