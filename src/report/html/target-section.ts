import type { Assessment } from "../../diagnosis/assessment.ts";
import { counted, dateText, printable } from "../../diagnosis/words.ts";
import { type Answer, answersOf } from "../check/answers.ts";
import { type Cause, causesOf, concernedText } from "../check/causes.ts";
import { type ClientRow, clientRow } from "../check/client-row.ts";
import { factsOf } from "../check/facts.ts";
import { leadSentences, type LinkState, linkState, worstState } from "../check/lead.ts";
import { notWrong } from "../check/not-wrong.ts";
import { repairSteps } from "../check/repair-text.ts";
import { sentChain } from "../check/sent-chain.ts";
import { storeHoldings } from "../check/store-holdings.ts";
import { certificateDetails } from "./certificate-details.ts";
import { escapeHtml } from "./escape-html.ts";
import { pathGraphSection } from "./path-graph.ts";
import { timeline } from "./timeline.ts";

/** What a section needs to know besides the answers. */
export interface SectionOptions {
  /** Moment of judgement, ms since 1970. */
  readonly at: number;
  /** From when before an end it is reported, ms. */
  readonly warning: number;
  /** Heading of the target: `h1` where it is the only one. */
  readonly heading: "h1" | "h2";
}

const STATES: Readonly<Record<LinkState, string>> = {
  works: "✓ works",
  "works-until": "! works, with a warning",
  broken: "✗ broken",
  unchecked: "? not checked",
};

/** Most different views of the trust that are drawn. */
const MAX_GRAPHS = 4;

/** The state as a coloured word. */
export function stateBadge(state: LinkState): string {
  return `<span class="state ${state}">${STATES[state]}</span>`;
}

/** Everything about one target: what happens, verdicts, causes and repairs, the drawings, facts, certificates. */
export function targetSection(
  { target, assessments }: { readonly target: string; readonly assessments: readonly Assessment[] },
  options: SectionOptions,
): string {
  const { heading } = options;
  const answers = answersOf(assessments);
  const state = worstState(assessments.map(linkState));
  const several =
    answers.length > 1
      ? `<p class="lead">${escapeHtml(`Its addresses do not answer alike: there are ${answers.length} different answers.`)}</p>`
      : "";
  return [
    `<section><${heading}>${escapeHtml(printable(target))} ${stateBadge(state)}</${heading}>${several}`,
    ...answers.map((answer) => answerHtml(answer, answers.length > 1, options)),
    "</section>",
  ].join("\n");
}

function answerHtml(
  { addresses, assessments }: Answer,
  several: boolean,
  { at, warning }: SectionOptions,
): string {
  const [shown] = assessments.filter(({ ok }) => !ok).concat(assessments);
  if (shown === undefined) return "";
  const good = notWrong(shown, at);
  const stores = [
    ...new Set(assessments.flatMap(({ client }) => client.truststores.map(({ name }) => name))),
  ].map((name) => printable(name));
  const place = addresses.length === 0 ? "" : `, at ${addresses.join(", ")}`;
  const bars = timeline(shown, at, warning);
  return [
    several
      ? `<h3>${escapeHtml(addresses.length === 0 ? "no address" : `at ${addresses.join(", ")}`)}</h3>`
      : "",
    ...leadSentences(assessments).map((text) => `<p class="lead">${escapeHtml(text)}</p>`),
    `<p class="soft">${escapeHtml(`Judged with ${stores.length === 0 ? "no truststore" : stores.join(", ")}, as of ${dateText(at)}${place}.`)}</p>`,
    clientTable(assessments.map(clientRow)),
    ...causesOf(assessments).map((cause) => causeHtml(cause, assessments.length > 1)),
    good.length === 0
      ? ""
      : `<h3>Not the problem</h3><ul class="good">${good.map((text) => `<li>${escapeHtml(text)}</li>`).join("")}</ul>`,
    ...graphs(assessments, at),
    bars === "" ? "" : `<h3>When each certificate is valid</h3><div class="scroll">${bars}</div>`,
    factsHtml(shown),
    certificatesHtml(shown),
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function clientTable(rows: readonly ClientRow[]): string {
  return [
    '<div class="scroll"><table><thead><tr><th>client</th><th>verdict</th><th>works until</th><th>it prints</th></tr></thead><tbody>',
    ...rows.map(
      ({ client, state, verdict, until, prints }) =>
        `<tr><td class="nowrap">${escapeHtml(client)}</td><td class="nowrap"><span class="state ${state}">${escapeHtml(verdict)}</span></td><td class="nowrap">${escapeHtml(until)}</td><td>${prints === "" ? "" : `<code>${escapeHtml(prints)}</code>`}</td></tr>`,
    ),
    "</tbody></table></div>",
  ].join("");
}

function causeHtml(cause: Cause, isShared: boolean): string {
  const { finding, printed, remedy } = cause;
  const { severity, code, summary } = finding;
  return [
    `<article class="finding is-${severity}"><h4>${escapeHtml(summary)}</h4>`,
    `<p class="soft"><span class="state ${severity}">${severity}</span> <code>${escapeHtml(code)}</code>${isShared ? ` for ${escapeHtml(concernedText(cause))}` : ""}</p>`,
    ...printed.map(
      ({ clients: who, text }) =>
        `<p class="soft">${isShared ? `${escapeHtml(who.join(", "))} print${who.length === 1 ? "s" : ""}` : "the client prints"}</p><pre class="said">${escapeHtml(text)}</pre>`,
    ),
    repairHtml(remedy),
    "</article>",
  ].join("");
}

/** Numbered steps; commands in blocks of their own. */
export function repairHtml(remedy: readonly string[]): string {
  const steps = repairSteps(remedy);
  if (steps.length === 0) return "";
  const items = steps.map(
    ({ text, commands }) =>
      `<li>${escapeHtml(text)}${commands.map((command) => `<pre>${escapeHtml(command)}</pre>`).join("")}</li>`,
  );
  return `<ol>${items.join("")}</ol>`;
}

/** A graph for each different view: mostly all clients see the same. */
function graphs(assessments: readonly Assessment[], at: number): readonly string[] {
  const views = Map.groupBy(assessments, (assessment) => pathGraphSection(assessment, at, ""));
  const known = [...views].filter(([graph]) => graph !== "");
  const drawn = known.slice(0, MAX_GRAPHS).map(([, [first, ...others]]) => {
    if (first === undefined) return "";
    const names = [first, ...others].map(({ client }) => printable(client.name)).join(", ");
    const title =
      known.length === 1
        ? "The path"
        : `The path as ${names} ${others.length === 0 ? "sees" : "see"} it`;
    return pathGraphSection(first, at, title);
  });
  const rest = known.length - MAX_GRAPHS;
  return rest > 0
    ? [...drawn, `<p class="soft">${counted(rest, "further view")} left out</p>`]
    : drawn;
}

function factsHtml(assessment: Assessment): string {
  const { handshake } = assessment;
  const { phases } = handshake;
  const times = Object.entries(phases).flatMap(([name, time]) =>
    typeof time === "number" ? [`${name} ${time.toFixed(1)} ms`] : [],
  );
  const facts = [
    ...factsOf(assessment),
    ...(handshake.alpn === null ? [] : [{ label: "ALPN", text: printable(handshake.alpn) }]),
    ...(handshake.alert === null ? [] : [{ label: "alert", text: handshake.alert.description }]),
    ...(handshake.failure === null
      ? []
      : [{ label: "failure", text: printable(handshake.failure.message) }]),
    ...(handshake.serverName === null
      ? []
      : [{ label: "server name sent", text: printable(handshake.serverName) }]),
    ...(times.length === 0 ? [] : [{ label: "times", text: times.join(", ") }]),
    { label: "made", text: handshake.startedAt },
  ];
  return `<h3>The conversation</h3><dl>${facts.map(({ label, text }) => `<dt>${escapeHtml(label)}</dt><dd>${escapeHtml(text)}</dd>`).join("")}</dl>`;
}

/** Most certificates that are decoded. */
const MAX_CERTIFICATES = 24;

function certificatesHtml(assessment: Assessment): string {
  const sent = sentChain(assessment.handshake.certificates);
  const held = storeHoldings(assessment)?.relevant ?? [];
  const parts = [
    ...sent.slice(0, MAX_CERTIFICATES).map(({ position, certificate, role }) => {
      if (certificate === null) {
        const why = role.kind === "unreadable" ? role.message : "";
        return `<p>${escapeHtml(`sent as ${position}: cannot be read: ${why}`)}</p>`;
      }
      return certificateDetails(
        `sent as ${position}${role.kind === "repeated" ? `, the same as ${role.as}` : ""}`,
        certificate,
      );
    }),
    ...held
      .slice(0, MAX_CERTIFICATES)
      .map(({ certificate, alias, store }) =>
        certificateDetails(
          `in ${printable(store.name)}${alias === null ? "" : ` as ${printable(alias)}`}`,
          certificate,
        ),
      ),
  ];
  return parts.length === 0 ? "" : `<h3>Certificates</h3>${parts.join("\n")}`;
}
