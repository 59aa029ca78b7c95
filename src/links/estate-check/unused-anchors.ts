import type { NamedTruststore } from "../../diagnosis/assessment.ts";
import type { Finding } from "../../diagnosis/finding.ts";
import { counted, shortName } from "../../diagnosis/words.ts";
import type { Estate } from "../../estate/estate.ts";
import { profileOf } from "../../trust/profiles.ts";
import { anchorsFor } from "../../truststore/anchors.ts";
import type { StoreEntry, Truststore } from "../../truststore/truststore.ts";
import type { AnchorNeeds, Needs } from "./anchor-needs.ts";

/** A truststore with anchors that no link needs. */
export interface UnusedAnchors {
  readonly truststore: string;
  readonly finding: Pick<Finding, "code" | "severity" | "summary" | "remedy">;
}

/** A truststore of which it cannot be told which anchors are needed. */
export interface UntoldAnchors {
  readonly truststore: string;
  /** Why, in one sentence. */
  readonly message: string;
}

/** What links say about the anchors of an estate. */
export interface AnchorUse {
  readonly unused: readonly UnusedAnchors[];
  readonly untold: readonly UntoldAnchors[];
}

/**
 * Finds the anchors of each truststore that no link needs. What is not known is not claimed: a store that a client
 * without links, a notifier or the daemon's own listener reads is left out, and so is one of whose links one was not
 * judged. Of a link that is not trusted, whatever bears the name of an issuer in its chain counts as needed. Stores of
 * operating systems are left out, since nobody picks what they hold.
 */
export function anchorUse(
  estate: Estate,
  truststores: readonly NamedTruststore[],
  needs: AnchorNeeds,
): AnchorUse {
  const unused: UnusedAnchors[] = [];
  const untold: UntoldAnchors[] = [];
  const paths = new Map(estate.truststores.map((each) => [each.name, each.paths]));
  const readElsewhere = storesOfOthers(estate);
  for (const { name, store } of truststores) {
    if (!store.ok || store.value.files.some(({ format }) => format === "system")) continue;
    const own = new Set(paths.get(name));
    // one file may be read under several names
    const same = new Set(
      estate.truststores
        .filter((each) => each.name === name || each.paths.some((path) => own.has(path)))
        .map((each) => each.name),
    );
    const clients = estate.clients.filter(
      (client) => client.peerCheck !== "none" && client.truststores.some((each) => same.has(each)),
    );
    if (clients.length === 0 || [...same].some((each) => readElsewhere.has(each))) continue;
    const needed = needs.of(clients);
    if (needed === null) continue;
    const [first] = needed.unknown;
    if (first !== undefined) {
      const message = `Which anchors of ${name} are needed is not told: ${counted(needed.unknown.length, "link")} of its clients could not be judged (${first.client} to ${first.endpoint}${needed.unknown.length > 1 ? " and others" : ""})`;
      untold.push({ truststore: name, message });
      continue;
    }
    const entries = anchorsOf(store.value, clients);
    const superfluous = superfluousOf(entries, needed);
    if (superfluous.length > 0)
      unused.push({ truststore: name, finding: findingFor(name, superfluous, entries.length) });
  }
  return { unused, untold };
}

/** Names of the truststores that the daemon itself reads, for its notifiers and its listener. */
export const storesOfOthers = ({ notifiers, http }: Estate): ReadonlySet<string> =>
  new Set([
    ...notifiers.flatMap((notifier) =>
      "truststore" in notifier ? [notifier.truststore].flat().filter((each) => each !== null) : [],
    ),
    ...(http.clientAuth === null ? [] : [http.clientAuth.truststore]),
  ]);

/** What at least one of the clients takes for an anchor. */
function anchorsOf(store: Truststore, clients: Estate["clients"]): readonly StoreEntry[] {
  const families = new Set(clients.map(({ profile }) => profileOf(profile).storeFamily));
  const anchors = new Map<string, StoreEntry>();
  for (const family of families)
    for (const entry of anchorsFor(store, family).anchors)
      if (entry.kind.kind === "certificate") anchors.set(entry.sha256, entry);
  return [...anchors.values()];
}

function superfluousOf(
  entries: readonly StoreEntry[],
  { used, wanted }: Needs,
): readonly StoreEntry[] {
  const names = new Set(wanted);
  for (let size = -1; size !== names.size;) {
    size = names.size;
    for (const { certificate } of entries)
      if (certificate.ok && names.has(certificate.value.subject.text))
        names.add(certificate.value.issuer.text);
  }
  return entries.filter(
    ({ sha256, certificate }) =>
      certificate.ok && !used.has(sha256) && !names.has(certificate.value.subject.text),
  );
}

/** Most anchors that are named; a store of public CAs has more than a hundred. */
const MAX_NAMED = 6;

function findingFor(
  store: string,
  superfluous: readonly StoreEntry[],
  total: number,
): UnusedAnchors["finding"] {
  const named = superfluous.slice(0, MAX_NAMED);
  const names = named.map(({ alias, certificate }) => {
    const subject = certificate.ok ? shortName(certificate.value.subject) : "a certificate";
    return alias === null ? subject : `${subject} ("${alias}")`;
  });
  const rest = superfluous.length - named.length;
  const list = rest === 0 ? names.join(", ") : `${names.join(", ")} and ${rest} more`;
  const all = superfluous.length === total;
  const count = all ? `None of the ${counted(total, "anchor")}` : `Of ${counted(total, "anchor")}`;
  const removed = named.map(({ alias, sha256 }) => JSON.stringify(alias ?? sha256));
  return {
    code: "truststore.anchor-unused",
    severity: "info",
    summary: all
      ? `${count} of ${store} is needed by a link of the estate: ${list}`
      : `${count} of ${store} ${superfluous.length} ${superfluous.length === 1 ? "is" : "are"} needed by no link of the estate: ${list}`,
    remedy: [
      `Ask the owners of the clients whether they dial anything that is not in the estate`,
      `Let a plan with the change { truststore: ${JSON.stringify(store)}, remove: [${removed.join(", ")}] } show that no link needs ${superfluous.length === 1 ? "it" : "them"}:`,
      "anchorwatch whatif plan.yaml",
    ],
  };
}
