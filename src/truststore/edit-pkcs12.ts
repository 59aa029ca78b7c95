import { normaliseBer } from "../x509/ber.ts";
import { DerReader, encodingOf, Tag } from "../x509/der.ts";
import { sequence } from "./der-writer.ts";
import { type PasswordForm, passwordForms } from "./password-forms.ts";
import { readSafeContents } from "./pkcs12-bags.ts";
import type { MacProtection, SafeProtection } from "./pkcs12-protect.ts";
import { protectSafe } from "./pkcs12-protect.ts";
import { type Pfx, type Pkcs12Content, readPfx } from "./pkcs12-structure.ts";
import { EditFault, type StoreEdit } from "./store-edit.ts";
import { certificateBag, MODERN_PKCS12, sealPkcs12 } from "./write-pkcs12.ts";

const SALT_LENGTH = 20;

/** One SafeBag as encoded. */
interface RawBag {
  readonly der: Uint8Array;
  /** Certificates in it: one for a certificate, any number for nested bags, none for keys. */
  readonly certificates: number;
}

/** One ContentInfo, opened. */
interface RawSafe {
  readonly contentInfo: Uint8Array;
  readonly bags: readonly RawBag[];
  readonly protection: SafeProtection;
}

/**
 * A PKCS#12 file with certificates added and left out. What is not concerned keeps its octets: contents as a whole,
 * encryption included, and in a content that changes each other bag, so that a shrouded key is never opened. A changed
 * content is encrypted anew in the manner of the old one, except that RC2 becomes 3DES.
 * @throws {EditFault} @throws {StoreFault} @throws {DerError}
 */
export async function editPkcs12(
  bytes: Uint8Array,
  { add, remove }: StoreEdit,
  password: string | null,
): Promise<Uint8Array> {
  const file = readPfx(bytes);
  const { form, plaintexts } = await open(file, password);
  const safes = splitContents(file.authSafe).map((contentInfo, index) =>
    openedSafe(contentInfo, file.contents[index], plaintexts[index] ?? null),
  );
  const home = safes.findLastIndex(({ bags }) => bags.some(({ certificates }) => certificates > 0));
  const newBags = add.map((entry) => certificateBag(entry, true));
  let index = 0;
  const contents: Uint8Array[] = [];
  for (const [number, safe] of safes.entries()) {
    const kept = safe.bags.filter((bag) => {
      const first = index;
      index += bag.certificates;
      return !leavesOut(bag, first, remove);
    });
    const added = number === home ? newBags : [];
    contents.push(
      kept.length === safe.bags.length && added.length === 0
        ? safe.contentInfo
        : await protectSafe(
            sequence(...kept.map(({ der }) => der), ...added),
            form,
            safe.protection,
          ),
    );
  }
  if (home < 0 && newBags.length > 0)
    contents.push(await protectSafe(sequence(...newBags), form, newProtection(file)));
  return sealPkcs12(contents, form, macLike(file));
}

/** Whether a bag goes; one of several certificates in a nested bag cannot go alone. */
function leavesOut({ certificates }: RawBag, first: number, remove: ReadonlySet<number>): boolean {
  const concerned = Array.from({ length: certificates }, (_, i) => remove.has(first + i));
  if (!concerned.includes(true)) return false;
  if (certificates > 1)
    throw new EditFault(
      "part-of-another",
      "The certificate lies in a bag with others, which is written as a whole",
    );
  return true;
}

interface Opening {
  readonly form: PasswordForm;
  /** One for each content; null for those in the clear. */
  readonly plaintexts: readonly (Uint8Array | null)[];
}

async function open({ contents, mac, authSafe }: Pfx, password: string | null): Promise<Opening> {
  for (const form of passwordForms(password ?? "")) {
    if (mac !== null && password !== null && !(await mac.verify(authSafe, form))) continue;
    const plaintexts = await Promise.all(
      contents.map(async (content) =>
        content.kind === "clear" ? null : content.encryption.decrypt(content.ciphertext, form),
      ),
    );
    if (contents.every(({ kind }, i) => kind === "clear" || plaintexts[i] !== null))
      return { form, plaintexts };
  }
  throw new EditFault("integrity-wrong", "The file does not open with the password");
}

/** The ContentInfos of an AuthenticatedSafe as encoded, in order. */
function splitContents(authSafe: Uint8Array): readonly Uint8Array[] {
  return elementsOf(normaliseBer(authSafe).der);
}

function elementsOf(der: Uint8Array): readonly Uint8Array[] {
  const reader = new DerReader(der).enter(Tag.sequence, "a SEQUENCE");
  const elements: Uint8Array[] = [];
  while (!reader.done) elements.push(encodingOf(reader.next()));
  return elements;
}

function openedSafe(
  contentInfo: Uint8Array,
  content: Pkcs12Content | undefined,
  plaintext: Uint8Array | null,
): RawSafe {
  if (content === undefined) throw new Error("Contents were split in two different ways");
  const safeContents = content.kind === "clear" ? content.safeContents : plaintext;
  const bags = elementsOf(normaliseBer(safeContents ?? sequence()).der).map((der) => ({
    der,
    certificates: readSafeContents(sequence(der), 0).filter(
      (bag) => bag.content.kind === "certificate",
    ).length,
  }));
  return { contentInfo, bags, protection: protectionLike(content) };
}

function protectionLike(content: Pkcs12Content): SafeProtection {
  if (content.kind === "clear") return { kind: "none" };
  const { algorithm, iterations } = content.encryption.facts;
  return {
    kind: algorithm.startsWith("PBES2") ? "pbes2" : "pbe-3des",
    iterations,
    saltLength: SALT_LENGTH,
  };
}

/** How the first certificates of a file are protected: in the clear where nothing else is encrypted or authenticated. */
function newProtection({ mac }: Pfx): SafeProtection {
  if (mac === null) return { kind: "none" };
  return mac.facts.algorithm === "HMAC-SHA-1"
    ? { kind: "pbe-3des", iterations: mac.iterations, saltLength: SALT_LENGTH }
    : MODERN_PKCS12.safe;
}

/** A MAC as the file had it; kinds that Java cannot verify become HMAC-SHA-256. */
function macLike({ mac }: Pfx): MacProtection | null {
  if (mac === null) return null;
  const { algorithm } = mac.facts;
  return {
    digest: algorithm === "HMAC-SHA-1" ? "sha1" : "sha256",
    iterations: Math.max(mac.iterations, 1),
    saltLength: SALT_LENGTH,
  };
}
