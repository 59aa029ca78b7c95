import { WORDS } from "./java-words.ts";
import type { SafeBag } from "./pkcs12-bags.ts";
import type { JavaView } from "./pkcs12-java.ts";
import type { Pfx } from "./pkcs12-structure.ts";
import { entryName } from "./store-entry.ts";
import type {
  JavaLoading,
  SkippedCounts,
  StoreAnomaly,
  StoreEntry,
  StoreFile,
  StoreFlavour,
} from "./truststore.ts";

/** Algorithms and iteration counts, for people and as data. */
export function flavourOf({ contents, mac }: Pfx): StoreFlavour {
  const encryption = contents.flatMap((content) =>
    content.kind === "encrypted" ? [content.encryption.facts] : [],
  );
  const protection =
    encryption.length === 0
      ? "certificates in the clear"
      : [
          ...new Set(
            encryption.map(
              ({ algorithm, keyDerivation, iterations }) =>
                `${algorithm} with ${keyDerivation} (${iterations} iterations)`,
            ),
          ),
        ].join(" and ");
  const integrity =
    mac === null ? "no MAC" : `MAC ${mac.facts.algorithm} (${mac.iterations} iterations)`;
  return {
    summary: `PKCS#12, ${protection}, ${integrity}`,
    version: 3,
    encryption,
    mac: mac?.facts ?? null,
  };
}

/** How many bags hold something other than a certificate. */
export function countSkipped(bags: readonly SafeBag[]): SkippedCounts {
  const count = (...kinds: readonly string[]): number =>
    bags.filter(({ content }) => kinds.includes(content.kind)).length;
  return {
    privateKeys: count("key", "plain-key"),
    secretKeys: count("secret"),
    revocationLists: count("revocation-list"),
    requests: 0,
    other: count("other"),
  };
}

/** What is unusual about the file as a whole and its password. */
export function structureAnomalies(
  { ber, trailing, contents }: Pfx,
  password: string | null,
  usesEmptyPassword: boolean,
  unread: number,
): readonly StoreAnomaly[] {
  const anomalies: StoreAnomaly[] = [];
  if (unread > 0)
    anomalies.push({
      code: "part-unread",
      message: `${unread} of ${contents.length} parts of the file are encrypted and were not read for want of a password; Java given none passes over them, too`,
    });
  if (ber)
    anomalies.push({
      code: "ber-encoding",
      message: "The file is BER, as BouncyCastle writes it, not DER",
    });
  if (trailing > 0)
    anomalies.push({
      code: "trailing-bytes",
      message: `${trailing} bytes follow the PKCS#12 structure`,
    });
  if (usesEmptyPassword)
    anomalies.push({
      code: "empty-password",
      message:
        "The file opens with the empty password; Java given no password sees none of its encrypted entries",
    });
  if (password !== null && /[^ -~]/.test(password))
    anomalies.push({
      code: "password-not-ascii",
      message:
        "The password has characters outside ASCII: JDK 17 and older refuse it ('Password is not ASCII')",
    });
  return anomalies;
}

/** Entries that Java replaces or leaves out. */
export function aliasAnomalies({ overwritten, skippedKeys }: JavaView): readonly StoreAnomaly[] {
  return [
    ...overwritten.map(({ alias }) => ({
      code: "duplicate-alias" as const,
      message: `Alias '${alias ?? ""}' occurs again further on; Java and keytool see the last entry only`,
    })),
    ...skippedKeys.map((bag, index) => ({
      code: "key-skipped-by-java" as const,
      message: `${entryName({ alias: bag.alias, index })} is a private key without localKeyId beside others; Java leaves it out`,
    })),
  ];
}

/** Whether Java opens the file with the same password. */
export function javaLoading(
  { mac }: Pfx,
  integrity: StoreFile["integrity"],
  password: string | null,
  entries: readonly StoreEntry[],
): JavaLoading {
  const unreadable = entries.some(
    ({ certificate, visibleToJava }) =>
      !certificate.ok &&
      (visibleToJava.visible || visibleToJava.reason !== "encrypted-no-password"),
  );
  if (unreadable) return { opens: false, message: WORDS.certificateUnreadable };
  if (password === null || mac === null) return { opens: true };
  if (mac.javaRefusal !== null) return { opens: false, message: mac.javaRefusal };
  if (integrity === "wrong") return { opens: false, message: WORDS.pkcs12IntegrityFailed };
  return { opens: true };
}

/** What an operator should know about the integrity; null when it is verified. */
export function messageFor(
  { mac }: Pfx,
  integrity: StoreFile["integrity"],
  usesEmptyPassword: boolean,
): string | null {
  if (integrity === "wrong")
    return "The MAC does not fit: the password is wrong or the file was changed; the certificates below are not authenticated";
  if (usesEmptyPassword) return "No password was given; the file opens with the empty one";
  if (mac === null) return "The file has no MAC: nothing protects it against changes";
  return integrity === "unchecked"
    ? "No password was given: the integrity of the file is unchecked"
    : null;
}
