import { hash } from "node:crypto";
import { hex, utf8 } from "../x509/der-values.ts";
import { fail, ok, type Result } from "../x509/result.ts";
import { pkcs12Refusal } from "./java-der-words.ts";
import { MAX_ENTRIES } from "./limits.ts";
import { readSqliteTable, type SqliteTable, type SqliteValue } from "./sqlite-table.ts";
import { buildEntries, type FoundCertificate, unreadableCertificates } from "./store-entry.ts";
import { type StoreError, storeError, StoreFault } from "./store-error.ts";
import { NOTHING_SKIPPED, type StoreFile } from "./truststore.ts";
import type { VisibilityFacts } from "./visibility.ts";

/** Attributes of PKCS#11 as NSS names the columns of its tables: `a`, and the number in hexadecimal. */
const Column = {
  class: "a0",
  label: "a3",
  value: "a11",
  issuer: "a81",
  serialNumber: "a82",
  serverTrust: "ace536358",
  sha1: "ace5363b4",
} as const;

/** Classes of objects: CKO_CERTIFICATE, CKO_NSS_TRUST, CKO_NSS_CRL. */
const CERTIFICATE = "00000001";
const TRUST = "ce534353";
const REVOCATION_LIST = "ce534351";

/** What stands for an attribute without value. */
const EXPLICIT_NULL = "a5005a";

/** Trust for servers (CKT_NSS_…): trusted delegator is a `C` in certutil's first flag, trusted a `P`, not trusted a `p`. */
const TRUSTED_DELEGATOR = "ce534352";
const TRUSTED_PEER = "ce534351";
const NOT_TRUSTED = "ce53435a";

/** Whether the header says that changes are written to a log beside the file first. */
const WRITE_AHEAD = 2;

/**
 * Reads a certificate database of NSS (`cert9.db`: Firefox, directory servers, curl on some systems). Certificates and
 * their trust are in the clear; what authenticates them lies in `key4.db` beside it and is not checked.
 */
// Not async: nothing waits, and an async body would only turn results into promises one tick later.
export function readNss(bytes: Uint8Array): Promise<Result<StoreFile, StoreError>> {
  const javaMessage = pkcs12Refusal(bytes);
  try {
    const table = readSqliteTable(bytes, "nssPublic");
    if (table === null)
      return Promise.resolve(
        fail(
          storeError(
            "unknown-format",
            "The file is an SQLite database without table nssPublic; the cert9.db of NSS was expected",
            { format: "nss", javaMessage, remedy: ["Name the cert9.db of the NSS database"] },
          ),
        ),
      );
    return Promise.resolve(ok(assemble(table, bytes, javaMessage)));
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
    return Promise.resolve(fail({ ...error.error, format: "nss", javaMessage }));
  }
}

/** A row, with its values by column. */
type NssObject = (column: (typeof Column)[keyof typeof Column]) => Uint8Array | null;

function objectsOf({ columns, rows }: SqliteTable): readonly NssObject[] {
  const places = new Map(columns.map((name, place) => [name, place]));
  return rows.map((row) => (column) => {
    const place = places.get(column);
    const value: SqliteValue = place === undefined ? null : (row[place] ?? null);
    return value instanceof Uint8Array && hex(value) !== EXPLICIT_NULL ? value : null;
  });
}

const classOf = (object: NssObject): string => hex(object(Column.class) ?? new Uint8Array(0));

function assemble(table: SqliteTable, bytes: Uint8Array, javaMessage: string): StoreFile {
  const objects = objectsOf(table);
  const trust = trustByCertificate(objects.filter((object) => classOf(object) === TRUST));
  const certificates = objects.filter((object) => classOf(object) === CERTIFICATE);
  if (certificates.length > MAX_ENTRIES)
    throw new StoreFault(
      "too-many-entries",
      `The database holds ${certificates.length} certificates; at most ${MAX_ENTRIES} are read`,
    );
  const entries = buildEntries(
    certificates.flatMap((object) => foundCertificate(object, trust)),
    "nss",
  );
  return {
    path: null,
    format: "nss",
    flavour: {
      summary: "NSS database, certificates in the clear, trust authenticated by key4.db",
      version: 9,
      encryption: [],
      mac: null,
    },
    integrity: "unchecked",
    entries,
    skipped: {
      ...NOTHING_SKIPPED,
      revocationLists: objects.filter((object) => classOf(object) === REVOCATION_LIST).length,
    },
    anomalies: unreadableCertificates(entries),
    java: { opens: false, message: javaMessage },
    message:
      bytes[18] === WRITE_AHEAD
        ? "Changes that are still in cert9.db-wal are not seen; close the program that uses the database"
        : null,
  };
}

/** Trust for servers by the SHA-1 fingerprint, and by issuer and serial number, of the certificate it belongs to. */
function trustByCertificate(objects: readonly NssObject[]): ReadonlyMap<string, string> {
  const trust = new Map<string, string>();
  for (const object of objects) {
    const server = hex(object(Column.serverTrust) ?? new Uint8Array(0));
    const sha1 = object(Column.sha1);
    if (sha1 !== null) trust.set(hex(sha1), server);
    else trust.set(nameAndNumber(object), server);
  }
  return trust;
}

function nameAndNumber(object: NssObject): string {
  const part = (column: typeof Column.issuer | typeof Column.serialNumber): string =>
    hex(object(column) ?? new Uint8Array(0));
  return `${part(Column.issuer)} ${part(Column.serialNumber)}`;
}

function foundCertificate(
  object: NssObject,
  trust: ReadonlyMap<string, string>,
): readonly FoundCertificate[] {
  const der = object(Column.value);
  if (der === null) return [];
  const label = object(Column.label);
  const server = trust.get(hash("sha1", der, "hex")) ?? trust.get(nameAndNumber(object));
  return [
    {
      der,
      alias: label === null ? null : utf8(label),
      date: null,
      kind: { kind: "certificate" },
      javaReason: null,
      mark: markOf(server),
    },
  ];
}

function markOf(server: string | undefined): VisibilityFacts["mark"] {
  switch (server) {
    case TRUSTED_DELEGATOR:
      return null;
    case TRUSTED_PEER:
      return "trusted-peer-only";
    case NOT_TRUSTED:
      return "distrusted";
    default:
      return "not-flagged-trusted";
  }
}
