import { dirname, resolve } from "node:path";
import { parseTarget } from "../../probe/target.ts";
import { fail, ok, type Result } from "../../x509/result.ts";
import type { Estate, EstateProblem } from "../estate.ts";
import { parseHostPort } from "../host-port.ts";
import { bounded, inOrder, located, shapeMistakes } from "../mistakes.ts";
import { type DocumentPath, keyOffset, valueOffset } from "../position.ts";
import { parseText, readText } from "../read-document.ts";
import { listed } from "../references.ts";
import { type Absolute, identityOf, secret } from "../resolve.ts";
import type { ChangeDocument } from "./document.ts";
import type { ChangePlan, PlannedChange, PlanPlace } from "./plan.ts";
import { certificateLocation, isInline } from "./plan-text.ts";
import { PLAN_SCHEMA } from "./schema.ts";
import { unsoundChanges } from "./sound-changes.ts";

/** Reads and checks a change plan; every mistake is told at once. The files that it names are not read. */
export async function readPlan(
  path: string,
  estate: Estate,
): Promise<Result<ChangePlan, readonly EstateProblem[]>> {
  const text = await readText(path, "Plan");
  return text.ok ? parsePlan(path, text.value, estate) : fail([text.error]);
}

/** Where a plan may take things from. */
export interface PlanAccess {
  /** Whether it may name files, variables and passwords of this machine. @default true */
  readonly readsFiles?: boolean;
}

/**
 * Checks the text of a change plan (YAML, and so JSON), as readPlan does; paths count from the folder of `file`. One
 * that comes from elsewhere has its certificates in itself, as PEM: without `readsFiles`, names of files are mistakes.
 */
export function parsePlan(
  file: string,
  text: string,
  estate: Estate,
  { readsFiles = true }: PlanAccess = {},
): Result<ChangePlan, readonly EstateProblem[]> {
  const parsed = parseText(file, text, "Plan");
  if (!parsed.ok) return parsed;
  const { data, document, positionOf, duplicates } = parsed.value;
  const shape = PLAN_SCHEMA.safeParse(data ?? {});
  const mistakes = [
    ...(shape.success ? [] : shapeMistakes(shape.error.issues, PLAN_SCHEMA, data ?? {})),
    ...unsoundChanges(data, estate, readsFiles),
  ];
  const problems = [...duplicates, ...located(file, parsed.value, mistakes)];
  if (!shape.success || problems.length > 0) return fail(bounded(inOrder(problems)));
  const folder = dirname(resolve(file));
  const { changes, at } = shape.data;
  return ok({
    file,
    folder,
    readsFiles,
    changes: changes.map((change, index) => ({
      ...plannedChange(change, (path) => resolve(folder, path)),
      places: placesOf(change, (path) =>
        positionOf(
          path.length === 0
            ? keyOffset(document, ["changes", index])
            : valueOffset(document, ["changes", index, ...path]),
        ),
      ),
    })),
    at: at === undefined ? null : Date.parse(at),
  });
}

/** Where the values of a change stand. */
function placesOf(
  change: ChangeDocument,
  placeOf: (path: DocumentPath) => PlanPlace,
): Readonly<Record<string, PlanPlace>> {
  const paths = Object.entries(change).flatMap(([key, value]: [string, unknown]) => [
    [key],
    ...listed(value, [key]).map(({ path }) => path),
  ]);
  return Object.fromEntries([
    ["", placeOf([])],
    ...paths.map((path) => [path.join("."), placeOf(path)] as const),
  ]);
}

type Unplaced = PlannedChange extends infer T
  ? T extends PlannedChange
    ? Omit<T, "places">
    : never
  : never;

function plannedChange(change: ChangeDocument, at: Absolute): Unplaced {
  const texts = (value: ChangeDocument["add"]): readonly string[] =>
    listed(value, []).map(({ text }) => text);
  const locationOf = (text: string): string => certificateLocation(text, at);
  // aliases stay as they are written
  const named = (text: string): string => (isInline(text) ? locationOf(text) : text);
  if (change.endpoint !== undefined) {
    const target = change.url === undefined ? null : parseTarget(change.url);
    return {
      kind: "endpoint",
      endpoint: change.endpoint,
      serves: change.serves === undefined ? null : texts(change.serves).map(locationOf),
      key: change.key === undefined ? null : at(change.key),
      keyPassword: secret(change.keyPassword, at),
      url: target?.ok === true ? { text: change.url ?? "", target: target.value } : null,
      connect: change.connect === undefined ? null : parseHostPort(change.connect),
      serverName: change.serverName ?? null,
    };
  }
  if (change.truststore !== undefined)
    return {
      kind: "truststore",
      truststore: change.truststore,
      add: texts(change.add).map(locationOf),
      remove: texts(change.remove).map(named),
      replace: change.replace === undefined ? null : texts(change.replace).map(locationOf),
      password: secret(change.password, at),
      flags:
        change.certificate === undefined || change.flags === undefined
          ? null
          : { certificate: named(change.certificate), on: [...new Set(change.flags)] },
    };
  const { client = "", profile, peerCheck, nameCheck, trust, identity } = change;
  const javaSecurity = change["java-security"];
  return {
    kind: "client",
    client,
    profile: profile ?? null,
    javaSecurity:
      javaSecurity === undefined
        ? null
        : javaSecurity.includes("\n")
          ? { text: javaSecurity }
          : { path: at(javaSecurity) },
    peerCheck: peerCheck ?? null,
    nameCheck: nameCheck ?? null,
    trust: trust === undefined ? null : [...new Set(texts(trust))],
    identity:
      identity === undefined || identity === "none" ? (identity ?? null) : identityOf(identity, at),
  };
}
