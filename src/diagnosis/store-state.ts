import type { Profile } from "../trust/profile.ts";
import type { RelyingParty } from "./assessment.ts";
import { anchorsOnce } from "./client-stores.ts";
import type { Finding } from "./finding.ts";
import type { LocatedAnchor } from "./situation.ts";

/**
 * What becomes of a client's truststores: they are `read`; `repaired`: it sees none of their certificates, and what is
 * said supposes that it does; `unknown`: they cannot be loaded, so that nobody knows what they hold.
 */
export type StoreState = "read" | "repaired" | "unknown";

/**
 * The anchors to judge with. Where the client sees none of the certificates in its stores, those that are in them: what
 * is wrong besides shows only once that is repaired.
 */
export function usableAnchors(
  { truststores }: RelyingParty,
  { storeFamily }: Profile,
  aboutStores: readonly Finding[],
): { readonly state: StoreState; readonly anchors: readonly LocatedAnchor[] } {
  if (truststores.some(({ store }) => !store.ok)) return { state: "unknown", anchors: NOTHING };
  const isBlind = aboutStores.some(
    ({ code, severity }) => code.startsWith("truststore.") && severity === "critical",
  );
  if (!isBlind) return { state: "read", anchors: anchorsOnce(truststores, storeFamily) };
  const held = anchorsOnce(truststores, "openssl");
  return held.length === 0
    ? { state: "unknown", anchors: NOTHING }
    : { state: "repaired", anchors: held };
}

/** One list for all: verdicts index anchors by identity of the array. */
const NOTHING: readonly LocatedAnchor[] = [];
