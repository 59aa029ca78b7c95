import { counted, distanceText, printable } from "../../diagnosis/words.ts";
import { FORMAT_NAMES } from "../../truststore/store-format.ts";
import type {
  SkippedCounts,
  StoreEntry,
  StoreError,
  StoreFile,
} from "../../truststore/truststore.ts";
import { cutTo, SCREEN_WIDTH } from "../columns.ts";
import { onScreen } from "../on-screen.ts";
import type { Paint } from "../paint.ts";
import { stepsText } from "../step-text.ts";
import { wrap } from "../wrap.ts";
import { anchorWords } from "./anchor-words.ts";
import { expiryBar, lifetimeLeft, lifetimeText } from "./expiry-bar.ts";
import { twins } from "./record.ts";

/** Columns of what names a line. */
const LABEL = 10;
const INDENT = "   ";

/** Orders of a list. */
export type StoreOrder = "store" | "expiry" | "alias";

/** A store for people, 80 columns wide: what it is, and a block for each certificate. @param at ms since 1970 */
export function storeText(
  file: StoreFile,
  at: number,
  paint: Paint,
  order: StoreOrder = "store",
): string {
  const twin = twins(file.entries);
  const lines = [
    ...headText(file, paint),
    ...soonestText(file, at, paint),
    "",
    ...sorted(file.entries, order).flatMap((entry) => [
      ...entryText(entry, twin.get(entry) ?? null, at, paint),
      "",
    ]),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

/** A store in its first lines: path, format, flavour, integrity, and what is unusual. */
export function headText(file: StoreFile, paint: Paint): readonly string[] {
  const name = FORMAT_NAMES[file.format];
  const flavour = onScreen(file.flavour.summary).replace(`${name}, `, "");
  const warn = (text: string): readonly string[] =>
    wrap(onScreen(text), "! ", SCREEN_WIDTH).map((line) => paint("yellow", line));
  return [
    `${paint("bold", printable(file.path ?? name))}  ${name}`,
    ...(flavour === name ? [] : wrap(flavour, "  ", SCREEN_WIDTH)),
    `${countsText(file)}${integrityText(file, paint)}`,
    ...(file.java.opens || !isKeystore(file)
      ? []
      : warn(`Java does not open it: ${file.java.message}`)),
    ...(file.message === null ? [] : warn(file.message)),
    ...file.anomalies.flatMap(({ message }) => warn(message)),
    ...skippedText(file.skipped),
  ];
}

function sorted(entries: readonly StoreEntry[], order: StoreOrder): readonly StoreEntry[] {
  const end = ({ certificate }: StoreEntry): number =>
    certificate.ok ? certificate.value.notAfter : Number.NEGATIVE_INFINITY;
  switch (order) {
    case "store":
      return entries;
    case "expiry":
      return entries.toSorted((a, b) => end(a) - end(b));
    case "alias":
      return entries.toSorted((a, b) => compareAliases(a.alias, b.alias));
  }
}

function compareAliases(a: string | null, b: string | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return a < b ? -1 : a > b ? 1 : 0;
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

/** Formats that programs open with a password, and that can protect their integrity. */
function isKeystore({ format }: StoreFile): boolean {
  return !["pem", "der", "pkcs7", "pkipath", "system", "nss"].includes(format);
}

function integrityText(file: StoreFile, paint: Paint): string {
  switch (file.integrity) {
    case "ok":
      return "; integrity verified";
    case "wrong":
      return `\n${paint("red", "✗ integrity is wrong: another password, or the file was changed")}`;
    case "unchecked":
      return isKeystore(file) ? "; integrity not checked" : "";
  }
}

/** Which certificate ends first; nothing where one alone says it itself. */
function soonestText({ entries }: StoreFile, at: number, paint: Paint): readonly string[] {
  const ends = entries.flatMap(({ certificate, alias, index }) =>
    certificate.ok ? [{ alias, index, end: certificate.value.notAfter }] : [],
  );
  if (ends.length < 2) return [];
  const expired = ends.filter(({ end }) => end < at).length;
  const next = ends.filter(({ end }) => end >= at).toSorted((a, b) => a.end - b.end)[0];
  const lines = [];
  if (expired > 0)
    lines.push(paint("red", `✗ ${expired} of them ${expired === 1 ? "has" : "have"} expired`));
  if (next !== undefined)
    lines.push(
      `next to expire: ${cutTo(titleOf(next), 40)}, in ${distanceText(at, next.end)} (${dayOf(next.end)})`,
    );
  return lines;
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
  return wrap(
    `also holds ${parts.join(", ")}, which ${total === 1 ? "is" : "are"} not shown`,
    "",
    SCREEN_WIDTH,
  );
}

/** `#3 corp-root`. */
export function titleOf({ alias, index }: Pick<StoreEntry, "alias" | "index">): string {
  return alias === null ? `#${index + 1}` : `#${index + 1} ${printable(alias)}`;
}

/** `2041-03-04`. */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function entryText(
  entry: StoreEntry,
  twin: StoreEntry | null,
  at: number,
  paint: Paint,
): readonly string[] {
  const { certificate, kind, sha256 } = entry;
  const line = (label: string, text: string): string =>
    `${INDENT}${paint("dim", label.padEnd(LABEL))}${text}`;
  const name = (text: string): string => cutTo(nameText(text), SCREEN_WIDTH - 3 - LABEL);
  const facts: string[] = [];
  if (certificate.ok) {
    const { subject, issuer, notBefore, notAfter } = certificate.value;
    facts.push(line("subject", name(subject.text)));
    if (issuer.text !== subject.text) facts.push(line("issuer", name(issuer.text)));
    facts.push(line("expires", validity(notBefore, notAfter, at, paint)));
  } else
    facts.push(
      ...wrap(onScreen(`✗ ${certificate.error.message}`), `${INDENT}unreadable `, SCREEN_WIDTH).map(
        (text) => paint("red", text),
      ),
    );
  facts.push(line("SHA-256", sha256));
  if (kind.kind === "key")
    facts.push(line("kind", `private key's chain, certificate ${kind.position + 1}`));
  else facts.push(line("kind", "trusted certificate"));
  const anchor = anchorWords(entry).flatMap((words) =>
    wrap(words, " ".repeat(3 + LABEL), SCREEN_WIDTH),
  );
  const [first = "", ...rest] = anchor;
  facts.push(line("anchor", first.trimStart()), ...rest);
  if (twin !== null) facts.push(line("same as", titleOf(twin)));
  return [paint("bold", cutTo(titleOf(entry), SCREEN_WIDTH)), ...facts];
}

function nameText(name: string): string {
  return name === "" ? "(empty name)" : printable(name);
}

/** `2041-03-04 [##################--] 92 % left, 5543 days`. */
export function validity(notBefore: number, notAfter: number, at: number, paint: Paint): string {
  const left = lifetimeLeft(notBefore, notAfter, at);
  const bar = `${dayOf(notAfter)} ${expiryBar(left)}`;
  if (at > notAfter) return `${bar} ${paint("red", `✗ expired ${distanceText(notAfter, at)} ago`)}`;
  if (at < notBefore) return `${bar} ${paint("red", `✗ not valid before ${dayOf(notBefore)}`)}`;
  return `${bar} ${lifetimeText(left)}`;
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
