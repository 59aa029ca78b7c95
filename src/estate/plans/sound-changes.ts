import { parseTarget } from "../../probe/target.ts";
import type { Estate } from "../estate.ts";
import type { Mistake } from "../explain-issue.ts";
import { printable, quoted } from "../printable.ts";
import { listed } from "../references.ts";
import { suggest } from "../suggest.ts";
import { namedFiles } from "./named-files.ts";

/** What a change may be about, with the keys that go with it. */
const KEYS = {
  endpoint: ["serves", "key", "keyPassword", "url", "connect", "serverName"],
  truststore: ["add", "remove", "replace", "password", "certificate", "flags"],
  client: ["profile", "java-security", "peerCheck", "nameCheck", "trust", "identity"],
} as const;

type Subject = keyof typeof KEYS;

const SUBJECTS = ["endpoint", "truststore", "client"] as const satisfies readonly Subject[];

/** Keys that change nothing by themselves. */
const COMPANIONS: ReadonlySet<string> = new Set(["key", "keyPassword", "password", "certificate"]);

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Names that the estate does not have, and keys that do not belong together. Shapes are the schema's business. */
export function unsoundChanges(
  document: unknown,
  estate: Estate,
  readsFiles: boolean,
): readonly Mistake[] {
  const changes = isMapping(document) ? document["changes"] : null;
  if (!Array.isArray(changes)) return [];
  return changes.flatMap((change: unknown, index) =>
    isMapping(change)
      ? [
          ...mistakesOf(change, index, estate),
          ...(readsFiles ? [] : namedFiles(change, ["changes", index])),
        ]
      : [],
  );
}

function mistakesOf(
  change: Readonly<Record<string, unknown>>,
  index: number,
  estate: Estate,
): readonly Mistake[] {
  const path = ["changes", index];
  const subjects = SUBJECTS.filter((subject) => Object.hasOwn(change, subject));
  const [subject, second] = subjects;
  if (subject === undefined)
    return [
      {
        path,
        at: "value",
        message: "A change is about an endpoint, a truststore or a client, and names none",
        hint: "Begin it with endpoint:, truststore: or client:",
      },
    ];
  if (second !== undefined)
    return [
      {
        path: [...path, second],
        at: "key",
        message: `A change is about one thing, and this one names ${subject} and ${second}`,
        hint: "Write two changes",
      },
    ];
  const mine: readonly string[] = KEYS[subject];
  const foreign = SUBJECTS.flatMap((other) =>
    other === subject
      ? []
      : KEYS[other]
          .filter((key) => Object.hasOwn(change, key))
          .map((key) => foreignKey([...path, key], subject, other)),
  );
  const given = mine.filter((key) => Object.hasOwn(change, key));
  const idle =
    foreign.length === 0 && given.every((key) => COMPANIONS.has(key))
      ? [idleChange([...path, subject], mine)]
      : [];
  return [
    ...unknownNames(subject, change[subject], [...path, subject], estate),
    ...unknownNames("truststore", change["trust"], [...path, "trust"], estate),
    ...foreign,
    ...idle,
    ...companionMistakes(change, path),
    ...urlMistakes(change["url"], [...path, "url"]),
  ];
}

const foreignKey = (path: Mistake["path"], subject: Subject, other: Subject): Mistake => ({
  path,
  at: "key",
  message: `Key ${quoted(String(path.at(-1)))} belongs to a change of ${article(other)}, and this one is about ${article(subject)}`,
  hint: `Keys of ${article(subject)}: ${KEYS[subject].join(", ")}`,
});

const idleChange = (path: Mistake["path"], keys: readonly string[]): Mistake => ({
  path,
  at: "key",
  message: "This change changes nothing",
  hint: `Say what changes: ${keys.filter((key) => !COMPANIONS.has(key)).join(", ")}`,
});

const article = (subject: Subject): string =>
  subject === "endpoint" ? "an endpoint" : `a ${subject}`;

function companionMistakes(
  change: Readonly<Record<string, unknown>>,
  path: Mistake["path"],
): readonly Mistake[] {
  const needs = (key: string, other: string): readonly Mistake[] =>
    Object.hasOwn(change, key) && !Object.hasOwn(change, other)
      ? [
          {
            path: [...path, key],
            at: "key",
            message: `Key ${quoted(key)} has no effect without ${other}`,
            hint: null,
          },
        ]
      : [];
  const both =
    Object.hasOwn(change, "replace") &&
    (Object.hasOwn(change, "add") || Object.hasOwn(change, "remove"));
  return [
    ...needs("key", "serves"),
    ...needs("keyPassword", "key"),
    ...needs("password", "replace"),
    ...needs("certificate", "flags"),
    ...needs("flags", "certificate"),
    ...(both
      ? [
          {
            path: [...path, "replace"],
            at: "key" as const,
            message: "A store is either replaced, or entries are added and removed",
            hint: "Write two changes",
          },
        ]
      : []),
  ];
}

function urlMistakes(url: unknown, path: Mistake["path"]): readonly Mistake[] {
  if (typeof url !== "string") return [];
  const target = parseTarget(url);
  return target.ok
    ? []
    : [{ path, at: "value", message: printable(target.error.message), hint: null }];
}

function unknownNames(
  subject: Subject,
  value: unknown,
  path: Mistake["path"],
  estate: Estate,
): readonly Mistake[] {
  const known = estate[`${subject}s`].map(({ name }) => name);
  return listed(value, path)
    .filter(({ text }) => !known.includes(text))
    .map(({ text, path: place }) => {
      const meant = suggest(text, known);
      return {
        path: place,
        at: "value",
        message: `The estate has no ${subject} ${quoted(text)}`,
        hint: meant === null ? null : `Did you mean ${meant}?`,
      };
    });
}
