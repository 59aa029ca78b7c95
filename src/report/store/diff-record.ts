import type {
  HeldCertificate,
  StoreChange,
  StoreComparison,
} from "../../truststore/compare-stores.ts";
import type { StoreFile } from "../../truststore/truststore.ts";
import type { StoreFamily } from "../../truststore/visibility.ts";
import { timeText } from "../time-text.ts";

/** A certificate on one side of a difference. */
export interface DiffSideRecord {
  readonly sha256: string;
  readonly aliases: readonly string[];
  readonly subject: string | null;
  readonly issuer: string | null;
  readonly serialNumber: string | null;
  readonly notBefore: string | null;
  readonly notAfter: string | null;
  readonly anchorFor: readonly StoreFamily[];
}

/** One difference as it leaves the program; also a line of `store diff --format ndjson`. */
export interface DiffRecord {
  readonly change: StoreChange["kind"];
  readonly summary: string;
  /** Null for what was added. */
  readonly before: DiffSideRecord | null;
  /** Null for what was removed. */
  readonly after: DiffSideRecord | null;
  /** For what was added or removed: whether a certificate of the same name and key, or of the same name, is in both. */
  readonly beside: "same-key" | "other-key" | null;
  /** Clients for which the certificate became an anchor. */
  readonly gained: readonly StoreFamily[];
  /** Clients for which it ceased to be one. */
  readonly lost: readonly StoreFamily[];
}

/** The document of `store diff --format json`. */
export interface DiffDocument {
  readonly before: { readonly path: string | null; readonly format: string };
  readonly after: { readonly path: string | null; readonly format: string };
  readonly changes: readonly DiffRecord[];
  readonly unchanged: number;
  readonly exitCode: number;
}

/** The machine-readable form of a comparison. */
export function diffDocument(
  before: StoreFile,
  after: StoreFile,
  { changes, unchanged }: StoreComparison,
  exitCode: number,
): DiffDocument {
  return {
    before: { path: before.path, format: before.format },
    after: { path: after.path, format: after.format },
    changes: changes.map(diffRecord),
    unchanged,
    exitCode,
  };
}

/** The machine-readable form of one difference. */
export function diffRecord(change: StoreChange): DiffRecord {
  const before = change.kind === "added" ? null : change.before;
  const after = change.kind === "removed" ? null : change.after;
  const sees = (held: HeldCertificate | null): readonly StoreFamily[] => held?.anchorFor ?? [];
  return {
    change: change.kind,
    summary: changeSummary(change),
    before: before === null ? null : sideRecord(before),
    after: after === null ? null : sideRecord(after),
    beside: change.kind === "added" || change.kind === "removed" ? change.beside : null,
    gained: sees(after).filter((family) => !sees(before).includes(family)),
    lost: sees(before).filter((family) => !sees(after).includes(family)),
  };
}

function sideRecord({ sha256, aliases, entry, anchorFor }: HeldCertificate): DiffSideRecord {
  const certificate = entry.certificate.ok ? entry.certificate.value : null;
  return {
    sha256,
    aliases,
    subject: certificate?.subject.text ?? null,
    issuer: certificate?.issuer.text ?? null,
    serialNumber: certificate?.serialNumber ?? null,
    notBefore: certificate === null ? null : timeText(certificate.notBefore),
    notAfter: certificate === null ? null : timeText(certificate.notAfter),
    anchorFor,
  };
}

/** One sentence about a difference, without the certificate's name. */
export function changeSummary(change: StoreChange): string {
  switch (change.kind) {
    case "added":
      return change.beside === null
        ? "Added"
        : change.beside === "same-key"
          ? "Added beside another certificate of the same name and key, which stays"
          : "Added beside a certificate of the same name with another key, which stays";
    case "removed":
      return change.beside === null
        ? "Removed"
        : change.beside === "same-key"
          ? "Removed; another certificate of the same name and key stays"
          : "Removed; a certificate of the same name with another key stays";
    case "reissued":
      return "Re-issued: same name and key in a new certificate; what it signed stays valid";
    case "rekeyed":
      return "Re-keyed: same name, another key; what the old key signed is not trusted any more";
    case "renamed":
      return "Renamed: same certificate under other aliases";
    case "visibility":
      return "Seen by other clients than before";
  }
}
