import { IGNORED_WORDS } from "../../diagnosis/visibility-words.ts";
import type { StoreEntry } from "../../truststore/truststore.ts";
import {
  type InvisibleReason,
  STORE_FAMILIES,
  type StoreFamily,
} from "../../truststore/visibility.ts";

/** Kinds of clients as people call them. */
export const FAMILY_NAMES: Readonly<Record<StoreFamily, string>> = {
  java: "Java",
  openssl: "OpenSSL",
  go: "Go",
  nodejs: "Node.js",
  gskit: "GSKit",
  dotnet: ".NET",
  nss: "NSS",
};

/** `Java, Go and NSS`. */
export function familyList(families: readonly StoreFamily[]): string {
  const names = families.map((family) => FAMILY_NAMES[family]);
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}

/** For whom an entry is an anchor, and for whom not and why: one part of a sentence each. */
export function anchorWords({ visibleTo }: StoreEntry): readonly string[] {
  const hidden = new Map<InvisibleReason, StoreFamily[]>();
  const seeing: StoreFamily[] = [];
  for (const family of STORE_FAMILIES) {
    const visibility = visibleTo[family];
    if (visibility.visible) seeing.push(family);
    else hidden.set(visibility.reason, [...(hidden.get(visibility.reason) ?? []), family]);
  }
  if (hidden.size === 0) return ["for all clients"];
  const refusals = [...hidden].map(([reason, families]) =>
    families.length === STORE_FAMILIES.length
      ? `for no client: ${IGNORED_WORDS[reason]}`
      : `not for ${familyList(families)}: ${IGNORED_WORDS[reason]}`,
  );
  return [...(seeing.length === 0 ? [] : [`for ${familyList(seeing)}`]), ...refusals];
}
