import type { StoreEntry, Truststore } from "./truststore.ts";
import type { InvisibleReason, StoreFamily } from "./visibility.ts";

/** Why an entry is no anchor for a family of clients. */
export type IgnoredReason =
  | InvisibleReason
  /** The same certificate is an anchor already. */
  | "duplicate";

/** An entry that is no anchor, and why. */
export interface IgnoredEntry {
  readonly entry: StoreEntry;
  readonly reason: IgnoredReason;
}

/** The anchors of one store for one family of clients. */
export interface AnchorSelection {
  /** Readable certificates, each once, in file order. */
  readonly anchors: readonly StoreEntry[];
  readonly ignored: readonly IgnoredEntry[];
}

const selections = new WeakMap<Truststore, Map<StoreFamily, AnchorSelection>>();

/**
 * Picks the certificates at which a client lets a path end, by the rules in `visibility.ts`; once for each store and
 * family, because every verdict asks for them.
 */
export function anchorsFor(store: Truststore, family: StoreFamily): AnchorSelection {
  const known = selections.get(store) ?? new Map<StoreFamily, AnchorSelection>();
  selections.set(store, known);
  let selection = known.get(family);
  if (selection === undefined) known.set(family, (selection = select(store, family)));
  return selection;
}

function select(store: Truststore, family: StoreFamily): AnchorSelection {
  const anchors = new Map<string, StoreEntry>();
  const ignored: IgnoredEntry[] = [];
  for (const { entries } of store.files)
    for (const entry of entries) {
      const visibility = entry.visibleTo[family];
      if (!visibility.visible) ignored.push({ entry, reason: visibility.reason });
      else if (anchors.has(entry.sha256)) ignored.push({ entry, reason: "duplicate" });
      else anchors.set(entry.sha256, entry);
    }
  return { anchors: [...anchors.values()], ignored };
}
