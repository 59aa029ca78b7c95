import { hash } from "node:crypto";
import { internCertificate } from "../../x509/certificate-cache.ts";
import type { Effect } from "./step.ts";

/** A certificate that a step brings or takes away. */
export interface StepCertificate {
  readonly role: "served" | "added" | "removed";
  readonly sha256: string;
  /** Null, as the following, when the certificate cannot be read. */
  readonly subject: string | null;
  readonly issuer: string | null;
  /** Milliseconds since 1970. */
  readonly notBefore: number | null;
  /** Milliseconds since 1970. */
  readonly notAfter: number | null;
}

/** Most certificates of one step that are told: a whole store may take the place of another. */
const MAX_TOLD = 50;

/** The certificates of a step, as far as they are told. */
export function certificatesOf(effect: Effect): readonly StepCertificate[] {
  switch (effect.kind) {
    case "endpoint":
      return described("served", effect.chain?.certificates ?? []);
    case "store-add":
      return described("added", ders(effect.entries));
    case "store-remove":
      return described("removed", ders(effect.entries));
    case "store-flags":
      return described(effect.isAnchor ? "added" : "removed", [effect.entry.der]);
    case "store-replace": {
      const [before, after] = [byPrint(effect.before), byPrint(effect.store)];
      return [
        ...described("added", without(after, before)),
        ...described("removed", without(before, after)),
      ];
    }
    case "client":
      return [];
  }
}

type Store = Extract<Effect, { kind: "store-replace" }>["store"];

const byPrint = (store: Store): ReadonlyMap<string, Uint8Array> =>
  new Map(
    (store.ok ? store.value.files : []).flatMap(({ entries }) =>
      entries.map(({ sha256, der }) => [sha256, der] as const),
    ),
  );

const without = (
  some: ReadonlyMap<string, Uint8Array>,
  others: ReadonlyMap<string, Uint8Array>,
): readonly Uint8Array[] => [...some].flatMap(([sha256, der]) => (others.has(sha256) ? [] : [der]));

const ders = (entries: Iterable<{ readonly der: Uint8Array }>): readonly Uint8Array[] =>
  [...entries].map(({ der }) => der);

const described = (
  role: StepCertificate["role"],
  certificates: readonly Uint8Array[],
): readonly StepCertificate[] =>
  certificates.slice(0, MAX_TOLD).map((der): StepCertificate => {
    const read = internCertificate(der);
    if (!read.ok)
      return {
        role,
        sha256: hash("sha256", der, "hex"),
        subject: null,
        issuer: null,
        notBefore: null,
        notAfter: null,
      };
    const { sha256, subject, issuer, notBefore, notAfter } = read.value;
    return { role, sha256, subject: subject.text, issuer: issuer.text, notBefore, notAfter };
  });
