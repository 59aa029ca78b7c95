import type { NamedTruststore } from "../diagnosis/assessment.ts";
import type { StoreError } from "../truststore/truststore.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { Inventory } from "./inventory.ts";

/** What there is to tell about a truststore of the estate. */
export interface TruststoreSummary {
  readonly name: string;
  readonly paths: readonly string[];
  /** Names of the clients that use it. */
  readonly clients: readonly string[];
  /** Different certificates in it; null when it cannot be read. */
  readonly anchors: number | null;
  /** Milliseconds since 1970; null when it cannot be read or holds nothing. */
  readonly earliestExpiry: number | null;
  readonly error: StoreError | null;
}

/** Sums up the truststores of an inventory, in the order of the estate. */
export function summariseTruststores({
  estate,
  truststores,
}: Inventory): readonly TruststoreSummary[] {
  return truststores.map(({ name, store }) => {
    const certificates = certificatesOf(store);
    return {
      name,
      paths: estate.truststores.find((candidate) => candidate.name === name)?.paths ?? [],
      clients: estate.clients
        .filter((client) => client.truststores.includes(name))
        .map((client) => client.name),
      anchors: certificates?.length ?? null,
      earliestExpiry: certificates === null ? null : earliest(certificates),
      error: store.ok ? null : store.error,
    };
  });
}

function certificatesOf(store: NamedTruststore["store"]): readonly Certificate[] | null {
  if (!store.ok) return null;
  const different = new Map<string, Certificate>();
  for (const { entries } of store.value.files)
    for (const { kind, certificate } of entries)
      if (kind.kind === "certificate" && certificate.ok)
        different.set(certificate.value.sha256, certificate.value);
  return [...different.values()];
}

function earliest(certificates: readonly Certificate[]): number | null {
  let time: number | null = null;
  for (const { notAfter } of certificates) time = Math.min(time ?? notAfter, notAfter);
  return time;
}
