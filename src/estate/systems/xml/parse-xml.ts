import { SaxesParser } from "saxes";
import { fail, ok, type Result } from "../../../x509/result.ts";
import { LineIndex } from "../line-index.ts";
import type { Place } from "../origin.ts";
import type { SourceText } from "../source-reader.ts";
import type { XmlAttribute, XmlElement } from "./element.ts";

/** Bounds of one document; real configurations stay far below. */
const LIMITS = { depth: 100, elements: 200_000, attributes: 500 } as const;

/** Why a document was refused. */
export interface XmlError {
  /** One sentence without a trailing full stop. */
  readonly message: string;
  readonly place: Place;
}

/** Ends a parse; saxes passes on what its handlers throw. */
class Refusal extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

interface OpenElement {
  readonly name: string;
  readonly start: number;
  readonly written: { readonly name: string; readonly value: string; readonly offset: number }[];
  readonly children: XmlElement[];
  readonly counts: Map<string, number>;
  attributes: ReadonlyMap<string, XmlAttribute>;
  path: string;
  place: Place;
  text: string;
}

/**
 * Reads a document into elements that know where they stand. Entities of a DTD are not expanded: a
 * reference to one is an error, as is anything that is not well-formed.
 */
export function parseXml({ file, text }: SourceText): Result<XmlElement, XmlError> {
  const lines = new LineIndex(text);
  const place = (offset: number, at: string): Place => ({ file, ...lines.at(offset), at });
  const parser = new SaxesParser({ position: true });
  try {
    const root = readTree(parser, text, place);
    return root === null
      ? fail({ message: "The document has no element", place: place(0, "") })
      : ok(root);
  } catch (error) {
    if (error instanceof Refusal)
      return fail({ message: error.message, place: place(error.offset, "") });
    throw error;
  }
}

function readTree(
  parser: SaxesParser,
  text: string,
  place: (offset: number, at: string) => Place,
): XmlElement | null {
  const open: OpenElement[] = [];
  let root: XmlElement | null = null;
  let elements = 0;
  const refuse = (message: string): never => {
    throw new Refusal(message, Math.max(0, parser.position - 1));
  };
  parser.on("error", ({ message }) => refuse(`Not well-formed XML: ${wordsOf(message)}`));
  parser.on("opentagstart", ({ name }) => {
    if (++elements > LIMITS.elements) refuse(`More than ${LIMITS.elements} elements`);
    if (open.length >= LIMITS.depth) refuse(`Elements are nested deeper than ${LIMITS.depth}`);
    const start = text.lastIndexOf("<", parser.position - 1);
    open.push({
      name,
      start,
      written: [],
      children: [],
      counts: new Map(),
      attributes: new Map(),
      path: name,
      place: place(start, name),
      text: "",
    });
  });
  parser.on("attribute", ({ name, value }) => {
    const element = open.at(-1);
    if (element === undefined) return;
    if (element.written.length >= LIMITS.attributes)
      refuse(`More than ${LIMITS.attributes} attributes`);
    element.written.push({ name, value, offset: attributeStart(text, parser.position, name) });
  });
  parser.on("opentag", () => {
    const element = open.at(-1);
    if (element === undefined) return;
    const parent = open.at(-2);
    element.path =
      parent === undefined ? element.name : `${parent.path}/${stepTo(element, parent.counts)}`;
    element.place = place(element.start, element.path);
    element.attributes = new Map(
      element.written.map(({ name, value, offset }) => [
        name,
        { name, value, place: place(offset, `${element.path}/@${name}`) },
      ]),
    );
  });
  const add = (part: string): void => {
    const element = open.at(-1);
    if (element !== undefined) element.text += part;
  };
  parser.on("text", add);
  parser.on("cdata", add);
  parser.on("closetag", () => {
    const closed = open.pop();
    if (closed === undefined) return;
    const { name, attributes, children, place: at } = closed;
    const local = name.slice(name.indexOf(":") + 1);
    const element = { name, local, attributes, children, text: closed.text.trim(), place: at };
    const parent = open.at(-1);
    if (parent === undefined) root = element;
    else parent.children.push(element);
  });
  parser.write(text).close();
  return root;
}

/** Attributes by which an element is told from its neighbours, the best first. */
const IDENTIFIERS = ["id", "xmi:id", "name"] as const;

/** An element among its neighbours: by identifier where that is unique, else by number; see secret/locator.ts. */
function stepTo({ name, written }: OpenElement, counts: Map<string, number>): string {
  const nth = (counts.get(name) ?? 0) + 1;
  counts.set(name, nth);
  for (const identifier of IDENTIFIERS) {
    const value = written.find((attribute) => attribute.name === identifier)?.value;
    if (value === undefined || !/^[^'\p{C}\p{Z}]{1,128}$/u.test(value)) continue;
    const step = `${name}[@${identifier}='${value}']`;
    const known = counts.has(step);
    counts.set(step, 1);
    if (!known) return step;
  }
  return nth === 1 ? name : `${name}[${nth}]`;
}

/** Offset of an attribute's name, when the parser has just read the value's closing quote. */
function attributeStart(text: string, position: number, name: string): number {
  const quote = text.charAt(position - 1);
  const opening = text.lastIndexOf(quote, position - 2);
  const found = text.lastIndexOf(name, opening);
  return found === -1 ? Math.max(0, position - 1) : found;
}

/** The parser's message without the position that it puts in front and the full stop behind. */
const wordsOf = (message: string): string =>
  message.replace(/^(?:[^:]*:)?\d+:\d+: /, "").replace(/\.$/, "");
