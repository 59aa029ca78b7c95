import { counted, distanceText, printable } from "../diagnosis/words.ts";
import { IGNORED_WORDS } from "../diagnosis/visibility-words.ts";
import { FORMAT_NAMES } from "../truststore/store-format.ts";
import type { SkippedCounts, StoreEntry, StoreError, StoreFile } from "../truststore/truststore.ts";
import { onScreen } from "./on-screen.ts";
import type { Paint } from "./paint.ts";
import { stepsText } from "./step-text.ts";
import { wrap } from "./wrap.ts";

/** A store for people: one block for each certificate. @param now milliseconds since 1970 */
export function storeText(file: StoreFile, now: number, paint: Paint): string {
  const lines = [
    `${paint("bold", printable(file.path ?? FORMAT_NAMES[file.format]))}  ${onScreen(file.flavour.summary)}`,
    `${countsText(file)}${integrityText(file, paint)}`,
    ...(file.java.opens || !isKeystore(file)
      ? []
      : [paint("yellow", `! Java does not open it: ${onScreen(file.java.message)}`)]),
    ...(file.message === null ? [] : [paint("yellow", `! ${onScreen(file.message)}`)]),
    ...file.anomalies.map(({ message }) => paint("yellow", `! ${onScreen(message)}`)),
    ...skippedText(file.skipped),
    "",
    ...file.entries.flatMap((entry) => [...entryText(entry, now, paint), ""]),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

/** `3 certificates, 2 of them trust anchors for Java`. */
function countsText({ entries }: StoreFile): string {
  const all = counted(entries.length, "certificate");
  const visible = entries.filter(({ visibleToJava }) => visibleToJava.visible).length;
  if (entries.length === 0) return all;
  if (visible === 0) return `${all}, none of them a trust anchor for Java`;
  if (visible < entries.length)
    return `${all}, ${visible} of them ${visible === 1 ? "a trust anchor" : "trust anchors"} for Java`;
  return entries.length === 1
    ? `${all}, a trust anchor for Java`
    : `${all}, all trust anchors for Java`;
}

/** Formats that Java programs open as a keystore, and that can protect their integrity. */
function isKeystore({ format }: StoreFile): boolean {
  return format === "jks" || format === "pkcs12";
}

function integrityText(file: StoreFile, paint: Paint): string {
  switch (file.integrity) {
    case "ok":
      return "; integrity verified with the password";
    case "wrong":
      return `; ${paint("red", "✗ integrity is wrong: another password, or the file was changed")}`;
    case "unchecked":
      return isKeystore(file) ? "; integrity not checked" : "";
  }
}

function skippedText(skipped: SkippedCounts): readonly string[] {
  const parts = [
    skipped.privateKeys > 0 ? counted(skipped.privateKeys, "private key") : null,
    skipped.secretKeys > 0 ? counted(skipped.secretKeys, "secret key") : null,
    skipped.revocationLists > 0 ? counted(skipped.revocationLists, "revocation list") : null,
    skipped.requests > 0 ? counted(skipped.requests, "certificate request") : null,
    skipped.other > 0 ? counted(skipped.other, "other object") : null,
  ].filter((part) => part !== null);
  if (parts.length === 0) return [];
  const total = Object.values(skipped).reduce((sum: number, each: number) => sum + each, 0);
  return [`also holds ${parts.join(", ")}, which ${total === 1 ? "is" : "are"} not shown`];
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
        `  ${label("subject")}${nameText(certificate.value.subject.text)}`,
        `  ${label("issuer")}${nameText(certificate.value.issuer.text)}`,
        `  ${label("valid")}${validity(certificate.value.notBefore, certificate.value.notAfter, now, paint)}`,
      ]
    : [`  ${label("unreadable")}${paint("red", `✗ ${onScreen(certificate.error.message)}`)}`];
  return [
    paint("bold", name),
    ...facts,
    `  ${label("SHA-256")}${sha256.toUpperCase().match(/../g)?.join(":") ?? ""}`,
    `  ${label("kind")}${kindText}`,
    `  ${label("Java sees it")}${visibleToJava.visible ? paint("green", "yes") : paint("red", `no: ${IGNORED_WORDS[visibleToJava.reason]}`)}`,
  ];
}

function nameText(name: string): string {
  return name === "" ? "(empty name)" : printable(name);
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
  const place = error.path === null ? "" : `${error.path}: `;
  const message = error.message.startsWith(place) ? error.message : place + error.message;
  const lines = [`${paint("red", "✗")} ${onScreen(message)}`];
  if (error.javaMessage !== null)
    lines.push(`  ${paint("dim", "Java says")}`, ...wrap(onScreen(error.javaMessage), "    "));
  lines.push(...stepsText(error.remedy, paint));
  return `${lines.join("\n")}\n`;
}
