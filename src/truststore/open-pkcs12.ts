import { DerError } from "../x509/der.ts";
import { fail, ok, type Result } from "../x509/result.ts";
import { WORDS } from "./java-words.ts";
import { MAX_ITERATIONS, MAX_PASSWORD_LENGTH, MAX_TOTAL_ITERATIONS } from "./limits.ts";
import { type PasswordForm, passwordForms } from "./password-forms.ts";
import { readSafeContents, type SafeBag } from "./pkcs12-bags.ts";
import type { Pfx } from "./pkcs12-structure.ts";
import { type StoreError, storeError, StoreFault } from "./store-error.ts";
import type { StoreFile } from "./truststore.ts";

/** Refuses derivations that Java refuses too, and sums that would take minutes. @throws {StoreFault} */
export function checkIterations({ contents, mac }: Pfx, hasPassword: boolean): void {
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
export interface OpenedSafe {
  readonly bags: readonly SafeBag[];
  readonly encrypted: boolean;
  /** Encrypted, and left unread for want of a password. */
  readonly unread: boolean;
}

/** A file whose contents could be read. */
export interface Opened {
  readonly safes: readonly OpenedSafe[];
  readonly integrity: StoreFile["integrity"];
}

/**
 * Decrypts the contents and verifies the MAC. Contents that open although the MAC does not fit are returned with
 * integrity `wrong`, as Java too looks at the MAC last.
 * @throws {DerError} @throws {StoreFault}
 */
export async function openPkcs12(
  pfx: Pfx,
  password: string | null,
): Promise<Result<Opened, StoreError>> {
  const encrypted = pfx.contents.some(({ kind }) => kind === "encrypted");
  if ((password?.length ?? 0) > MAX_PASSWORD_LENGTH)
    return fail(
      refusal("wrong-password", `Password is longer than ${MAX_PASSWORD_LENGTH} characters`),
    );
  if (password === null && !encrypted)
    return ok({ safes: readSafes(pfx, null), integrity: "unchecked" });
  let macFits = false;
  let fallback: Opened | null = null;
  for (const form of passwordForms(password ?? "")) {
    const attempt = await attemptToOpen(pfx, form);
    if (attempt.opened?.integrity === "ok" || attempt.opened?.integrity === "unchecked")
      return ok(attempt.opened);
    macFits ||= attempt.macFits;
    fallback ??= attempt.opened;
  }
  if (password === null) {
    const safes = readSafes(pfx, null);
    const inTheClear = safes.some(({ bags }) =>
      bags.some(({ content }) => content.kind === "certificate"),
    );
    return inTheClear ? ok({ safes, integrity: "unchecked" }) : fail(passwordRequired());
  }
  return fallback === null ? fail(wrongPassword(macFits)) : ok(fallback);
}

interface Attempt {
  readonly macFits: boolean;
  /** Null when the encrypted contents do not open. */
  readonly opened: Opened | null;
}

async function attemptToOpen(pfx: Pfx, form: PasswordForm): Promise<Attempt> {
  // Decryption first: PBKDF2 runs in the thread pool while the MAC is computed here.
  const [plaintexts, macFits] = await Promise.all([
    Promise.all(
      pfx.contents.map(async (content) =>
        content.kind === "clear" ? null : content.encryption.decrypt(content.ciphertext, form),
      ),
    ),
    pfx.mac === null ? null : pfx.mac.verify(pfx.authSafe, form),
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

/** @param plaintexts of encrypted contents, null to leave them unread @throws {DerError} @throws {StoreFault} */
function readSafes(
  { contents }: Pfx,
  plaintexts: readonly (Uint8Array | null)[] | null,
): readonly OpenedSafe[] {
  let counted = 0;
  return contents.map((content, index) => {
    const encrypted = content.kind === "encrypted";
    if (encrypted && plaintexts === null) return { bags: [], encrypted, unread: true };
    const plaintext = encrypted ? plaintexts?.[index] : content.safeContents;
    const bags = readSafeContents(plaintext ?? new Uint8Array(0), counted);
    counted += bags.length;
    return { bags, encrypted, unread: false };
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
