import { DerError } from "../x509/der.ts";
import { fail, ok, type Result } from "../x509/result.ts";
import { WORDS } from "./java-words.ts";
import { MAX_ITERATIONS, MAX_PASSWORD_LENGTH, MAX_TOTAL_ITERATIONS } from "./limits.ts";
import { type PasswordForm, passwordForms } from "./password-forms.ts";
import { readSafeContents, type SafeBag } from "./pkcs12-bags.ts";
import { type JavaView, javaViewOf } from "./pkcs12-java.ts";
import { type Pfx, readPfx } from "./pkcs12-structure.ts";
import { buildEntries, entryName, unreadableCertificates } from "./store-entry.ts";
import { type StoreError, storeError, StoreFault } from "./store-error.ts";
import type { ReadOptions } from "./store-reader.ts";
import type {
  JavaLoading,
  SkippedCounts,
  StoreAnomaly,
  StoreEntry,
  StoreFile,
  StoreFlavour,
} from "./truststore.ts";

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
    const opened = await open(pfx, password);
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

/** Refuses derivations that Java refuses too, and sums that would take minutes. @throws {StoreFault} */
function checkIterations({ contents, mac }: Pfx, hasPassword: boolean): void {
  let total = 0;
  const check = (iterations: number, cost: number, what: string, javaMessage: string): void => {
    if (iterations < 1)
      throw new StoreFault("malformed", `Iteration count 0 of the ${what}; 1 or more was expected`);
    total += cost;
    if (iterations > MAX_ITERATIONS || total > MAX_TOTAL_ITERATIONS)
      throw new StoreFault(
        "iterations-too-many",
        `The ${what} asks for ${iterations} iterations; at most ${MAX_ITERATIONS} are made for one key, and ${MAX_TOTAL_ITERATIONS} for a file`,
        {
          javaMessage: !hasPassword
            ? WORDS.noAnchors
            : iterations > MAX_ITERATIONS
              ? javaMessage
              : null,
        },
      );
  };
  for (const content of contents)
    if (content.kind === "encrypted") {
      const { facts, cost } = content.encryption;
      check(facts.iterations, cost, "encryption", WORDS.pkcs12CertificateIterations);
    }
  if (mac !== null && hasPassword)
    check(mac.iterations, mac.iterations, "MAC", `${WORDS.pkcs12MacIterations}: ${mac.iterations}`);
}

/** Bags of one content, and whether they were encrypted. */
interface OpenedSafe {
  readonly bags: readonly SafeBag[];
  readonly encrypted: boolean;
}

interface Opened {
  readonly safes: readonly OpenedSafe[];
  readonly integrity: StoreFile["integrity"];
}

async function open(pfx: Pfx, password: string | null): Promise<Result<Opened, StoreError>> {
  const encrypted = pfx.contents.some(({ kind }) => kind === "encrypted");
  if ((password?.length ?? 0) > MAX_PASSWORD_LENGTH)
    return fail(
      refusal("wrong-password", `Password is longer than ${MAX_PASSWORD_LENGTH} characters`),
    );
  if (password === null && !encrypted)
    return ok({ safes: readSafes(pfx, []), integrity: "unchecked" });
  let macFits = false;
  let fallback: Opened | null = null;
  for (const form of passwordForms(password ?? "")) {
    const attempt = await attemptToOpen(pfx, form);
    if (attempt.opened?.integrity === "ok" || attempt.opened?.integrity === "unchecked")
      return ok(attempt.opened);
    macFits ||= attempt.macFits;
    fallback ??= attempt.opened;
  }
  if (password === null) return fail(passwordRequired());
  return fallback === null ? fail(wrongPassword(macFits)) : ok(fallback);
}

interface Attempt {
  readonly macFits: boolean;
  /** Null when the encrypted contents do not open. */
  readonly opened: Opened | null;
}

async function attemptToOpen(pfx: Pfx, form: PasswordForm): Promise<Attempt> {
  const [macFits, plaintexts] = await Promise.all([
    pfx.mac === null ? null : pfx.mac.verify(pfx.authSafe, form),
    Promise.all(
      pfx.contents.map(async (content) =>
        content.kind === "clear" ? null : content.encryption.decrypt(content.ciphertext, form),
      ),
    ),
  ]);
  const failed = pfx.contents.some(
    ({ kind }, index) => kind === "encrypted" && (plaintexts[index] ?? null) === null,
  );
  const integrity = macFits === null ? "unchecked" : macFits ? "ok" : "wrong";
  if (failed) return { macFits: macFits === true, opened: null };
  try {
    return { macFits: macFits === true, opened: { safes: readSafes(pfx, plaintexts), integrity } };
  } catch (error) {
    // One wrong password in 256 leaves padding that looks right, and rubbish in front of it.
    if (macFits === true || !(error instanceof DerError || error instanceof StoreFault))
      throw error;
    if (pfx.contents.every(({ kind }) => kind === "clear")) throw error;
    return { macFits: false, opened: null };
  }
}

/** @throws {DerError} @throws {StoreFault} */
function readSafes(
  { contents }: Pfx,
  plaintexts: readonly (Uint8Array | null)[],
): readonly OpenedSafe[] {
  let counted = 0;
  return contents.map((content, index) => {
    const encrypted = content.kind === "encrypted";
    const plaintext = encrypted ? plaintexts[index] : content.safeContents;
    const bags = readSafeContents(plaintext ?? new Uint8Array(0), counted);
    counted += bags.length;
    return { bags, encrypted };
  });
}

function refusal(code: "wrong-password" | "password-required", message: string): StoreError {
  return storeError(code, message, {
    format: "pkcs12",
    javaMessage: code === "wrong-password" ? WORDS.pkcs12WrongPassword : WORDS.noAnchors,
  });
}

function wrongPassword(macFits: boolean): StoreError {
  return refusal(
    "wrong-password",
    macFits
      ? "The password fits the MAC of the PKCS#12 file, but not its encrypted certificates: they were written with another password"
      : "Wrong password: the encrypted certificates of the PKCS#12 file do not open with it",
  );
}

function passwordRequired(): StoreError {
  return refusal(
    "password-required",
    "The certificates in this PKCS#12 file are encrypted and no password was given; Java opens it without one as a store of 0 entries and says nothing",
  );
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
  );
  const usesEmptyPassword = password === null && safes.some(({ encrypted }) => encrypted);
  return {
    path: null,
    format: "pkcs12",
    flavour: flavourOf(pfx),
    integrity: usesEmptyPassword || password !== null ? integrity : "unchecked",
    entries,
    skipped: countSkipped(bags),
    anomalies: [
      ...structureAnomalies(pfx, password, usesEmptyPassword),
      ...unreadableCertificates(entries),
      ...aliasAnomalies(view),
    ],
    java: javaLoading(pfx, integrity, password, entries),
    message: messageFor(pfx, integrity, usesEmptyPassword),
  };
}

function flavourOf({ contents, mac }: Pfx): StoreFlavour {
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

function countSkipped(bags: readonly SafeBag[]): SkippedCounts {
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

function structureAnomalies(
  { ber, trailing }: Pfx,
  password: string | null,
  usesEmptyPassword: boolean,
): readonly StoreAnomaly[] {
  const anomalies: StoreAnomaly[] = [];
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

function aliasAnomalies({ overwritten, skippedKeys }: JavaView): readonly StoreAnomaly[] {
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

function javaLoading(
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

function messageFor(
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
