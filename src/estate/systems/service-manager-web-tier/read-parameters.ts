import { dirname, join } from "node:path";
import type { SecretReference } from "../../estate.ts";
import type { ImportBuilder } from "../import-builder.ts";
import { placeOf, type Sourced, written } from "../origin.ts";
import { parseProperties } from "../properties/parse-properties.ts";
import type { SourceReader } from "../source-reader.ts";
import { childOf, descendants } from "../xml/element.ts";
import { readXml } from "../xml/read-xml.ts";

interface Parameter extends Sourced<string> {
  readonly locator: string;
  readonly file: string;
  /** Whether it stands in webtier.properties, where passwords are encrypted (9.34p2 and later). */
  readonly inProperties: boolean;
}

/** Parameters of a web tier; those of webtier.properties complete those of web.xml. */
export interface WebTierParameters {
  /** The text of a parameter; null when it is not set, or empty. */
  readonly text: (name: string) => Sourced<string> | null;
  /** Where a password is; null, with a note, when it is encrypted in a way that is not known. */
  readonly secret: (name: string, builder: ImportBuilder) => Sourced<SecretReference> | null;
}

/** Reads the parameters of web.xml, of the application and of its servlets, and of webtier.properties beside it. */
export async function readParameters(
  file: string,
  reader: SourceReader,
  builder: ImportBuilder,
): Promise<WebTierParameters | null> {
  const root = await readXml(
    file,
    { reader, builder },
    {
      remedy: "Correct the file; the servlet container does not start the web tier with it either",
    },
  );
  if (root === null) return null;
  const parameters = new Map<string, Parameter>();
  for (const element of descendants(root)) {
    if (element.local !== "init-param" && element.local !== "context-param") continue;
    const name = childOf(element, "param-name")?.text;
    const value = childOf(element, "param-value");
    if (name === undefined || value === null) continue;
    const { text, place } = value;
    const entry = {
      ...written(text, place),
      locator: `xml:${place.at}`,
      file,
      inProperties: false,
    };
    const known = parameters.get(name);
    if (known === undefined) parameters.set(name, entry);
    else if (known.value !== text)
      builder.note(
        `Parameter ${name} is set twice with different values; the first counts here`,
        place,
      );
  }
  await completeFromProperties(
    join(dirname(file), "webtier.properties"),
    reader,
    builder,
    parameters,
  );
  const find = (name: string): Parameter | null => {
    const found = parameters.get(name);
    return found === undefined || found.value === "" ? null : found;
  };
  return {
    text: (name) => {
      const found = find(name);
      return found === null ? null : { value: found.value, origin: found.origin };
    },
    secret: (name, notes) => {
      const found = find(name);
      if (found === null) return null;
      if (found.inProperties) {
        notes.note(
          `${name} in webtier.properties is encrypted in a way that only the web tier knows; give the password of the keystore in the estate`,
          placeOf(found),
        );
        return null;
      }
      return {
        value: { kind: "config", path: found.file, at: found.locator, key: null },
        origin: found.origin,
      };
    },
  };
}

async function completeFromProperties(
  file: string,
  reader: SourceReader,
  builder: ImportBuilder,
  parameters: Map<string, Parameter>,
): Promise<void> {
  if ((await reader.look(file)) === null) return;
  const source = await reader.read(file, "latin-1");
  if (!source.ok) {
    builder.unreadable(source.error, null);
    return;
  }
  for (const { key, value, place } of parseProperties(source.value)) {
    const known = parameters.get(key);
    if (known !== undefined && !known.inProperties && known.value !== "") continue;
    const entry = {
      ...written(value, place),
      locator: `properties:${key}`,
      file,
      inProperties: true,
    };
    parameters.set(key, entry);
  }
}
