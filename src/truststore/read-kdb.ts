import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { fail, ok, type Result } from "../x509/result.ts";
import { pkcs12Refusal } from "./java-der-words.ts";
import { type Kdb, type KdbRecord, readKdb } from "./kdb-records.ts";
import { buildEntries, unreadableCertificates } from "./store-entry.ts";
import { type StoreError, storeError, StoreFault } from "./store-error.ts";
import type { ReadOptions } from "./store-reader.ts";
import { NOTHING_SKIPPED, type StoreFile, type StoreMac } from "./truststore.ts";

const MAC_NAMES: Readonly<Record<Kdb["version"], string>> = {
  3: "MD5 keyed digest",
  4: "HMAC-SHA-1",
  6: "HMAC-SHA-384",
};

/**
 * Reads an IBM CMS key database (GSKit, IBM HTTP Server, plug-ins). Certificates are readable without password; with a
 * wrong one they are returned with integrity `wrong`.
 */
// Not async: nothing waits, and an async body would only turn results into promises one tick later.
export function readKeyDatabase(
  bytes: Uint8Array,
  { password }: ReadOptions,
): Promise<Result<StoreFile, StoreError>> {
  const javaMessage = pkcs12Refusal(bytes);
  try {
    const kdb = readKdb(bytes);
    if (kdb.content === "keys") return Promise.resolve(ok(assemble(bytes, kdb, password)));
    return Promise.resolve(fail({ ...withoutSigners(kdb), javaMessage }));
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
    return Promise.resolve(fail({ ...error.error, format: "cms-kdb", javaMessage }));
  }
}

function withoutSigners({ content, records }: Kdb): StoreError {
  const what =
    content === "requests"
      ? `a request database (.rdb) with ${records.length} certificate requests`
      : "a database of revoked certificates (.crl)";
  return storeError("no-certificate", `The file is ${what}; it holds no trust anchor`, {
    format: "cms-kdb",
    remedy: ["Name the key database (.kdb) beside it instead"],
  });
}

/** Whether the password verifier and the integrity value fit. */
interface Verification {
  readonly password: boolean;
  readonly integrity: boolean;
}

function verify(kdb: Kdb, password: string): Verification {
  const { version, head, verifier, integrity, slots } = kdb;
  const key = Buffer.from(password, "utf8");
  const compute = (...parts: readonly Uint8Array[]): Uint8Array => {
    const text = Buffer.concat(parts);
    switch (version) {
      case 3:
        return createHash("md5").update(text).update(key).digest();
      case 4:
        return createHmac("sha1", key).update(text).digest();
      case 6:
        return createHmac("sha384", key).update(text).digest();
    }
  };
  return {
    password: timingSafeEqual(verifier, compute(head)),
    integrity: timingSafeEqual(integrity, compute(head, verifier, slots)),
  };
}

function assemble(bytes: Uint8Array, kdb: Kdb, password: string | null): StoreFile {
  const { version, head, verifier, integrity, slots, records } = kdb;
  const entries = buildEntries(
    records.flatMap(({ kind, der, label, trusted }) =>
      der === null
        ? []
        : [
            {
              der,
              alias: label,
              date: null,
              kind:
                kind === "personal"
                  ? { kind: "key" as const, position: 0 }
                  : { kind: "certificate" as const },
              javaReason: null,
              mark: trusted || kind === "personal" ? null : ("not-flagged-trusted" as const),
            },
          ],
    ),
    "cms-kdb",
  );
  const count = (wanted: KdbRecord["kind"]): number =>
    records.filter(({ kind }) => kind === wanted).length;
  const covered = head.length + verifier.length + integrity.length + slots.length;
  const trailing = bytes.length - covered;
  return {
    path: null,
    format: "cms-kdb",
    flavour: {
      summary: `IBM CMS key database version ${version}, certificates in the clear, ${MAC_NAMES[version]}`,
      version,
      encryption: [],
      mac: macOf(version),
    },
    ...integrityOf(kdb, password),
    entries,
    skipped: {
      ...NOTHING_SKIPPED,
      privateKeys: count("personal"),
      secretKeys: count("secret"),
      requests: count("request"),
      other: count("other"),
    },
    anomalies: [
      ...unreadableCertificates(entries),
      ...(trailing > 0
        ? [
            {
              code: "trailing-bytes" as const,
              message: `${trailing} bytes follow the last slot of the key database`,
            },
          ]
        : []),
    ],
    java: { opens: false, message: pkcs12Refusal(bytes) },
  };
}

function macOf(version: Kdb["version"]): StoreMac {
  return { algorithm: MAC_NAMES[version], keyDerivation: null, iterations: null };
}

function integrityOf(kdb: Kdb, password: string | null): Pick<StoreFile, "integrity" | "message"> {
  if (password === null)
    return {
      integrity: "unchecked",
      message: "No password was given: the integrity of the file is unchecked",
    };
  const fits = verify(kdb, password);
  if (fits.password && fits.integrity) return { integrity: "ok", message: null };
  // What native version 3 files hold in place of the integrity value is not known.
  if (fits.password && kdb.version === 3)
    return {
      integrity: "unchecked",
      message:
        "The password is right; the integrity value of key databases of version 3 cannot be checked",
    };
  return {
    integrity: "wrong",
    message: fits.password
      ? "The password is right, but the file was changed: the certificates below are not authenticated"
      : "The password is wrong: the certificates below are not authenticated (GSKit reports error 408)",
  };
}
