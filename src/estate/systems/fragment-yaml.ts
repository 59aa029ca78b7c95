import { Document, isMap, isNode, isPair, isScalar, type Pair } from "yaml";
import type { DocumentPath } from "../position.ts";
import { printable } from "../printable.ts";
import type { EstateFragment } from "./fragment.ts";
import { type Origin, originText, type Place } from "./origin.ts";

/** Longest comment behind a value. */
const MAX_COMMENT = 600;

/** A fragment as YAML that stands alone as an estate: every value has its source behind it as a comment. */
export function fragmentYaml({ document, origins }: EstateFragment): string {
  const sections = Object.entries(document).filter(
    ([, entries]) => Object.keys(entries).length > 0,
  );
  const yaml = new Document({ version: 1, ...Object.fromEntries(sections) });
  for (const { path, origin } of origins) annotate(yaml, path, commentOf(origin));
  return yaml.toString({ lineWidth: 0, flowCollectionPadding: true });
}

function commentOf(origin: Origin): string {
  const text = printable(originText(origin));
  return ` ${text.length > MAX_COMMENT ? `${text.slice(0, MAX_COMMENT)}…` : text}`;
}

/** Puts a comment behind a scalar, or before what is inside a mapping. */
function annotate(yaml: Document, path: DocumentPath, comment: string): void {
  const node = yaml.getIn(path, true);
  if (!isNode(node)) return;
  if (isScalar(node)) {
    node.comment = comment;
    return;
  }
  if (!isMap(node)) return;
  const [first] = node.items;
  if (isPair(first)) commentPair(first, comment);
}

function commentPair(pair: Pair, comment: string): void {
  if (isScalar(pair.value)) pair.value.comment = comment;
}

/** Longest value that a line shows: certificates in place are cut. */
const MAX_VALUE = 100;

/** A fragment in lines, one for each value that has a source: `clients.NAME.profile = VALUE` and below it the source. */
export function fragmentLines({ document, origins }: EstateFragment): readonly string[] {
  return origins.flatMap(({ path, origin }) => {
    const value = path.reduce<unknown>(
      (current, key) =>
        typeof current === "object" && current !== null
          ? Reflect.get(current, String(key))
          : undefined,
      document,
    );
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const shown = text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text;
    return [printable(`${path.join(".")} = ${shown}`), `    ${printable(originText(origin))}`];
  });
}

/** A fragment as JSON: the document, the origins by path, notes and issues. */
export function fragmentJson({ document, origins, notes, issues }: EstateFragment): string {
  const place = (found: Place | null) =>
    found === null
      ? null
      : { file: found.file, line: found.line, column: found.column, at: found.at };
  return JSON.stringify(
    {
      version: 1,
      ...document,
      origins: origins.map(({ path, origin }) => ({ path, ...origin })),
      notes: notes.map((note) => ({ ...note, place: place(note.place) })),
      issues: issues.map((issue) => ({ ...issue, place: place(issue.place) })),
    },
    null,
    2,
  );
}
