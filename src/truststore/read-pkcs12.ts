import { DerError } from "../x509/der.ts";
import { fail, ok, type Result } from "../x509/result.ts";
import { WORDS } from "./java-words.ts";
import { checkIterations, type Opened, openPkcs12 } from "./open-pkcs12.ts";
import {
  aliasAnomalies,
  countSkipped,
  flavourOf,
  javaLoading,
  messageFor,
  structureAnomalies,
} from "./pkcs12-facts.ts";
import { javaViewOf } from "./pkcs12-java.ts";
import { type Pfx, readPfx } from "./pkcs12-structure.ts";
import { buildEntries, unreadableCertificates } from "./store-entry.ts";
import { type StoreError, storeError, StoreFault } from "./store-error.ts";
import type { ReadOptions } from "./store-reader.ts";
import type { StoreFile } from "./truststore.ts";

/**
 * Reads a PKCS#12 file (RFC 7292) in every flavour that Java and OpenSSL write: PBES2, the older PBE schemes, in the
 * clear, with and without MAC, PBMAC1, BER. Private keys are counted and stay encrypted. Without a password the empty
 * one is tried, since some writers use it for 'none'.
 */
export async function readPkcs12(
  bytes: Uint8Array,
  { password }: ReadOptions,
): Promise<Result<StoreFile, StoreError>> {
  try {
    const pfx = readPfx(bytes);
    checkIterations(pfx, password !== null);
    const opened = await openPkcs12(pfx, password);
    return opened.ok ? ok(assemble(pfx, opened.value, password)) : opened;
  } catch (error) {
    if (error instanceof StoreFault) return fail({ ...error.error, format: "pkcs12" });
    if (!(error instanceof DerError)) throw error;
    const truncated = error.code === "truncated" && cutOff(bytes);
    return fail(
      storeError(
        truncated ? "truncated" : "malformed",
        truncated
          ? `PKCS#12 file is cut off: ${error.message}; copy it again in binary mode`
          : `PKCS#12 structure is damaged: ${error.message}`,
        {
          format: "pkcs12",
          offset: error.offset,
          javaMessage: truncated ? WORDS.endOfFile : null,
        },
      ),
    );
  }
}

/** Whether the outermost element announces more than the file has. */
function cutOff(bytes: Uint8Array): boolean {
  const octets = (bytes[1] ?? 0) & 0x7f;
  if ((bytes[1] ?? 0) <= 0x80) return bytes.length < 2 + octets || bytes[1] === 0x80;
  let length = 0;
  for (let i = 0; i < octets && i < 8; i++) length = length * 256 + (bytes[2 + i] ?? 0);
  return bytes.length < 2 + octets + length;
}

function assemble(pfx: Pfx, { safes, integrity }: Opened, password: string | null): StoreFile {
  const view = javaViewOf(
    safes.map(({ bags, encrypted }) => ({ bags, seenByJava: password !== null || !encrypted })),
  );
  const bags = safes.flatMap((safe) => safe.bags);
  const entries = buildEntries(
    bags.flatMap((bag) => {
      const role = view.roles.get(bag);
      return bag.content.kind === "certificate" && role !== undefined
        ? [{ der: bag.content.der, alias: bag.alias, date: bag.date, ...role }]
        : [];
    }),
    "pkcs12",
  );
  const unread = safes.filter((safe) => safe.unread).length;
  const usesEmptyPassword =
    password === null && unread === 0 && safes.some(({ encrypted }) => encrypted);
  return {
    path: null,
    format: "pkcs12",
    flavour: flavourOf(pfx),
    integrity: usesEmptyPassword || password !== null ? integrity : "unchecked",
    entries,
    skipped: countSkipped(bags),
    anomalies: [
      ...structureAnomalies(pfx, password, usesEmptyPassword, unread),
      ...unreadableCertificates(entries),
      ...aliasAnomalies(view),
    ],
    java: javaLoading(pfx, integrity, password, entries),
    message: messageFor(pfx, integrity, usesEmptyPassword),
  };
}
