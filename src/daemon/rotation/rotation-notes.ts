import { printable } from "../../diagnosis/words.ts";
import type { EstateLink } from "../../estate/estate.ts";
import type { Rotation } from "../../links/rotation/rotation.ts";

/** Most names of one kind that are told. */
const MAX_NAMES = 20;

/** What a proposed plan rests on, and what it leaves open, a sentence or two each. */
export function rotationNotes(rotation: Rotation): readonly string[] {
  const { isCa, holders, kept, waiting, ownCertificates, result } = rotation;
  const breaks = result.links.filter(({ fate }) => fate === "breaks");
  return [
    ...(rotation.changes.length === 0
      ? []
      : [
          "Change plan proposed by anchorwatch rotate; judge it again with anchorwatch whatif before each step.",
        ]),
    verdictOf(rotation),
    ...holders.map(
      ({ truststore, entries, clients }) =>
        `${truststore} holds what goes${aliasesOf(entries)}; clients that trust by this store: ${listed(clients) || "none"}.`,
    ),
    ...(isCa && holders.length === 0
      ? ["No truststore of the estate holds the CA that goes."]
      : []),
    ...kept.map(
      ({ truststore, links }) =>
        `What goes stays in ${truststore} for the time being, because links need it: ${listed(links.map(linkWords))}.`,
    ),
    ...(waiting.length === 0
      ? []
      : [
          `Endpoints that are trusted by what goes and get no new certificate here: ${listed(waiting)}. Give each a certificate below the new CA, and run rotate again with --serves ENDPOINT=FILE.`,
        ]),
    ...(ownCertificates.length === 0
      ? []
      : [
          `Clients whose own certificate is below what goes: ${listed(ownCertificates)}. Servers that ask for certificates have to trust the new CA before these clients change theirs.`,
        ]),
    ...(breaks.length === 0
      ? []
      : [
          `These links would break all the same: ${listed(breaks.map(linkWords))}. Where their clients lack a CA, name it with --to FILE.`,
        ]),
  ];
}

function verdictOf({ result: { order, links, faults }, changes, kept, waiting }: Rotation): string {
  if (changes.length === 0)
    return kept.length > 0 || waiting.length > 0
      ? "No change is proposed yet: the stores have what comes, and what goes is still needed."
      : "Nothing has to be changed.";
  const fault = faults.find(({ severity }) => severity === "critical");
  if (fault !== undefined) return `NOT SAFE: ${fault.endpoint}: ${fault.summary}.`;
  if (links.some(({ fate }) => fate === "breaks")) return "NOT SAFE: working links would break.";
  switch (order.kind) {
    case "safe":
      return "Safe in the order in which the changes are written: no working link breaks, neither in the end nor in between.";
    case "none":
      return "NOT SAFE in any order: between the changes, working links would be broken.";
    case "undecided":
      return "No safe order was found within the limits of the search.";
  }
}

const linkWords = ({ client, endpoint }: EstateLink): string => `${client} to ${endpoint}`;

function aliasesOf(entries: Rotation["holders"][number]["entries"]): string {
  const aliases = entries.flatMap(({ alias }) => alias ?? []);
  return aliases.length === 0 ? "" : ` as ${printable(aliases.join(", "))}`;
}

function listed(names: readonly string[]): string {
  const more = names.length > MAX_NAMES ? `, and ${names.length - MAX_NAMES} more` : "";
  return `${names.slice(0, MAX_NAMES).join(", ")}${more}`;
}
