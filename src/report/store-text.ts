import { distanceText, printable } from "../diagnosis/words.ts";
import { IGNORED_WORDS } from "../diagnosis/visibility-words.ts";
import { FORMAT_NAMES } from "../truststore/store-format.ts";
import type { SkippedCounts, StoreEntry, StoreError, StoreFile } from "../truststore/truststore.ts";
import type { Paint } from "./paint.ts";

const INTEGRITY: Record<StoreFile["integrity"], string> = {
  ok: "integrity verified with the password",
  wrong: "integrity check FAILED: wrong password, or the file was changed",
  unchecked: "integrity not checked",
};

/** A store for people: one block for each certificate. @param now milliseconds since 1970 */
export function storeText(file: StoreFile, now: number, paint: Paint): string {
  const visible = file.entries.filter(({ visibleToJava }) => visibleToJava.visible).length;
  const lines = [
    `${paint("bold", printable(file.path ?? FORMAT_NAMES[file.format]))}  ${file.flavour.summary}`,
    `${count(file.entries.length, "certificate")}, ${visible} of them trust ${visible === 1 ? "anchor" : "anchors"} for Java; ${INTEGRITY[file.integrity]}`,
    ...(file.message === null ? [] : [paint("yellow", file.message)]),
    ...file.anomalies.map(({ message }) => paint("yellow", `! ${printable(message)}`)),
    ...skippedText(file.skipped),
    "",
    ...file.entries.flatMap((entry) => [...entryText(entry, now, paint), ""]),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function skippedText(skipped: SkippedCounts): readonly string[] {
  const parts = [
    skipped.privateKeys > 0 ? count(skipped.privateKeys, "private key") : null,
    skipped.secretKeys > 0 ? count(skipped.secretKeys, "secret key") : null,
    skipped.revocationLists > 0 ? count(skipped.revocationLists, "revocation list") : null,
    skipped.requests > 0 ? count(skipped.requests, "certificate request") : null,
    skipped.other > 0 ? count(skipped.other, "other object") : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? [] : [`also holds ${parts.join(", ")}, which are not shown`];
}

function entryText(entry: StoreEntry, now: number, paint: Paint): readonly string[] {
  const { certificate, visibleToJava, kind, sha256 } = entry;
  const name = entry.alias === null ? `#${entry.index + 1}` : printable(entry.alias);
  const label = (text: string): string => paint("dim", text.padEnd(14));
  const kindText =
    kind.kind === "certificate"
      ? "trusted certificate"
      : `private key's chain, certificate ${kind.position + 1}`;
  const facts = certificate.ok
    ? [
        `  ${label("subject")}${printable(certificate.value.subject.text)}`,
        `  ${label("issuer")}${printable(certificate.value.issuer.text)}`,
        `  ${label("valid")}${validity(certificate.value.notBefore, certificate.value.notAfter, now, paint)}`,
      ]
    : [`  ${label("unreadable")}${paint("red", certificate.error.message)}`];
  return [
    paint("bold", name),
    ...facts,
    `  ${label("SHA-256")}${sha256.toUpperCase().match(/../g)?.join(":") ?? ""}`,
    `  ${label("kind")}${kindText}`,
    `  ${label("Java sees it")}${visibleToJava.visible ? paint("green", "yes") : paint("red", `no: ${IGNORED_WORDS[visibleToJava.reason]}`)}`,
  ];
}

function validity(notBefore: number, notAfter: number, now: number, paint: Paint): string {
  const day = (time: number): string => new Date(time).toISOString().slice(0, 10);
  const span = `${day(notBefore)} to ${day(notAfter)}`;
  if (now > notAfter)
    return `${span}  ${paint("red", `✗ expired ${distanceText(notAfter, now)} ago`)}`;
  if (now < notBefore) return `${span}  ${paint("red", "✗ not yet valid")}`;
  return `${span}  ${paint("dim", `${distanceText(now, notAfter)} left`)}`;
}

/** A failure to read a store, for people. */
export function storeErrorText(error: StoreError, paint: Paint): string {
  const lines = [`${paint("red", "✗")} ${printable(error.message)}`];
  if (error.javaMessage !== null)
    lines.push(`  ${paint("dim", "Java says")}  ${printable(error.javaMessage)}`);
  for (const [index, step] of error.remedy.entries())
    lines.push(`  ${String(index + 1).padStart(2)}. ${printable(step)}`);
  return `${lines.join("\n")}\n`;
}
