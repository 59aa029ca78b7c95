import type { Assessment } from "../diagnosis/assess.ts";
import type { Finding, Severity } from "../diagnosis/finding.ts";
import { dateText, hostPort, printable } from "../diagnosis/words.ts";
import type { RequestRecord } from "../probe/follow-up/request-record.ts";
import { profileOf } from "../trust/profiles.ts";
import { chainText } from "./chain-drawing.ts";
import { onScreen } from "./on-screen.ts";
import type { Paint, Style } from "./paint.ts";
import { revocationText } from "./revocation-record.ts";
import { stepsText } from "./step-text.ts";
import { wrap } from "./wrap.ts";

const SIGNS: Record<Severity, readonly [sign: string, style: Style]> = {
  critical: ["✗", "red"],
  warning: ["!", "yellow"],
  info: ["·", "dim"],
};

/** One line: sign, target, client, headline. */
export function checkLine(target: string, assessment: Assessment, paint: Paint): string {
  const { client, findings, ok } = assessment;
  const [sign, style] = signOf(assessment);
  const address = addressText(target, assessment);
  const place = address === null ? "" : ` (${address})`;
  const [headline] = findings;
  const words =
    headline === undefined || (ok && headline.severity === "info")
      ? fineWords(assessment)
      : onScreen(headline.summary);
  return `${paint(style, sign)} ${paint("bold", printable(target))}${place} as ${printable(client.name)}: ${words}`;
}

function signOf({ ok, findings }: Assessment): readonly [string, Style] {
  const worst = findings[0]?.severity;
  if (ok && (worst === undefined || worst === "info")) return ["✓", "green"];
  return SIGNS[worst ?? "critical"];
}

/** The address that was dialled, where the target does not say it already. */
function addressText(target: string, { handshake }: Assessment): string | null {
  const { address, dialledPort, endpoint } = handshake;
  if (address === null) return null;
  if (dialledPort !== endpoint.port) return hostPort({ host: address, port: dialledPort });
  return target.includes(address) ? null : address;
}

function fineWords({ client, verdict, breaksAt }: Assessment): string {
  const name =
    verdict?.nameMatch !== false
      ? "the name fits"
      : client.nameCheck === "none"
        ? "the name is not checked"
        : "the name differs";
  return `trusted, ${name}${breaksAt === null ? "" : `; works until ${dateText(breaksAt)}`}`;
}

/** The whole answer for one target and client: headline, repair, the drawn chain, the facts of the handshake. */
export function checkText(target: string, assessment: Assessment, paint: Paint): string {
  const [headline, ...others] = assessment.findings;
  const parts = [
    title(target, assessment, paint),
    statement(assessment),
    headline === undefined ? "" : findingText(headline, paint),
    chainText(assessment, paint),
    ...others.map((finding) => findingText(finding, paint)),
    factsText(assessment, paint),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function title(target: string, assessment: Assessment, paint: Paint): string {
  const { client } = assessment;
  const [sign, style] = signOf(assessment);
  const address = addressText(target, assessment);
  const place = address === null ? "" : paint("dim", `  ${address}`);
  const profile = `${profileOf(client.profile).title} (${client.profile})`;
  const who = client.name === client.profile ? profile : `${printable(client.name)}, ${profile},`;
  const stores = client.truststores.map(({ name }) => printable(name)).join(", ");
  const judged = `judged as ${who} with ${stores === "" ? "no truststore" : stores}`;
  return [
    `${paint(style, sign)} ${paint("bold", printable(target))}${place}`,
    ...wrap(judged, "  "),
  ].join("\n");
}

/** What is to be said before the findings: that the link works, or that nothing was found out. */
function statement({ ok, client, verdict, findings }: Assessment): string {
  if (!ok) return findings.length === 0 ? "  The handshake could not be judged." : "";
  if (findings.some(({ severity }) => severity !== "info")) return "";
  if (verdict?.nameMatch !== false) return "  The client trusts the chain, and the name fits.";
  return client.nameCheck === "none"
    ? "  The client trusts the chain; it does not check the name."
    : "  The client trusts the chain.";
}

function findingText(finding: Finding, paint: Paint): string {
  const [sign, style] = SIGNS[finding.severity];
  const lines = [
    `  ${paint(style, `${sign} ${finding.severity}`)}  ${paint("dim", finding.code)}`,
    ...wrap(onScreen(finding.summary), "  "),
  ];
  if (finding.clientMessage !== null)
    lines.push(
      `  ${paint("dim", "the client prints")}`,
      ...finding.clientMessage.split("\n").flatMap((line) => wrap(onScreen(line), "    ")),
    );
  return [...lines, ...stepsText(finding.remedy, paint)].join("\n");
}

function factsText({ handshake, verdict, breaksAt }: Assessment, paint: Paint): string {
  const { version, cipherSuite, group, signatureScheme, phases } = handshake;
  const facts = [
    version,
    cipherSuite,
    group,
    signatureScheme,
    clientAuthText(handshake),
    phases.complete === null ? null : `${Math.round(phases.complete)} ms`,
  ].filter((fact) => fact !== null);
  const lines = facts.length === 0 ? [] : [`  ${paint("dim", "handshake")}  ${facts.join(" · ")}`];
  if (handshake.request !== null)
    lines.push(`  ${paint("dim", "request")}  ${requestText(handshake.request)}`);
  const revocation = revocationText(verdict?.revocation ?? []);
  if (revocation !== null) lines.push(`  ${paint("dim", "revocation")}  ${revocation}`);
  if (breaksAt !== null) lines.push(`  ${paint("dim", "works until")}  ${dateText(breaksAt)}`);
  return lines.join("\n");
}

/** Null when the server asks for no client certificate. */
function clientAuthText({
  clientCertificateRequested,
  clientCertificateAnswer,
  clientAuth,
}: Assessment["handshake"]): string | null {
  if (!clientCertificateRequested) return null;
  const sent = clientCertificateAnswer?.kind === "sent" ? ", one was sent" : "";
  switch (clientAuth) {
    case "required":
      return `requires a client certificate${sent}`;
    case "optional":
      return `asks for a client certificate, optional${sent}`;
    case "none":
    case null:
      return `asks for a client certificate${sent}`;
  }
}

function requestText({ method, path, status, reason, failure, ...rest }: RequestRecord): string {
  const answer = status === null ? (failure ?? "no answer") : `${status} ${reason ?? ""}`.trim();
  return [
    `${method} ${printable(path)}`,
    printable(answer),
    rest.location === null ? null : `to ${printable(rest.location)}`,
    rest.strictTransportSecurity === null ? null : "HSTS",
    `${Math.round(rest.timeMs)} ms`,
  ]
    .filter((part) => part !== null)
    .join(" · ");
}
