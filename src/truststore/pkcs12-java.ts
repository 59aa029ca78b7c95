import { type Certificate, parseCertificate } from "../x509/certificate.ts";
import { canonicalName, namesEqual } from "../x509/name.ts";
import type { SafeBag } from "./pkcs12-bags.ts";
import type { EntryKind, JavaInvisibleReason } from "./truststore.ts";

/** What one certificate bag is for Java. */
export interface BagRole {
  readonly kind: EntryKind;
  readonly javaReason: JavaInvisibleReason | null;
}

/** Java's view of a whole file. */
export interface JavaView {
  /** One role per certificate bag; bags of other kinds have none. */
  readonly roles: ReadonlyMap<SafeBag, BagRole>;
  /** Private keys that Java leaves out because they have no localKeyId and are not the only ones. */
  readonly skippedKeys: readonly SafeBag[];
  /** Bags whose alias a later bag takes over. */
  readonly overwritten: readonly SafeBag[];
}

/** Bags of one SafeContents, and whether Java reads it at all. */
export interface Safe {
  readonly bags: readonly SafeBag[];
  /** False where the contents are encrypted and the client gives no password. */
  readonly seenByJava: boolean;
}

/** localKeyId that Java gives to a single private key without one, and to the first certificate bag beside it. */
const SUBSTITUTE_KEY_ID = "3031";

/** Longest chain that is followed for one key. */
const MAX_CHAIN = 100;

interface KeyEntry {
  readonly bag: SafeBag;
  readonly alias: string;
  readonly keyId: string;
}

/** A certificate bag with the localKeyId that Java works with. */
interface CertificateBag {
  readonly bag: SafeBag;
  readonly der: Uint8Array;
  readonly keyId: string | null;
}

/**
 * Repeats how sun.security.pkcs12.PKCS12KeyStore.engineLoad sorts bags into entries (OpenJDK 17): trusted
 * certificates by attribute, private keys with the chains that can be built for them, one entry per lower-case alias.
 */
export function javaViewOf(safes: readonly Safe[]): JavaView {
  const loaded = loadBags(safes);
  const winners = new Set(loaded.entries.values());
  const positions = new Map<SafeBag, number>();
  const heads = new Set<SafeBag>();
  // Truststores have no keys, and then no certificate needs to be parsed here.
  const index = indexCertificates(loaded.keys.length === 0 ? [] : loaded.certificates);
  for (const key of loaded.keys) {
    const chain = buildChain(key, index);
    for (const [position, bag] of chain.entries())
      positions.set(bag, Math.min(position, positions.get(bag) ?? position));
    if (chain[0] !== undefined && winners.has(key.bag)) heads.add(chain[0]);
  }
  const roles = new Map<SafeBag, BagRole>();
  for (const { bags, seenByJava } of safes)
    for (const bag of bags) {
      if (bag.content.kind !== "certificate") continue;
      const position = positions.get(bag);
      const kind: EntryKind =
        position === undefined || bag.trusted ? { kind: "certificate" } : { kind: "key", position };
      const visible = heads.has(bag) || (bag.trusted && winners.has(bag));
      roles.set(bag, {
        kind,
        javaReason: visible
          ? null
          : seenByJava
            ? reasonFor(bag, position)
            : "encrypted-no-password",
      });
    }
  return {
    roles,
    skippedKeys: loaded.skippedKeys,
    overwritten: loaded.named.filter((bag) => !winners.has(bag)),
  };
}

function reasonFor(bag: SafeBag, position: number | undefined): JavaInvisibleReason {
  if (bag.nested) return "bag-type-ignored";
  if (bag.trusted || position === 0) return "alias-overwritten";
  return position === undefined ? "no-trusted-key-usage" : "not-first-in-key-chain";
}

interface LoadedBags {
  /** Entries by lower-case alias; later ones replace earlier ones. */
  readonly entries: ReadonlyMap<string, SafeBag>;
  /** Every bag that was ever an entry. */
  readonly named: readonly SafeBag[];
  readonly keys: readonly KeyEntry[];
  readonly skippedKeys: readonly SafeBag[];
  readonly certificates: readonly CertificateBag[];
}

function loadBags(safes: readonly Safe[]): LoadedBags {
  const entries = new Map<string, SafeBag>();
  const named: SafeBag[] = [];
  const keys: KeyEntry[] = [];
  const skippedKeys: SafeBag[] = [];
  const certificates: CertificateBag[] = [];
  let unnamed = 0;
  let keyCount = 0;
  const enter = (bag: SafeBag): string => {
    const alias = bag.alias ?? String(++unnamed);
    entries.set(alias.toLowerCase(), bag);
    named.push(bag);
    return alias;
  };
  for (const bag of safes.flatMap(({ bags, seenByJava }) => (seenByJava ? bags : []))) {
    if (bag.nested) continue;
    if (bag.content.kind === "key") {
      keyCount++;
      const keyId = bag.keyId ?? (keyCount === 1 ? SUBSTITUTE_KEY_ID : null);
      if (keyId === null) skippedKeys.push(bag);
      else keys.push({ bag, alias: enter(bag), keyId });
    } else if (bag.content.kind === "secret") enter(bag);
    else if (bag.content.kind === "certificate") {
      if (bag.trusted) enter(bag);
      const substitute = keyCount === 1 && bag.position === 0 ? SUBSTITUTE_KEY_ID : null;
      certificates.push({ bag, der: bag.content.der, keyId: bag.keyId ?? substitute });
    }
  }
  return { entries, named, keys, skippedKeys, certificates };
}

/** Certificates indexed the ways in which chains are built. */
interface ChainIndex {
  readonly parsed: ReadonlyMap<SafeBag, Certificate>;
  /** First certificate with each subject. */
  readonly bySubject: ReadonlyMap<string, SafeBag>;
  /** Last certificate without the attribute for each localKeyId, alias, and both. */
  readonly byKeyId: ReadonlyMap<string, SafeBag>;
  readonly byAlias: ReadonlyMap<string, SafeBag>;
  readonly byBoth: ReadonlyMap<string, SafeBag>;
}

function indexCertificates(certificates: readonly CertificateBag[]): ChainIndex {
  const parsed = new Map<SafeBag, Certificate>();
  const bySubject = new Map<string, SafeBag>();
  const byKeyId = new Map<string, SafeBag>();
  const byAlias = new Map<string, SafeBag>();
  const byBoth = new Map<string, SafeBag>();
  for (const { bag, der, keyId } of certificates) {
    const result = parseCertificate(der);
    if (!result.ok) continue;
    parsed.set(bag, result.value);
    const subject = canonicalName(result.value.subject, "java");
    if (!bySubject.has(subject)) bySubject.set(subject, bag);
    if (bag.trusted) continue;
    const alias = bag.alias?.toLowerCase();
    if (keyId !== null) byKeyId.set(keyId, bag);
    if (alias !== undefined) byAlias.set(alias, bag);
    const both = `${keyId} ${alias}`;
    if (keyId !== null && alias !== undefined && !byBoth.has(both)) byBoth.set(both, bag);
  }
  return { parsed, bySubject, byKeyId, byAlias, byBoth };
}

/** The chain of a private key: its own certificate, then by subject up to a self-issued one. */
function buildChain(key: KeyEntry, index: ChainIndex): readonly SafeBag[] {
  const chain: SafeBag[] = [];
  const seen = new Set<string>();
  let bag = ownCertificate(key, index);
  while (bag !== undefined && chain.length < MAX_CHAIN) {
    const certificate = index.parsed.get(bag);
    if (certificate === undefined || seen.has(certificate.sha256)) break;
    seen.add(certificate.sha256);
    chain.push(bag);
    if (namesEqual(certificate.issuer, certificate.subject, "java")) break;
    bag = index.bySubject.get(canonicalName(certificate.issuer, "java"));
  }
  return chain;
}

/** Equal localKeyId and alias; else the last with equal localKeyId; else the last with equal alias (findMatchedCertificate). */
function ownCertificate(key: KeyEntry, index: ChainIndex): SafeBag | undefined {
  const alias = key.alias.toLowerCase();
  return (
    index.byBoth.get(`${key.keyId} ${alias}`) ??
    index.byKeyId.get(key.keyId) ??
    index.byAlias.get(alias)
  );
}
