import type { ImportBuilder } from "../import-builder.ts";
import { type Place, placeOf } from "../origin.ts";
import { attributeOf, childrenOf, type XmlElement } from "../xml/element.ts";

/** A dynamic outbound selection: `protocol,host,port`, each of which may be `*`, several joined by `|`. */
export interface DynamicSelection {
  readonly text: string;
  readonly parts: readonly (readonly [protocol: string, host: string, port: string])[];
  /** Local name of the client that its SSL configuration became; null when it became none. */
  readonly client: string | null;
  readonly place: Place;
}

/** `protocol,host,port` and more of them behind `|`. */
const INFORMATION =
  /^[^,|]{1,64},[^,|]{1,256},(?:\*|\d{1,5})(?:\|[^,|]{1,64},[^,|]{1,256},(?:\*|\d{1,5}))*$/u;

/**
 * The dynamic outbound selections of a cell, in their order. The information is recognised by its form, whatever its
 * attribute is called; of equal ones the first counts.
 */
export function dynamicSelections(
  root: XmlElement,
  clients: ReadonlyMap<string, string>,
  builder: ImportBuilder,
): readonly DynamicSelection[] {
  const found = new Map<string, DynamicSelection>();
  for (const element of childrenOf(root, "dynamicSSLConfigSelections")) {
    const information = [...element.attributes.values()].find(({ value }) =>
      INFORMATION.test(value.trim()),
    );
    const config = attributeOf(element, "sslConfig");
    if (information === undefined || config === null) {
      builder.note(
        "A dynamic outbound selection chooses an SSL configuration by host and port; which one is not understood, link its client by hand",
        element.place,
      );
      continue;
    }
    const text = information.value.trim();
    const client = clients.get(config.value) ?? null;
    if (client === null)
      builder.note(
        `The SSL configuration ${config.value} of a dynamic outbound selection is not among those that could be read`,
        placeOf(config),
      );
    const earlier = found.get(text.toLowerCase());
    if (earlier !== undefined) {
      builder.issue({
        code: "estate.filter-conflict",
        severity: "warning",
        summary: `Two dynamic outbound selections are for ${text}; the first one counts`,
        place: information.place,
        remedy: ["Keep one of the two, so that the configuration says what is meant"],
      });
      continue;
    }
    const parts = text.split("|").map((part) => {
      const [protocol = "*", host = "*", port = "*"] = part.split(",").map((word) => word.trim());
      return [protocol.toLowerCase(), host.toLowerCase(), port] as const;
    });
    found.set(text.toLowerCase(), { text, parts, client, place: information.place });
  }
  return [...found.values()];
}

/** Whether a selection is for a connection. */
export function selects(
  { parts }: DynamicSelection,
  protocol: string,
  host: string,
  port: number,
): boolean {
  const name = host.toLowerCase();
  return parts.some(
    ([kind, pattern, number]) =>
      (kind === "*" || kind === protocol.toLowerCase()) &&
      (pattern === "*" ||
        pattern === name ||
        (pattern.startsWith("*") && name.endsWith(pattern.slice(1)))) &&
      (number === "*" || Number(number) === port),
  );
}
