import { DerError } from "../x509/der.ts";
import { fail, ok, type Result } from "../x509/result.ts";
import {
  type BcfksEncryption,
  type BcfksMac,
  readBcfksEncryption,
  readBcfksMac,
} from "./bcfks-protection.ts";
import {
  type Bcfks,
  type BcfksEntry,
  readBcfksEntries,
  readBcfksStructure,
} from "./bcfks-structure.ts";
import { WORDS } from "./java-words.ts";
import { MAX_PASSWORD_LENGTH } from "./limits.ts";
import { buildEntries, unreadableCertificates } from "./store-entry.ts";
import { type StoreError, storeError, StoreFault } from "./store-error.ts";
import type { ReadOptions } from "./store-reader.ts";
import {
  type JavaLoading,
  NOTHING_SKIPPED,
  type StoreAnomaly,
  type StoreEntry,
  type StoreFile,
} from "./truststore.ts";

/**
 * Reads a BouncyCastle keystore of type BCFKS (org.bouncycastle.jcajce.provider.keystore.bcfks.BcFKSKeyStoreSpi).
 * Nothing in it is readable without the password, except where its writer left the data in the clear.
 */
export async function readBcfks(
  bytes: Uint8Array,
  { password }: ReadOptions,
): Promise<Result<StoreFile, StoreError>> {
  try {
    const store = readBcfksStructure(bytes);
    const { data } = store;
    const encryption = data.kind === "clear" ? null : readBcfksEncryption(data.algorithm);
    const mac = readBcfksMac(store.integrity, store.authenticated);
    return await open(store, encryption, mac, password);
  } catch (error) {
    if (error instanceof StoreFault) return fail({ ...error.error, format: "bcfks" });
    if (!(error instanceof DerError)) throw error;
    const code = error.code === "truncated" ? "truncated" : "malformed";
    const message =
      code === "truncated"
        ? `BCFKS file is cut off: ${error.message}; copy it again in binary mode`
        : `BCFKS structure is damaged: ${error.message}`;
    return fail(storeError(code, message, { format: "bcfks", offset: error.offset }));
  }
}

async function open(
  { data }: Bcfks,
  encryption: BcfksEncryption | null,
  mac: BcfksMac | null,
  password: string | null,
): Promise<Result<StoreFile, StoreError>> {
  if (password !== null && password.length > MAX_PASSWORD_LENGTH)
    return fail(wrongPassword(`Password is longer than ${MAX_PASSWORD_LENGTH} characters`));
  if (data.kind === "encrypted" && password === null)
    return fail(
      storeError(
        "password-required",
        "The whole BCFKS file is encrypted and no password was given",
        { format: "bcfks", javaMessage: WORDS.bcfksMacFailed },
      ),
    );
  const fits = mac === null || password === null ? null : await mac.verify(password);
  const plaintext =
    data.kind === "clear"
      ? data.der
      : ((await encryption?.decrypt(data.ciphertext, password ?? "")) ?? null);
  if (plaintext === null)
    return fail(
      wrongPassword(
        fits === true
          ? "The password fits the MAC of the BCFKS file, but not its encrypted content: the file was changed"
          : "Wrong password: the BCFKS file does not open with it",
      ),
    );
  const integrity = fits === null ? "unchecked" : fits ? "ok" : "wrong";
  return ok(assemble(readBcfksEntries(plaintext), encryption, mac, integrity));
}

function wrongPassword(message: string): StoreError {
  return storeError("wrong-password", message, {
    format: "bcfks",
    javaMessage: WORDS.bcfksMacFailed,
  });
}

function assemble(
  entries: readonly BcfksEntry[],
  encryption: BcfksEncryption | null,
  mac: BcfksMac | null,
  integrity: StoreFile["integrity"],
): StoreFile {
  const last = new Map(entries.map((entry) => [entry.alias, entry]));
  const isOverwritten = (entry: BcfksEntry): boolean => last.get(entry.alias) !== entry;
  const certificates = buildEntries(
    entries.flatMap((entry) =>
      entry.certificates.map((der, position) => ({
        der,
        alias: entry.alias,
        date: entry.date,
        kind:
          entry.kind === "certificate"
            ? { kind: "certificate" as const }
            : { kind: "key" as const, position },
        javaReason: isOverwritten(entry)
          ? ("alias-overwritten" as const)
          : position > 0
            ? ("not-first-in-key-chain" as const)
            : null,
      })),
    ),
    "bcfks",
  );
  const anomalies: readonly StoreAnomaly[] = [
    ...unreadableCertificates(certificates),
    ...entries.filter(isOverwritten).map(({ alias }) => ({
      code: "duplicate-alias" as const,
      message: `Alias '${alias}' occurs again further on; Java and keytool see the last entry only`,
    })),
  ];
  const count = (wanted: BcfksEntry["kind"]): number =>
    entries.filter(({ kind }) => kind === wanted).length;
  return {
    path: null,
    format: "bcfks",
    flavour: {
      summary: summaryOf(encryption, mac),
      version: null,
      encryption: encryption === null ? [] : [encryption.facts],
      mac: mac?.facts ?? null,
    },
    integrity,
    entries: certificates,
    skipped: {
      ...NOTHING_SKIPPED,
      privateKeys: count("private-key"),
      secretKeys: count("secret-key"),
    },
    anomalies,
    java: javaLoading(integrity, certificates),
    message: messageFor(integrity, mac),
  };
}

function summaryOf(encryption: BcfksEncryption | null, mac: BcfksMac | null): string {
  const protection =
    encryption === null
      ? "entries in the clear"
      : `${encryption.facts.algorithm} with ${encryption.facts.keyDerivation} (${encryption.facts.iterations} iterations)`;
  const authentication = mac === null ? "signed" : `MAC ${mac.facts.algorithm}`;
  return `BCFKS, ${protection}, ${authentication}`;
}

/** As the type BCFKS of BouncyCastle's provider; the JDK alone does not know the format. */
function javaLoading(
  integrity: StoreFile["integrity"],
  entries: readonly StoreEntry[],
): JavaLoading {
  if (integrity === "wrong") return { opens: false, message: WORDS.bcfksMacFailed };
  return entries.every(({ certificate }) => certificate.ok)
    ? { opens: true }
    : { opens: false, message: WORDS.certificateUnreadable };
}

function messageFor(integrity: StoreFile["integrity"], mac: BcfksMac | null): string | null {
  switch (integrity) {
    case "ok":
      return null;
    case "wrong":
      return "The MAC does not fit: the file was changed; the certificates below are not authenticated";
    case "unchecked":
      return mac === null
        ? "The file is signed with a key that it does not hold: its integrity is unchecked"
        : "No password was given: the integrity of the file is unchecked";
  }
}
