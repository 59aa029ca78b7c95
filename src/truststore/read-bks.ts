import { createHmac, timingSafeEqual } from "node:crypto";
import { fail, ok, type Result } from "../x509/result.ts";
import { BKS_MAC_BYTES, type BksContent, type BksEntry, readBksContent } from "./bks-entries.ts";
import { SHA_1 } from "./digests.ts";
import { WORDS } from "./java-words.ts";
import { MAX_ITERATIONS, MAX_PASSWORD_LENGTH } from "./limits.ts";
import { bmpPassword } from "./password-forms.ts";
import { derivePkcs12, KeyPurpose } from "./pkcs12-kdf.ts";
import { buildEntries, type FoundCertificate, unreadableCertificates } from "./store-entry.ts";
import { type StoreError, StoreFault } from "./store-error.ts";
import type { ReadOptions } from "./store-reader.ts";
import {
  type JavaLoading,
  NOTHING_SKIPPED,
  type StoreAnomaly,
  type StoreEntry,
  type StoreFile,
} from "./truststore.ts";

/** Octets of the HMAC key in versions 0 and 1, which took bits for octets (CVE-2018-5382), and in version 2. */
const KEY_OCTETS = { short: 2, full: 20 } as const;

/**
 * Reads a BouncyCastle keystore of type BKS, versions 0 to 2. Certificates are readable without password; with a wrong
 * one they are returned with integrity `wrong`.
 */
export async function readBks(
  bytes: Uint8Array,
  { password }: ReadOptions,
): Promise<Result<StoreFile, StoreError>> {
  try {
    const content = readBksContent(bytes);
    return ok(assemble(bytes, content, await checkIntegrity(bytes, content, password)));
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
    const javaMessage =
      error.error.code === "truncated" ? WORDS.endOfFile : error.error.javaMessage;
    return fail({ ...error.error, format: "bks", javaMessage });
  }
}

/** The HMAC with a key from the password; BouncyCastle takes the empty password for none. @throws {StoreFault} */
async function checkIntegrity(
  bytes: Uint8Array,
  { version, salt, iterations, authenticated, end }: BksContent,
  password: string | null,
): Promise<StoreFile["integrity"]> {
  if (password === null || password === "") return "unchecked";
  if (iterations > MAX_ITERATIONS)
    throw new StoreFault(
      "iterations-too-many",
      `The HMAC asks for ${iterations} iterations; at most ${MAX_ITERATIONS} are made`,
    );
  const expected = bytes.subarray(end, end + BKS_MAC_BYTES);
  if (expected.length < BKS_MAC_BYTES || password.length > MAX_PASSWORD_LENGTH) return "wrong";
  const key = await derivePkcs12({
    digest: SHA_1,
    purpose: KeyPurpose.mac,
    password: bmpPassword(password),
    salt,
    iterations,
    length: version === 2 ? KEY_OCTETS.full : KEY_OCTETS.short,
  });
  const actual = createHmac("sha1", key).update(authenticated).digest();
  return timingSafeEqual(actual, expected) ? "ok" : "wrong";
}

function assemble(
  bytes: Uint8Array,
  { version, iterations, entries, end }: BksContent,
  integrity: StoreFile["integrity"],
): StoreFile {
  const last = new Map(entries.map((entry) => [entry.alias, entry]));
  const isOverwritten = (entry: BksEntry): boolean => last.get(entry.alias) !== entry;
  const certificates = buildEntries(
    entries.flatMap((entry) => foundCertificates(entry, isOverwritten(entry))),
    "bks",
  );
  const anomalies: StoreAnomaly[] = [
    ...unreadableCertificates(certificates),
    ...entries.filter(isOverwritten).map(({ alias }) => ({
      code: "duplicate-alias" as const,
      message: `Alias '${alias}' occurs again further on; Java and keytool see the last entry only`,
    })),
  ];
  if (version < 2)
    anomalies.push({
      code: "weak-integrity",
      message: `BKS version ${version} protects the file by a key of 16 bits (CVE-2018-5382): whoever can write to it can forge it`,
    });
  const missing = end + BKS_MAC_BYTES - bytes.length;
  if (missing > 0)
    anomalies.push({
      code: "digest-missing",
      message: `File ends ${missing} bytes before the end of its HMAC: it was cut off`,
    });
  if (missing < 0)
    anomalies.push({
      code: "trailing-bytes",
      message: `${-missing} bytes follow the HMAC; Java ignores them`,
    });
  const count = (...kinds: readonly BksEntry["kind"][]): number =>
    entries.filter(({ kind, certificates: { length } }) => kinds.includes(kind) && length > 0)
      .length;
  const keys = entries.filter(({ kind }) => kind !== "certificate").length;
  const privateKeys = count("key", "sealed", "secret");
  return {
    path: null,
    format: "bks",
    flavour: {
      summary: `BKS version ${version}, certificates in the clear, HMAC-SHA-1 (${iterations} iterations)`,
      version,
      encryption: [],
      mac: { algorithm: "HMAC-SHA-1", keyDerivation: "PKCS12-KDF-SHA-1", iterations },
    },
    integrity,
    entries: certificates,
    skipped: { ...NOTHING_SKIPPED, privateKeys, secretKeys: keys - privateKeys },
    anomalies,
    java: javaLoading(integrity, missing, certificates),
    message: messageFor(integrity, missing),
  };
}

function foundCertificates(entry: BksEntry, overwritten: boolean): readonly FoundCertificate[] {
  const { alias, date, kind } = entry;
  return entry.certificates.map((der, position) => ({
    der,
    alias,
    date,
    kind: kind === "certificate" ? { kind: "certificate" } : { kind: "key", position },
    javaReason: overwritten ? "alias-overwritten" : position > 0 ? "not-first-in-key-chain" : null,
  }));
}

/** As the type BKS of BouncyCastle's provider; the JDK alone does not know the format. */
function javaLoading(
  integrity: StoreFile["integrity"],
  missing: number,
  entries: readonly StoreEntry[],
): JavaLoading {
  if (entries.some(({ certificate }) => !certificate.ok))
    return { opens: false, message: WORDS.certificateUnreadable };
  if (missing > 0) return { opens: false, message: WORDS.endOfFile };
  return integrity === "wrong"
    ? { opens: false, message: WORDS.bksIntegrityFailed }
    : { opens: true };
}

function messageFor(integrity: StoreFile["integrity"], missing: number): string | null {
  if (missing > 0)
    return "The file was cut off inside its HMAC: the certificates below are not authenticated";
  switch (integrity) {
    case "ok":
      return null;
    case "wrong":
      return "The password is wrong or the file was changed: the certificates below are not authenticated";
    case "unchecked":
      return "No password was given: the integrity of the file is unchecked";
  }
}
