import { endpointTargets } from "../endpoint-targets.ts";
import { quoted } from "../printable.ts";
import { danglingReferences } from "../references.ts";
import { ESTATE_SCHEMA } from "../schema.ts";
import type { EstateFragment, FragmentDocument } from "./fragment.ts";
import type { ImportNote } from "./model.ts";

const SECTIONS = ["truststores", "clients", "endpoints"] as const;

/**
 * Leaves out entries that no estate accepts (a host with an unresolved variable, a client without any
 * truststore) and says so in notes, so that one of them does not lose the others.
 */
export function soundFragment(fragment: EstateFragment): EstateFragment {
  const notes: ImportNote[] = [];
  let { document } = fragment;
  // an entry that goes may leave others without what they name
  for (let wrong = firstMistakes(document); wrong.size > 0; wrong = firstMistakes(document)) {
    for (const { section, name, message } of wrong.values()) {
      const origin = fragment.origins.find(
        ({ path }) => path[0] === section && path[1] === name,
      )?.origin;
      const place =
        origin === undefined || origin.kind === "derived"
          ? (origin?.places[0] ?? null)
          : origin.place;
      notes.push({
        message: `${quoted(String(name))} of ${section} is left out: ${message}`,
        place,
      });
    }
    document = without(document, new Set(wrong.keys()));
  }
  if (notes.length === 0) return fragment;
  const kept = new Map(document.links.map((link, index) => [link, index]));
  return {
    ...fragment,
    document,
    origins: fragment.origins.flatMap(({ path, origin }) => {
      const [section, name] = path;
      if (section === "links") {
        const link = fragment.document.links[Number(name)];
        const index = link === undefined ? undefined : kept.get(link);
        return index === undefined ? [] : [{ path: ["links", index], origin }];
      }
      const present = SECTIONS.some(
        (each) => each === section && Object.hasOwn(document[each], String(name)),
      );
      return present ? [{ path, origin }] : [];
    }),
    notes: [...fragment.notes, ...notes],
  };
}

interface Wrong {
  readonly section: string;
  readonly name: string | number;
  readonly message: string;
}

function firstMistakes(document: FragmentDocument): ReadonlyMap<string, Wrong> {
  const data = { version: 1, ...document };
  const shape = ESTATE_SCHEMA.safeParse(data);
  const mistakes = [
    ...(shape.success
      ? []
      : shape.error.issues.map(({ path, message }) => ({ path: path.map(String), message }))),
    ...endpointTargets(data).mistakes,
    ...danglingReferences(data),
  ];
  const wrong = new Map<string, Wrong>();
  for (const { path, message } of mistakes) {
    const [section, name] = path;
    if (typeof section !== "string" || name === undefined) continue;
    const key = JSON.stringify([section, String(name)]);
    if (!wrong.has(key)) wrong.set(key, { section, name, message });
  }
  return wrong;
}

function without(document: FragmentDocument, wrong: ReadonlySet<string>): FragmentDocument {
  const keep = <T>(section: string, entries: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(
      Object.entries(entries).filter(([name]) => !wrong.has(JSON.stringify([section, name]))),
    );
  return {
    truststores: keep("truststores", document.truststores),
    clients: keep("clients", document.clients),
    endpoints: keep("endpoints", document.endpoints),
    links: document.links.filter(
      (_link, index) => !wrong.has(JSON.stringify(["links", String(index)])),
    ),
  };
}
