import type { Endpoint } from "../probe/handshake.ts";
import { parseTarget } from "../probe/target.ts";
import type { Mistake } from "./explain-issue.ts";
import { printable } from "./printable.ts";

/** What the URLs of a document's endpoints point at, and the mistakes in the others. */
export interface EndpointTargets {
  readonly targets: ReadonlyMap<string, Endpoint>;
  readonly mistakes: readonly Mistake[];
}

/** Reads the URL of every endpoint of a document whose shape may be wrong elsewhere. */
export function endpointTargets(document: unknown): EndpointTargets {
  const targets = new Map<string, Endpoint>();
  const mistakes: Mistake[] = [];
  for (const [name, url] of urls(document)) {
    const read = parseTarget(url);
    if (read.ok) targets.set(name, read.value);
    else
      mistakes.push({
        path: ["endpoints", name, "url"],
        at: "value",
        message: printable(read.error.message),
        hint: null,
      });
  }
  return { targets, mistakes };
}

function urls(document: unknown): readonly (readonly [string, string])[] {
  return Object.entries(property(document, "endpoints")).flatMap(([name, endpoint]) => {
    const { url } = property({ endpoint }, "endpoint");
    return typeof url === "string" ? [[name, url] as const] : [];
  });
}

function property(value: unknown, name: string): Readonly<Record<string, unknown>> {
  const inner: unknown =
    typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  return isMapping(inner) ? inner : {};
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
