import type { Assessment } from "../diagnosis/assess.ts";
import type { Finding, Severity } from "../diagnosis/finding.ts";
import { dateText, fingerprint, printable, shortName } from "../diagnosis/words.ts";
import { profileOf } from "../trust/profiles.ts";
import type { CandidatePath, NodeSource } from "../trust/path-graph.ts";
import type { Certificate } from "../x509/certificate.ts";
import { internCertificate } from "../x509/certificate-cache.ts";
import type { Paint, Style } from "./paint.ts";

const SIGNS: Record<Severity, readonly [sign: string, style: Style]> = {
  critical: ["✗", "red"],
  warning: ["!", "yellow"],
  info: ["·", "dim"],
};

/** One line: sign, target, client, headline. */
export function checkLine(target: string, assessment: Assessment, paint: Paint): string {
  const { client, handshake, findings } = assessment;
  const [sign, style] = signOf(assessment);
  const address = handshake.address === null ? "" : ` (${handshake.address})`;
  const headline = findings[0]?.summary ?? "trusted, the name fits";
  return `${paint(style, sign)} ${paint("bold", printable(target))}${address} as ${client.profile}: ${headline}`;
}

function signOf({ ok, findings }: Assessment): readonly [string, Style] {
  const worst = findings[0]?.severity;
  if (worst === undefined || (ok && worst === "info")) return ["✓", "green"];
  return SIGNS[worst];
}

/** The whole answer for one target and client: headline, repair, the drawn chain, the facts of the handshake. */
export function checkText(target: string, assessment: Assessment, paint: Paint): string {
  const { findings } = assessment;
  const [headline, ...others] = findings;
  const parts = [
    title(target, assessment, paint),
    headline === undefined
      ? "  The client trusts the chain, and the name fits."
      : findingText(headline, paint),
    chainText(assessment, paint),
    ...others.map((finding) => findingText(finding, paint)),
    factsText(assessment, paint),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function title(target: string, assessment: Assessment, paint: Paint): string {
  const { client, handshake } = assessment;
  const [sign, style] = signOf(assessment);
  const address = handshake.address === null ? "" : paint("dim", `  ${handshake.address}`);
  const stores = client.truststores.map(({ name }) => printable(name)).join(", ");
  return `${paint(style, sign)} ${paint("bold", printable(target))}${address}\n  judged as ${profileOf(client.profile).title} (${client.profile}) with ${stores}`;
}

function findingText(finding: Finding, paint: Paint): string {
  const [sign, style] = SIGNS[finding.severity];
  const lines = [
    `  ${paint(style, `${sign} ${finding.severity}`)}  ${paint("dim", finding.code)}`,
    ...wrap(finding.summary, 2),
  ];
  if (finding.clientMessage !== null)
    lines.push(`  ${paint("dim", "the client prints")}`, ...wrap(finding.clientMessage, 4));
  if (finding.remedy.length > 0) {
    lines.push(`  ${paint("dim", "repair")}`);
    for (const [index, step] of finding.remedy.entries())
      lines.push(
        `  ${String(index + 1).padStart(2)}. ${isCommand(step) ? paint("cyan", step) : step}`,
      );
  }
  return lines.join("\n");
}

/** Steps that can be pasted into a shell begin with the name of a program. */
function isCommand(step: string): boolean {
  return /^(anchorwatch|keytool|openssl|getent) /.test(step);
}

const WIDTH = 96;

function wrap(text: string, indent: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + word.length + 1 > WIDTH - indent) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each) => `${" ".repeat(indent)}${each}`);
}

/** The chain as sent, then the path that was found or came nearest, drawn with what spoils it. */
function chainText(assessment: Assessment, paint: Paint): string {
  const { handshake, verdict } = assessment;
  if (handshake.certificates.length === 0) return "";
  const sent = handshake.certificates.map((der, index) => {
    const parsed = internCertificate(der);
    const number = String(index).padStart(4);
    return parsed.ok
      ? `${number}  ${printable(parsed.value.subject.text)}  ${paint("dim", `until ${dateText(parsed.value.notAfter)}`)}`
      : `${number}  ${paint("red", `cannot be parsed: ${parsed.error.message}`)}`;
  });
  const lines = [`  ${paint("dim", "sent by the server")}`, ...sent];
  const best = verdict?.candidates[0];
  if (best !== undefined)
    lines.push(`  ${paint("dim", pathTitle(assessment))}`, ...drawPath(best, paint));
  return lines.join("\n");
}

function pathTitle({ verdict }: Assessment): string {
  return verdict?.trusted === true ? "path to the anchor" : "nearest path";
}

const PLACES: Record<NodeSource, string> = {
  sent: "sent",
  store: "truststore",
  "sent-and-store": "sent, truststore",
};

function drawPath({ nodes, end }: CandidatePath, paint: Paint): readonly string[] {
  const lines: string[] = [];
  for (const [depth, { certificate, source, defects, edge }] of nodes.entries()) {
    const branch = depth === 0 ? "   " : `   ${" ".repeat((depth - 1) * 2)}└─`;
    const faults = defects.map(({ code }) => code);
    const mark = faults.length === 0 ? "" : `  ${paint("red", `✗ ${faults.join(", ")}`)}`;
    lines.push(
      `${branch} ${shortName(certificate.subject)}  ${paint("dim", `[${PLACES[source]}]`)}${mark}`,
    );
    if (edge.length > 0)
      lines.push(
        `   ${" ".repeat(depth * 2)}│  ${paint("red", `✗ ${edge.map(({ code }) => code).join(", ")}`)}`,
      );
  }
  const top = nodes.at(-1);
  if (top !== undefined && end !== "anchor")
    lines.push(openEnd(top.certificate, nodes.length, end === "self-signed", paint));
  return lines;
}

function openEnd(top: Certificate, depth: number, isRoot: boolean, paint: Paint): string {
  const branch = `   ${" ".repeat((depth - 1) * 2)}└─`;
  const words = isRoot
    ? `not in the truststore (SHA-256 ${fingerprint(top)})`
    : `missing: ${printable(top.issuer.text)}`;
  return `${branch} ${paint("red", `✗ ${words}`)}`;
}

function factsText({ handshake, breaksAt }: Assessment, paint: Paint): string {
  const { version, cipherSuite, group, signatureScheme, phases, clientCertificateRequested } =
    handshake;
  const facts = [
    version,
    cipherSuite,
    group,
    signatureScheme,
    clientCertificateRequested ? "asks for a client certificate" : null,
    phases.complete === null ? null : `${Math.round(phases.complete)} ms`,
  ].filter((fact) => fact !== null);
  const lines = facts.length === 0 ? [] : [`  ${paint("dim", "handshake")}  ${facts.join(" · ")}`];
  if (breaksAt !== null) lines.push(`  ${paint("dim", "works until")}  ${dateText(breaksAt)}`);
  return lines.join("\n");
}
