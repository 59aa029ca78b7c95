import { counted, dateText, fingerprint, shortName } from "../../diagnosis/words.ts";
import type { EstateLink } from "../../estate/estate.ts";
import type { Work } from "../../links/forecast/work.ts";

/** Names that are listed before the rest is counted. */
const MAX_NAMES = 6;

/** What is to be done, as one line without a full stop. */
export function workTitle({ kind, certificate, stores, endpoints }: Work): string {
  const name = shortName(certificate.subject);
  switch (kind) {
    case "leaf":
      return `Renew the certificate of ${name}`;
    case "intermediate":
      return `Replace the CA ${name} that ${endpoints.length === 1 ? "the server sends" : "the servers send"}`;
    case "anchor":
      return `Replace the CA ${name} in ${storeNames(stores).length === 1 ? "the truststore" : "the truststores"}`;
    case "client-certificate":
      return `Renew the client certificate ${name}`;
  }
}

const storeNames = (stores: Work["stores"]): readonly string[] => [
  ...new Set(stores.map(({ truststore }) => truststore)),
];

/** Who has something to do, e.g. `endpoints a, b; truststore t (alias ca)`. */
export function ownersText({ endpoints, stores, clients }: Work): string {
  const named = (noun: string, names: readonly string[]): readonly string[] =>
    names.length === 0 ? [] : [`${noun}${names.length === 1 ? "" : "s"} ${listText(names)}`];
  const held = storeNames(stores).map((name) => {
    const aliases = stores.flatMap(({ truststore, alias }) =>
      truststore === name && alias !== null ? [alias] : [],
    );
    return aliases.length === 0 ? name : `${name} (alias ${[...new Set(aliases)].join(", ")})`;
  });
  return [
    ...named("endpoint", endpoints),
    ...named("truststore", held),
    ...named("client", clients),
  ].join("; ");
}

/** The first names of a list, and how many are left. */
export function listText(names: readonly string[], most: number = MAX_NAMES): string {
  const rest = names.length - most;
  return rest <= 1 ? names.join(", ") : `${names.slice(0, most).join(", ")} and ${rest} more`;
}

/** A link as people say it. */
export const linkText = ({ client, endpoint }: EstateLink): string => `${client} to ${endpoint}`;

/** The steps of the work: those of the finding, or what always has to be done. */
export function workSteps(work: Work): readonly string[] {
  const { finding, kind, certificate, deadline } = work;
  if (finding !== null && finding.remedy.length > 0) return finding.remedy;
  const name = `${shortName(certificate.subject)} (SHA-256 ${fingerprint(certificate)})`;
  const by = dateText(deadline);
  switch (kind) {
    case "leaf":
      return [
        `Have the certificate ${name} renewed, and install the new one with its intermediates before ${by}`,
      ];
    case "intermediate":
      return [
        `Get the current certificate of the CA ${name} from its owner, and have the servers send it before ${by}`,
      ];
    case "anchor":
      return [
        `Get the certificate that succeeds ${name} from the owner of the CA, compare its fingerprint with the owner, and add it to the truststores before ${by}`,
      ];
    case "client-certificate":
      return [`Have ${name} renewed, and configure the new one in the clients before ${by}`];
  }
}

/** The links of a piece of work in one sentence. */
export function savedText({ links }: Work): string {
  return links.length === 0
    ? "No link ends by it first"
    : `Saves ${counted(links.length, "link")}: ${listText(links.map(linkText))}`;
}
