import type { Profile } from "../trust/profile.ts";
import { anchorsFor } from "../truststore/anchors.ts";
import type { Truststore } from "../truststore/truststore.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { NamedTruststore } from "./assessment.ts";
import type { LocatedAnchor, StoreFacts } from "./situation.ts";

/** Where a truststore lies and what it is, for remedies. */
export function storeFacts(
  { name, passwordSpec = null }: Pick<NamedTruststore, "name" | "passwordSpec">,
  store: Truststore,
): StoreFacts {
  const [first] = store.files;
  const path = store.files.length === 1 ? (first?.path ?? null) : null;
  const isJavaStore = first !== undefined && ["jks", "jceks", "pkcs12"].includes(first.format);
  const needsPassword = store.files.some(({ flavour }) => flavour.encryption.length > 0);
  const isSystemStore = first?.format === "system";
  const files = store.files.flatMap((file) => file.path ?? []);
  const format = first?.format ?? null;
  return { name, path, files, format, passwordSpec, isJavaStore, isSystemStore, needsPassword };
}

/** The anchors that one kind of client sees in the stores that could be read, each with its place. */
export function locatedAnchors(
  stores: readonly NamedTruststore[],
  family: Profile["storeFamily"],
): readonly LocatedAnchor[] {
  return stores.flatMap((named) => {
    const { store } = named;
    if (!store.ok) return [];
    const facts = storeFacts(named, store.value);
    const files = new Map(
      store.value.files.flatMap(({ path, entries }) => entries.map((entry) => [entry, path])),
    );
    return anchorsFor(store.value, family).anchors.flatMap((entry) => {
      const { alias, certificate } = entry;
      if (!certificate.ok) return [];
      const file = files.get(entry) ?? null;
      return [{ certificate: certificate.value, store: facts, file, alias }];
    });
  });
}

const memory = new WeakMap<readonly NamedTruststore[], Map<string, readonly LocatedAnchor[]>>();

/** As locatedAnchors, computed once per list of stores and family: verdicts index anchors by identity of the array. */
export function anchorsOnce(
  stores: readonly NamedTruststore[],
  family: Profile["storeFamily"],
): readonly LocatedAnchor[] {
  let known = memory.get(stores);
  if (known === undefined) {
    known = new Map();
    memory.set(stores, known);
  }
  let anchors = known.get(family);
  if (anchors === undefined) {
    anchors = locatedAnchors(stores, family);
    known.set(family, anchors);
  }
  return anchors;
}

const certificateLists = new WeakMap<readonly LocatedAnchor[], readonly Certificate[]>();

/** The certificates of located anchors; the same list gives the same array. */
export function certificatesOf(anchors: readonly LocatedAnchor[]): readonly Certificate[] {
  let list = certificateLists.get(anchors);
  if (list === undefined) {
    list = anchors.map(({ certificate }) => certificate);
    certificateLists.set(anchors, list);
  }
  return list;
}
