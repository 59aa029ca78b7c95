import { type Place, type Sourced, written } from "../origin.ts";

/** An attribute as it is written. */
export interface XmlAttribute {
  /** With its prefix, as written. */
  readonly name: string;
  /** References to characters resolved, white space normalised. */
  readonly value: string;
  /** Where its name begins. */
  readonly place: Place;
}

/** An element of a configuration. */
export interface XmlElement {
  /** With its prefix, as written. */
  readonly name: string;
  /** Without the prefix: namespaces of these systems carry version numbers, so names are matched by this. */
  readonly local: string;
  /** By name as written. */
  readonly attributes: ReadonlyMap<string, XmlAttribute>;
  readonly children: readonly XmlElement[];
  /** The text directly within, trimmed. */
  readonly text: string;
  /** Where `<` stands. */
  readonly place: Place;
}

/** The children with a local name. */
export const childrenOf = (element: XmlElement, local: string): readonly XmlElement[] =>
  element.children.filter((child) => child.local === local);

/** The first child with a local name; null without one. */
export const childOf = (element: XmlElement, local: string): XmlElement | null =>
  element.children.find((child) => child.local === local) ?? null;

/** An attribute as a sourced value, variables unresolved; null when it is not written. */
export function attributeOf(element: XmlElement, name: string): Sourced<string> | null {
  const attribute = element.attributes.get(name);
  return attribute === undefined ? null : written(attribute.value, attribute.place);
}

/** The text of an element as a sourced value; null when it has none. */
export const textOf = (element: XmlElement): Sourced<string> | null =>
  element.text === "" ? null : written(element.text, element.place);

/** An element with all elements below it, in the order of the file. */
export function* descendants(element: XmlElement): Generator<XmlElement> {
  yield element;
  for (const child of element.children) yield* descendants(child);
}
