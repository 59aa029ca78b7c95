import type { EntrySource, EstateSources, ValueSource } from "./entry-source.ts";
import type { Estate } from "./estate.ts";
import { type DocumentPath, keyOffset, pathText, valueOffset } from "./position.ts";
import type { ReadDocument } from "./read-document.ts";
import { listed } from "./references.ts";
import type { FragmentOrigin } from "./systems/fragment.ts";
import { originText, type Place, placeOf } from "./systems/origin.ts";

const NOWHERE: EntrySource = { written: null, imported: null, values: [] };

const keyOf = (parts: readonly string[]): string => JSON.stringify(parts);

/**
 * Finds out where everything of an estate stands.
 * @param file as given
 */
export function sourcesOf(file: string, read: ReadDocument, { imports }: Estate): EstateSources {
  const { document, positionOf } = read;
  const placeAt = (offset: number, path: DocumentPath): Place => ({
    file,
    ...positionOf(offset),
    at: pathText(path),
  });
  const found = new Map<string, EntrySource>();
  for (const { system, prefix, fragment } of imports) {
    const imported = { system, prefix };
    for (const section of ["truststores", "clients", "endpoints"] as const)
      for (const name of Object.keys(fragment.document[section]))
        found.set(keyOf([section, name]), { ...NOWHERE, imported });
    for (const origin of fragment.origins) {
      const key = entryKey(origin.path, fragment.document.links);
      const overruled = origin.path[0] !== "links" && document.hasIn(origin.path);
      if (key === null || overruled) continue;
      const before = found.get(key) ?? { ...NOWHERE, imported };
      found.set(key, { ...before, values: [...before.values, valueSource(origin)] });
    }
  }
  for (const [path, key] of writtenEntries(read.data)) {
    const offset = path[0] === "links" ? valueOffset(document, path) : keyOffset(document, path);
    // of a link that is stated twice the first statement counts
    const before = found.get(key) ?? NOWHERE;
    if (before.written === null) found.set(key, { ...before, written: placeAt(offset, path) });
  }
  return {
    entry: (section, name) => found.get(keyOf([section, name])) ?? NOWHERE,
    link: ({ client, endpoint }) => found.get(keyOf(["links", client, endpoint])) ?? NOWHERE,
    import: (index) => placeAt(valueOffset(document, ["imports", index]), ["imports", index]),
  };
}

function valueSource({ path, origin }: FragmentOrigin): ValueSource {
  return {
    key: path[0] === "links" ? "" : pathText(path.slice(2)),
    text: originText(origin),
    place: placeOf({ value: null, origin }),
  };
}

function entryKey(
  [section, name]: DocumentPath,
  links: readonly { readonly from: string; readonly to: string | readonly string[] }[],
): string | null {
  if (section !== "links") return keyOf([String(section), String(name)]);
  const link = links[Number(name)];
  const to = link === undefined ? undefined : listed(link.to, [])[0];
  return link === undefined || to === undefined ? null : keyOf(["links", link.from, to.text]);
}

type Mapping = Readonly<Record<string, unknown>>;

const mapping = (value: unknown): Mapping =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Mapping) : {};

function writtenEntries(data: unknown): readonly (readonly [DocumentPath, string])[] {
  const root = mapping(data);
  const named = (["truststores", "clients", "endpoints"] as const).flatMap((section) =>
    Object.keys(mapping(root[section])).map(
      (name) => [[section, name], keyOf([section, name])] as const,
    ),
  );
  const links: readonly unknown[] = Array.isArray(root["links"]) ? root["links"] : [];
  return [
    ...named,
    ...links.flatMap((link, index) =>
      listed(mapping(link)["to"], ["links", index, "to"]).map(
        ({ text, path }) => [path, keyOf(["links", String(mapping(link)["from"]), text])] as const,
      ),
    ),
  ];
}
