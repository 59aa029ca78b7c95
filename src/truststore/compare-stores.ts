import type { Certificate } from "../x509/certificate.ts";
import { hex } from "../x509/der-values.ts";
import { canonicalName } from "../x509/name.ts";
import { foldAlias } from "./aliases.ts";
import type { StoreEntry, StoreFile } from "./truststore.ts";
import { STORE_FAMILIES, type StoreFamily } from "./visibility.ts";

/** One certificate of a store with everything that the store's entries say about it. */
export interface HeldCertificate {
  readonly sha256: string;
  /** The first entry with it. */
  readonly entry: StoreEntry;
  /** Names under which the store holds it, in file order. */
  readonly aliases: readonly string[];
  /** Clients that take it as an anchor. */
  readonly anchorFor: readonly StoreFamily[];
}

/** How an added or removed certificate relates to one that both stores hold. */
export type Kinship =
  /** Same name and key: another issue of it. */
  | "same-key"
  /** Same name, other key. */
  | "other-key";

/** One difference between two stores. */
export type StoreChange =
  | { readonly kind: "added"; readonly after: HeldCertificate; readonly beside: Kinship | null }
  | { readonly kind: "removed"; readonly before: HeldCertificate; readonly beside: Kinship | null }
  /** Same name and key in another certificate: new dates, serial number or extensions. */
  | { readonly kind: "reissued"; readonly before: HeldCertificate; readonly after: HeldCertificate }
  /** Same name, another key. */
  | { readonly kind: "rekeyed"; readonly before: HeldCertificate; readonly after: HeldCertificate }
  /** Same certificate under other aliases. */
  | { readonly kind: "renamed"; readonly before: HeldCertificate; readonly after: HeldCertificate }
  /** Same certificate, an anchor for other clients than before. */
  | {
      readonly kind: "visibility";
      readonly before: HeldCertificate;
      readonly after: HeldCertificate;
      readonly gained: readonly StoreFamily[];
      readonly lost: readonly StoreFamily[];
    };

/** What differs between two stores. */
export interface StoreComparison {
  readonly changes: readonly StoreChange[];
  /** Certificates that both hold with the same aliases and for the same clients. */
  readonly unchanged: number;
}

/**
 * Compares what two stores hold by certificate, then by name and key, so that a renewed CA is told from a new one.
 * Order, entry dates, format and password play no part; aliases do where both formats have them.
 */
export function compareStores(before: StoreFile, after: StoreFile): StoreComparison {
  const old = heldCertificates(before.entries);
  const now = heldCertificates(after.entries);
  const kept = [...old.values()].flatMap((held) => {
    const match = now.get(held.sha256);
    return match === undefined ? [] : [{ before: held, after: match }];
  });
  const gone = [...old.values()].filter(({ sha256 }) => !now.has(sha256));
  const come = [...now.values()].filter(({ sha256 }) => !old.has(sha256));
  const reissued = pairs(gone, come, nameAndKey);
  const restGone = without(gone, reissued, "before");
  const restCome = without(come, reissued, "after");
  const rekeyed = pairs(restGone, restCome, nameOf);
  const stay = kinOf(kept.map((pair) => pair.after));
  const own = kept.map((pair) => ownChanges(pair.before, pair.after));
  return {
    changes: [
      ...without(restCome, rekeyed, "after").map((held) => ({
        kind: "added" as const,
        after: held,
        beside: stay(held),
      })),
      ...without(restGone, rekeyed, "before").map((held) => ({
        kind: "removed" as const,
        before: held,
        beside: stay(held),
      })),
      ...reissued.map((pair) => ({ kind: "reissued" as const, ...pair })),
      ...rekeyed.map((pair) => ({ kind: "rekeyed" as const, ...pair })),
      ...own.flat(),
    ],
    unchanged: own.filter((changes) => changes.length === 0).length,
  };
}

/** The distinct certificates of a store in file order, by SHA-256. */
export function heldCertificates(
  entries: readonly StoreEntry[],
): ReadonlyMap<string, HeldCertificate> {
  const groups = new Map<string, StoreEntry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.sha256);
    if (group === undefined) groups.set(entry.sha256, [entry]);
    else group.push(entry);
  }
  const held = new Map<string, HeldCertificate>();
  for (const [sha256, group] of groups) {
    const [entry] = group;
    if (entry === undefined) continue;
    held.set(sha256, {
      sha256,
      entry,
      aliases: group.flatMap(({ alias }) => (alias === null ? [] : [alias])),
      anchorFor: STORE_FAMILIES.filter((family) =>
        group.some(({ visibleTo }) => visibleTo[family].visible),
      ),
    });
  }
  return held;
}

interface Pair {
  readonly before: HeldCertificate;
  readonly after: HeldCertificate;
}

function without(
  list: readonly HeldCertificate[],
  paired: readonly Pair[],
  side: keyof Pair,
): readonly HeldCertificate[] {
  const taken = new Set(paired.map((pair) => pair[side]));
  return list.filter((held) => !taken.has(held));
}

/** Pairs certificates with the same key, the earliest ending of both sides first. */
function pairs(
  gone: readonly HeldCertificate[],
  come: readonly HeldCertificate[],
  keyOf: (certificate: Certificate) => string,
): readonly Pair[] {
  const waiting = new Map<string, HeldCertificate[]>();
  for (const held of byEnd(come)) {
    const key = keyOfHeld(held, keyOf);
    if (key === null) continue;
    const list = waiting.get(key);
    if (list === undefined) waiting.set(key, [held]);
    else list.push(held);
  }
  return byEnd(gone).flatMap((before) => {
    const key = keyOfHeld(before, keyOf);
    const after = key === null ? undefined : waiting.get(key)?.shift();
    return after === undefined ? [] : [{ before, after }];
  });
}

function byEnd(list: readonly HeldCertificate[]): readonly HeldCertificate[] {
  return list.toSorted((a, b) => endOf(a) - endOf(b));
}

function endOf({ entry: { certificate } }: HeldCertificate): number {
  return certificate.ok ? certificate.value.notAfter : 0;
}

function keyOfHeld(
  { entry: { certificate } }: HeldCertificate,
  keyOf: (certificate: Certificate) => string,
): string | null {
  return certificate.ok ? keyOf(certificate.value) : null;
}

function nameOf({ subject }: Certificate): string {
  return canonicalName(subject, "openssl");
}

function nameAndKey(certificate: Certificate): string {
  return `${hex(certificate.spki)} ${nameOf(certificate)}`;
}

function kinOf(kept: readonly HeldCertificate[]): (held: HeldCertificate) => Kinship | null {
  const keysByName = new Map<string, Set<string>>();
  for (const { entry } of kept) {
    if (!entry.certificate.ok) continue;
    const name = nameOf(entry.certificate.value);
    const keys = keysByName.get(name) ?? new Set();
    keysByName.set(name, keys.add(hex(entry.certificate.value.spki)));
  }
  return ({ entry: { certificate } }) => {
    if (!certificate.ok) return null;
    const keys = keysByName.get(nameOf(certificate.value));
    if (keys === undefined) return null;
    return keys.has(hex(certificate.value.spki)) ? "same-key" : "other-key";
  };
}

/** What differs about a certificate that both stores hold. */
function ownChanges(before: HeldCertificate, after: HeldCertificate): readonly StoreChange[] {
  const gained = after.anchorFor.filter((family) => !before.anchorFor.includes(family));
  const lost = before.anchorFor.filter((family) => !after.anchorFor.includes(family));
  const named = before.aliases.length > 0 && after.aliases.length > 0;
  return [
    ...(named && aliasText(before) !== aliasText(after)
      ? [{ kind: "renamed" as const, before, after }]
      : []),
    ...(gained.length + lost.length > 0
      ? [{ kind: "visibility" as const, before, after, gained, lost }]
      : []),
  ];
}

function aliasText({ aliases }: HeldCertificate): string {
  return JSON.stringify(aliases.map(foldAlias).toSorted());
}
