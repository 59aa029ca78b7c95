import { printable, shortName } from "../../diagnosis/words.ts";
import type {
  HeldCertificate,
  StoreChange,
  StoreComparison,
} from "../../truststore/compare-stores.ts";
import { FORMAT_NAMES } from "../../truststore/store-format.ts";
import type { StoreFile } from "../../truststore/truststore.ts";
import { cutTo, SCREEN_WIDTH } from "../columns.ts";
import type { Paint, Style } from "../paint.ts";
import { wrap } from "../wrap.ts";
import { familyList } from "./anchor-words.ts";
import { changeSummary } from "./diff-record.ts";
import { dayOf } from "./list-text.ts";

const SIGNS: Readonly<Record<StoreChange["kind"], readonly [sign: string, style: Style]>> = {
  added: ["+", "green"],
  removed: ["-", "red"],
  reissued: ["~", "yellow"],
  rekeyed: ["!", "red"],
  renamed: ["~", "yellow"],
  visibility: ["~", "yellow"],
};

const COUNTED: Readonly<Record<StoreChange["kind"], string>> = {
  added: "added",
  removed: "removed",
  reissued: "re-issued",
  rekeyed: "re-keyed",
  renamed: "renamed",
  visibility: "seen by others",
};

/** The differences of two stores for people, 80 columns wide. */
export function diffText(
  before: StoreFile,
  after: StoreFile,
  comparison: StoreComparison,
  paint: Paint,
): string {
  const lines = [
    `${paint("dim", "before")} ${storeTitle(before)}`,
    `${paint("dim", "after ")} ${storeTitle(after)}`,
    diffTally(comparison),
    ...comparison.changes.flatMap((change) => ["", ...changeText(change, paint)]),
  ];
  return `${lines.join("\n")}\n`;
}

function storeTitle({ path, format }: StoreFile): string {
  return `${printable(path ?? "")}  ${FORMAT_NAMES[format]}`;
}

/** `1 added, 2 re-issued, 12 unchanged`. */
export function diffTally({ changes, unchanged }: StoreComparison): string {
  const kinds = ["added", "removed", "reissued", "rekeyed", "renamed", "visibility"] as const;
  const parts = kinds.flatMap((kind) => {
    const count = changes.filter((change) => change.kind === kind).length;
    return count === 0 ? [] : [`${count} ${COUNTED[kind]}`];
  });
  return [...parts, `${unchanged} unchanged`].join(", ");
}

function changeText(change: StoreChange, paint: Paint): readonly string[] {
  const [sign, style] = SIGNS[change.kind];
  const held = change.kind === "removed" ? change.before : change.after;
  const room = SCREEN_WIDTH - 2;
  return [
    paint(style, `${sign} ${cutTo(heldTitle(held), room)}`),
    ...wrap(changeSummary(change), "  ", SCREEN_WIDTH),
    ...detailLines(change).flatMap((line) => wrap(line, "  ", SCREEN_WIDTH)),
  ];
}

/** `corp-root (Corp Root G2)`. */
export function heldTitle({ aliases, entry, sha256 }: HeldCertificate): string {
  const name = entry.certificate.ok ? shortName(entry.certificate.value.subject) : sha256;
  const [alias] = aliases;
  return alias === undefined ? name : `${printable(alias)} (${name})`;
}

function detailLines(change: StoreChange): readonly string[] {
  switch (change.kind) {
    case "added":
      return [`SHA-256 ${change.after.sha256}`, validText(change.after), seenText(change.after)];
    case "removed":
      return [
        `SHA-256 ${change.before.sha256}`,
        validText(change.before),
        seenText(change.before).replace("anchor", "was an anchor"),
      ];
    case "reissued":
    case "rekeyed":
      return [
        `was SHA-256 ${change.before.sha256}`,
        validText(change.before),
        `now SHA-256 ${change.after.sha256}`,
        validText(change.after),
      ];
    case "renamed":
      return [`${names(change.before)} -> ${names(change.after)}`];
    case "visibility":
      return [
        ...(change.gained.length === 0 ? [] : [`now an anchor for ${familyList(change.gained)}`]),
        ...(change.lost.length === 0 ? [] : [`no anchor any more for ${familyList(change.lost)}`]),
      ];
  }
}

function names({ aliases }: HeldCertificate): string {
  return aliases.map((alias) => `'${printable(alias)}'`).join(", ");
}

function validText({ entry: { certificate } }: HeldCertificate): string {
  if (!certificate.ok) return "cannot be read";
  const { notBefore, notAfter } = certificate.value;
  return `valid ${dayOf(notBefore)} to ${dayOf(notAfter)}`;
}

function seenText({ anchorFor }: HeldCertificate): string {
  return anchorFor.length === 0 ? "anchor for no client" : `anchor for ${familyList(anchorFor)}`;
}
