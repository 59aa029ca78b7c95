import { parseCertificate } from "../x509/certificate.ts";
import { writePem } from "../x509/pem.ts";
import type { NewEntry } from "./new-entry.ts";

/** Longest name in a comment. */
const MAX_NAME = 500;

/** A PEM file: each certificate under a comment that names it. Readers of PEM ignore what stands between the blocks. */
export function writePemStore(entries: readonly NewEntry[]): string {
  return entries.map(pemEntry).join("\n");
}

/** One certificate with its comment. */
export function pemEntry({ alias, der }: NewEntry): string {
  const parsed = parseCertificate(der);
  const lines = parsed.ok
    ? [
        `# Subject: ${comment(parsed.value.subject.text)}`,
        `# Issuer:  ${comment(parsed.value.issuer.text)}`,
        `# Valid:   ${day(parsed.value.notBefore)} to ${day(parsed.value.notAfter)}`,
        `# SHA-256: ${parsed.value.sha256}`,
      ]
    : [];
  if (alias !== null) lines.unshift(`# Alias:   ${comment(alias)}`);
  return `${lines.map((line) => `${line}\n`).join("")}${writePem("CERTIFICATE", der)}`;
}

/** Whether a line is one of the comments that `pemEntry` writes. */
export function isOwnComment(line: string): boolean {
  return /^# (Alias|Subject|Issuer|Valid|SHA-256): /.test(line);
}

/** A hostile name on one line, in which no reader finds the beginning of a block. */
function comment(text: string): string {
  const line = text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "\ufffd")
    .replaceAll(/-{2,}/g, "-");
  return line.length > MAX_NAME ? `${line.slice(0, MAX_NAME)}…` : line;
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
