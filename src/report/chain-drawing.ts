import type { Assessment } from "../diagnosis/assess.ts";
import { dateText, fingerprint, printable, shortName } from "../diagnosis/words.ts";
import type { CandidatePath, NodeSource } from "../trust/path-graph.ts";
import type { Reason } from "../trust/reason.ts";
import type { Verdict } from "../trust/verdict.ts";
import type { Certificate } from "../x509/certificate.ts";
import { internCertificate } from "../x509/certificate-cache.ts";
import { onScreen } from "./on-screen.ts";
import type { Paint } from "./paint.ts";

/** The chain as sent, then the path that was found or came nearest, drawn with what spoils it; empty without a chain. */
export function chainText({ handshake, verdict }: Assessment, paint: Paint): string {
  if (handshake.certificates.length === 0) return "";
  const lines = [`  ${paint("dim", "sent by the server")}`];
  for (const [index, der] of handshake.certificates.entries())
    lines.push(`${String(index).padStart(4)}  ${sentText(der, paint)}`);
  const [best] = verdict?.candidates ?? [];
  if (verdict !== null && best !== undefined) {
    const title = verdict.trusted === true ? "path to the anchor" : "nearest path";
    lines.push(`  ${paint("dim", title)}`, ...drawPath(best, verdict, paint));
  }
  return lines.join("\n");
}

function sentText(der: Uint8Array, paint: Paint): string {
  const parsed = internCertificate(der);
  if (!parsed.ok) return paint("red", `✗ cannot be parsed: ${onScreen(parsed.error.message)}`);
  const { subject, notAfter } = parsed.value;
  return `${nameText(subject.text)}  ${paint("dim", `until ${dateText(notAfter)}`)}`;
}

function nameText(name: string): string {
  return name === "" ? "(empty name)" : printable(name);
}

const PLACES: Record<NodeSource, string> = {
  sent: "sent",
  store: "truststore",
  "sent-and-store": "sent, truststore",
};

function drawPath(
  { nodes, end }: CandidatePath,
  verdict: Verdict,
  paint: Paint,
): readonly string[] {
  const lines: string[] = [];
  let isSpoilt = false;
  const fault = (reason: Reason): string => {
    isSpoilt = true;
    return paint("red", `✗ ${faultText(reason)}`);
  };
  for (const [depth, { certificate, source, defects, edge }] of nodes.entries()) {
    const marks = defects.map((defect) => `  ${fault(defect)}`).join("");
    const name = nameText(shortName(certificate.subject));
    lines.push(`${branch(depth)}${name}  ${paint("dim", `[${PLACES[source]}]`)}${marks}`);
    for (const defect of edge) lines.push(`${indent(depth)}│  ${fault(defect)}`);
  }
  const top = nodes.at(-1);
  if (top === undefined) return lines;
  const last = lastLine(top.certificate, end, { verdict, isSpoilt });
  if (last !== null) lines.push(`${branch(nodes.length)}${paint("red", `✗ ${last}`)}`);
  return lines;
}

function indent(depth: number): string {
  return " ".repeat(4 + depth * 3);
}

function branch(depth: number): string {
  return depth === 0 ? indent(0) : `${indent(depth - 1)}└─ `;
}

/** A reason in words; the certificate beside it shows which one is meant. */
function faultText({ code, detail }: Reason): string {
  const words = code.replaceAll("-", " ");
  return detail === "" ? words : `${words} (${printable(detail)})`;
}

/** What ends the path above its last certificate; null where that is the anchor. */
function lastLine(
  top: Certificate,
  end: CandidatePath["end"],
  { verdict, isSpoilt }: { readonly verdict: Verdict; readonly isSpoilt: boolean },
): string | null {
  switch (end) {
    case "self-signed":
      return `not in the truststore (SHA-256 ${fingerprint(top)})`;
    case "issuer-unknown":
      return `missing: ${nameText(top.issuer.text)}`;
    case "anchor":
      // a path that looks whole, but not to this client: OpenSSL wants its root, too
      if (verdict.reason === null || isSpoilt) return null;
      return verdict.reason.code === "issuer-unknown" || verdict.reason.code === "partial-chain"
        ? `missing: ${nameText(top.issuer.text)}`
        : faultText(verdict.reason);
  }
}
