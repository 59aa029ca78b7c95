import * as z from "zod";
import { PROFILE_NAMES } from "../../trust/profile-names.ts";
import { CASE_IDS, type CaseId } from "../catalogue.ts";
import factData from "./facts.json" with { type: "json" };
import familyData from "./families.json" with { type: "json" };
import alerts from "./patterns/alerts.json" with { type: "json" };
import browsers from "./patterns/browsers.json" with { type: "json" };
import connection from "./patterns/connection.json" with { type: "json" };
import go from "./patterns/go.json" with { type: "json" };
import ibm from "./patterns/ibm.json" with { type: "json" };
import java from "./patterns/java.json" with { type: "json" };
import javaStores from "./patterns/java-stores.json" with { type: "json" };
import node from "./patterns/node.json" with { type: "json" };
import openssl from "./patterns/openssl.json" with { type: "json" };
import others from "./patterns/others.json" with { type: "json" };
import servers from "./patterns/servers.json" with { type: "json" };
import tools from "./patterns/tools.json" with { type: "json" };
import windows from "./patterns/windows.json" with { type: "json" };
import { type Extract, FACT_FIELDS, type Family, type Pattern, TOPICS } from "./pattern.ts";

/** Everything that is known about texts, checked. */
export interface TextKnowledge {
  readonly patterns: readonly Pattern[];
  readonly families: readonly Family[];
  readonly extracts: readonly Extract[];
  /** Marks of the two ends of a connection: what only a server or only a client writes. */
  readonly sides: { readonly server: readonly string[]; readonly client: readonly string[] };
}

const Sentence = z.string().regex(/^[^\s].*[^.\s]$/s, "is no sentence without a full stop");

const Cases = z
  .string()
  .transform((text) => (text === "" ? [] : text.split(" ")))
  .pipe(z.array(z.custom<CaseId>((id) => CASE_IDS.some((each) => each === id), "is no case")))
  .refine((ids) => new Set(ids).size === ids.length, "names a case twice");

/** Needles have `*` at their ends only. */
const Needles = z.array(z.string().regex(/^\*?[^*]+\*?$/, "has * within")).default([]);

const RuledOutData = z.strictObject({ cases: Cases, because: Sentence });

const PatternData = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/),
    family: z.string().optional(),
    says: Sentence,
    topic: z.enum(TOPICS),
    level: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)]),
    all: Needles,
    any: Needles,
    none: Needles,
    depth: z.enum(["leaf", "ca"]).nullable().default(null),
    cases: Cases,
    why: Sentence,
    onServer: z.strictObject({ cases: Cases, why: Sentence }).nullable().default(null),
    not: z.array(RuledOutData).default([]),
    note: Sentence.nullable().default(null),
    profile: z.enum(PROFILE_NAMES).nullable().default(null),
  })
  .refine(({ all, any }) => all.length + any.length > 0, "has nothing to look for");

const FileData = z.strictObject({ family: z.string(), patterns: z.array(PatternData) });

const FamilyData = z.strictObject({
  id: z.string(),
  title: z.string(),
  profile: z.enum(PROFILE_NAMES).nullable(),
  marks: Needles,
});

const ExtractData = z.strictObject({
  field: z.enum(FACT_FIELDS),
  after: z.string(),
  before: z.array(z.string()).default([]),
  shape: z.enum(["host", "url", "text", "path", "number", "word", "time"]),
  scheme: z.string().nullable().default(null),
});

const FamiliesFile = z.strictObject({
  families: z.array(FamilyData),
  sides: z.strictObject({ server: Needles, client: Needles }),
});

const FILES = [
  java,
  javaStores,
  ibm,
  openssl,
  node,
  go,
  windows,
  browsers,
  tools,
  servers,
  others,
  alerts,
  connection,
];

let known: TextKnowledge | null = null;

/** The data files with everything that is known about texts. @throws {Error} when one of them is wrong */
export function textKnowledge(): TextKnowledge {
  known ??= load();
  return known;
}

function load(): TextKnowledge {
  const { families, sides } = FamiliesFile.parse(familyData);
  const names = new Set(families.map(({ id }) => id));
  const patterns = FILES.flatMap((file) => {
    const { family, patterns: read } = FileData.parse(file);
    return read.map((pattern): Pattern => ({ ...pattern, family: pattern.family ?? family }));
  });
  const ids = new Set<string>();
  for (const { id, family } of patterns) {
    if (ids.has(id)) throw new Error(`Pattern ${id} is there twice`);
    if (!names.has(family)) throw new Error(`Pattern ${id} has the unknown family ${family}`);
    ids.add(id);
  }
  return { patterns, families, sides, extracts: z.array(ExtractData).parse(factData) };
}
