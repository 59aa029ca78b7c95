import type { Assessment } from "../../diagnosis/assessment.ts";
import type { Finding } from "../../diagnosis/finding.ts";
import { dateText, fingerprint, shortName } from "../../diagnosis/words.ts";
import { codeBlock, codeSpan, escapeMarkdown, tableRow } from "../markdown-text.ts";
import { type Answer, answersOf } from "./answers.ts";
import { type Cause, causesOf, concernedText } from "./causes.ts";
import { clientRow } from "./client-row.ts";
import { type DrawnPath, drawnPaths } from "./drawn-path.ts";
import { factsOf } from "./facts.ts";
import { leadSentences } from "./lead.ts";
import { nameText } from "./name-text.ts";
import { notWrong } from "./not-wrong.ts";
import { repairSteps } from "./repair-text.ts";
import { sentChain, type SentRole } from "./sent-chain.ts";
import { storeHoldings } from "./store-holdings.ts";

/** How a target is written. */
export interface TargetMarkdownOptions {
  readonly at: number;
  /** Level of its heading. */
  readonly level: 1 | 2;
}

/** Everything about one target: summary first, then cause and repair, then evidence. */
export function targetMarkdown(
  { target, assessments }: { readonly target: string; readonly assessments: readonly Assessment[] },
  { at, level }: TargetMarkdownOptions,
): string {
  const marks = "#".repeat(level);
  const answers = answersOf(assessments);
  const parts = answers.flatMap((answer) => {
    const place = answer.addresses.map((address) => codeSpan(address)).join(", ");
    return [
      answers.length > 1 ? `${marks}# At ${place === "" ? "no address" : place}` : "",
      ...answerParts(answer, at, answers.length > 1 ? `${marks}##` : `${marks}#`, place),
    ];
  });
  return `${[`${marks} ${escapeMarkdown(target)}`, ...parts].filter((part) => part !== "").join("\n\n")}\n`;
}

function answerParts(
  { assessments }: Answer,
  at: number,
  marks: string,
  place: string,
): readonly string[] {
  const [shown] = assessments.filter(({ ok }) => !ok).concat(assessments);
  if (shown === undefined) return [];
  const good = notWrong(shown, at);
  const stores = [...new Set(shown.client.truststores.map(({ name }) => name))].map(codeSpan);
  return [
    leadSentences(assessments).map(escapeMarkdown).join(" "),
    `Judged with ${stores.length === 0 ? "no truststore" : stores.join(", ")}, as of ${dateText(at)}${place === "" ? "" : `, at ${place}`}.`,
    clientTable(assessments),
    ...causesOf(assessments).map((cause) => explainedCause(cause, assessments.length > 1)),
    good.length === 0
      ? ""
      : `**Not the problem**\n\n${good.map((text) => `- ${escapeMarkdown(text)}`).join("\n")}`,
    ...evidence(shown, marks),
  ];
}

function clientTable(assessments: readonly Assessment[]): string {
  return [
    "| client | verdict | works until | it prints |",
    "|---|---|---|---|",
    ...assessments
      .map(clientRow)
      .map(({ client, verdict, until, prints }) => tableRow([client, verdict, until, prints])),
  ].join("\n");
}

/** One cause: severity, code and the sentence. */
export function causeMarkdown({ severity, code, summary }: Finding, lead = ""): string {
  return `**${severity}** ${codeSpan(code)}: ${lead}${escapeMarkdown(summary)}`;
}

function explainedCause(cause: Cause, isShared: boolean): string {
  const { finding, printed, remedy } = cause;
  return [
    causeMarkdown(finding),
    isShared ? `For ${escapeMarkdown(concernedText(cause))}.` : "",
    ...printed.map(
      ({ clients: who, text }) =>
        `${isShared ? who.map(escapeMarkdown).join(", ") : "The client"} print${isShared && who.length > 1 ? "" : "s"}:\n\n${codeBlock(text.split("\n"), "text")}`,
    ),
    repairMarkdown(remedy),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** Numbered steps; commands in blocks that can be copied whole. */
export function repairMarkdown(remedy: readonly string[]): string {
  return repairSteps(remedy)
    .map(({ text, commands }, index) => {
      const lead = `${index + 1}. `;
      const block = codeBlock(commands, "sh", " ".repeat(lead.length));
      return `${lead}${escapeMarkdown(text)}${commands.length === 0 ? "" : `\n\n${block}\n`}`;
    })
    .join("\n")
    .trimEnd();
}

function evidence(assessment: Assessment, marks: string): readonly string[] {
  const sent = sentChain(assessment.handshake.certificates);
  const holdings = storeHoldings(assessment);
  const facts = factsOf(assessment);
  const [path] = drawnPaths(assessment).paths;
  return [
    `${marks} Evidence`,
    sent.length === 0
      ? ""
      : [
          "| sent | subject | issuer | from | until | remark | SHA-256 |",
          "|---|---|---|---|---|---|---|",
          ...sent.map(({ position, certificate, role }) =>
            certificate === null
              ? tableRow([String(position), "", "", "", "", remark(role), ""])
              : tableRow([
                  String(position),
                  nameText(certificate.subject),
                  nameText(certificate.issuer),
                  dateText(certificate.notBefore).slice(0, 10),
                  dateText(certificate.notAfter).slice(0, 10),
                  remark(role),
                  fingerprint(certificate),
                ]),
          ),
        ].join("\n"),
    holdings === null || holdings.relevant.length === 0
      ? ""
      : [
          "| in the truststore | alias | until | SHA-256 |",
          "|---|---|---|---|",
          ...holdings.relevant.map(({ certificate, alias }) =>
            tableRow([
              nameText(certificate.subject),
              alias ?? "",
              dateText(certificate.notAfter).slice(0, 10),
              fingerprint(certificate),
            ]),
          ),
        ].join("\n"),
    path === undefined ? "" : `Path: ${escapeMarkdown(pathWords(path))}`,
    facts.map(({ label, text }) => `- ${label}: ${escapeMarkdown(text)}`).join("\n"),
  ];
}

/** A path in one line, leaf first, with what spoils it behind each certificate. */
function pathWords({ steps, end, isAccepted }: DrawnPath): string {
  const nodes = steps.map(({ certificate, place, faults, edgeFaults }) => {
    const where = place.sent === null ? "store" : `sent as ${place.sent}`;
    const wrong = [...faults, ...edgeFaults];
    const note = wrong.length === 0 ? "" : `, ${isAccepted ? "though " : "✗ "}${wrong.join(", ")}`;
    return `${shortName(certificate.subject)} (${where}${note})`;
  });
  return [...nodes, ...(end === null ? [] : [`✗ ${end}`])].join(" → ");
}

function remark(role: SentRole): string {
  switch (role.kind) {
    case "leaf":
      return "the server's own";
    case "issuer":
      return role.inOrder ? `issuer of ${role.of}` : `out of order: issuer of ${role.of}`;
    case "repeated":
      return `sent before, as ${role.as}`;
    case "stray":
      return "stray: no part in this chain";
    case "unreadable":
      return `cannot be read: ${role.message}`;
  }
}
