import { Document, isMap, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { counted, dateText, fingerprint, printable } from "../../diagnosis/words.ts";
import { isInline } from "../../estate/plans/plan-text.ts";
import type { ProposedChange, Rotation, Source } from "../../links/rotation/rotation.ts";
import type { StoreEntry } from "../../truststore/truststore.ts";
import { rotationNotes } from "./rotation-notes.ts";

/** Columns of comments. */
const COLUMNS = 100;

/**
 * A proposed plan as the file that `whatif` takes, with what it rests on as comments.
 * @param place makes paths fit the folder of the file
 */
export function planFile(rotation: Rotation, place: (path: string) => string): string {
  const document = new Document({});
  const changes = new YAMLSeq();
  for (const [index, change] of rotation.changes.entries()) {
    const item = changeNode(change, place, document);
    item.commentBefore = commentOf([`${index + 1}. ${reasonFor(change, rotation)}`]);
    item.spaceBefore = index > 0;
    changes.add(item);
  }
  const root = new YAMLMap();
  root.add(new Pair("changes", changes));
  if (rotation.at !== null) {
    const at = new Scalar("at");
    at.spaceBefore = true;
    at.commentBefore = " before, something new is not valid yet";
    root.add(new Pair(at, new Date(rotation.at).toISOString()));
  }
  document.contents = root;
  document.commentBefore = commentOf(rotationNotes(rotation));
  return document.toString({ lineWidth: 0 });
}

function changeNode(
  change: ProposedChange,
  place: (path: string) => string,
  document: Document,
): YAMLMap {
  const node = document.createNode(valueOf(change, place));
  if (!isMap(node)) throw new Error("A change is a mapping");
  return node;
}

function valueOf(
  change: ProposedChange,
  place: (path: string) => string,
): Readonly<Record<string, unknown>> {
  const textOf = ({ text }: Pick<Source, "text">): string => (isInline(text) ? text : place(text));
  switch (change.kind) {
    case "add":
      return { truststore: change.truststore, add: [textOf(change.source)] };
    case "serve": {
      const { endpoint, chain, key } = change.service;
      return {
        endpoint,
        serves: textOf(chain),
        ...(key === null ? {} : { key: place(key.text) }),
      };
    }
    case "remove":
      return {
        truststore: change.truststore,
        remove: [...new Set(change.entries.map(({ sha256 }) => sha256))],
      };
  }
}

function reasonFor(change: ProposedChange, { result, holders }: Rotation): string {
  switch (change.kind) {
    case "add":
      return `${change.truststore} trusts ${names(change.source.entries)} from now on. Compare with its owner: SHA-256 ${prints(change.source.entries)}`;
    case "serve": {
      const { endpoint, chain } = change.service;
      const links = result.links.filter((link) => link.endpoint === endpoint);
      const until = chain.entries[0]?.certificate;
      const end = until?.ok === true ? `, valid until ${dateText(until.value.notAfter)}` : "";
      return `${endpoint} gets its new certificate${end}; ${counted(links.length, "client")} depend${links.length === 1 ? "s" : ""} on it`;
    }
    case "remove": {
      const holder = holders.find(({ truststore }) => truststore === change.truststore);
      const aliases = change.entries.flatMap(({ alias }) => alias ?? []);
      const as = aliases.length === 0 ? "" : ` (${printable(aliases.join(", "))})`;
      return `Nobody needs ${names(change.entries)}${as} in ${change.truststore} any more; clients that trust by it: ${(holder?.clients ?? []).join(", ") || "none"}`;
    }
  }
}

const names = (entries: readonly StoreEntry[]): string =>
  entries
    .map(({ certificate, sha256 }) =>
      certificate.ok ? printable(certificate.value.subject.text) : sha256,
    )
    .join("; ");

const prints = (entries: readonly StoreEntry[]): string => entries.map(fingerprint).join(", ");

/** Lines of a comment, each with the space behind its mark. */
function commentOf(paragraphs: readonly string[]): string {
  return paragraphs
    .flatMap((paragraph) => folded(printableLine(paragraph)))
    .map((line) => ` ${line}`)
    .join("\n");
}

const printableLine = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "\ufffd");

function folded(text: string): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > COLUMNS) {
      lines.push(line);
      line = `  ${word}`;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
