import type { Certificate, CertificateError } from "../x509/certificate.ts";
import type { Result } from "../x509/result.ts";
import type { StoreFormat } from "./store-format.ts";
import type { AnchorVisibility, VisibilityByFamily } from "./visibility.ts";

export type { StoreError, StoreErrorCode } from "./store-error.ts";
export type { StoreFormat } from "./store-format.ts";
export type { AnchorVisibility, InvisibleReason, StoreFamily } from "./visibility.ts";

/** Why the Java runtime does not take a certificate of a store as an anchor. */
export type JavaInvisibleReason =
  /** PKCS#12: the bag lacks the attribute trustedKeyUsage and belongs to no private key. */
  | "no-trusted-key-usage"
  /** A later entry has the same alias and replaces this one. */
  | "alias-overwritten"
  /** JKS: the stored alias has upper-case letters; Java looks up the lower-case form and finds nothing. */
  | "alias-not-lower-case"
  /** Only the first certificate of a private key's chain counts. */
  | "not-first-in-key-chain"
  /** PKCS#12: encrypted, and the client gives no password. */
  | "encrypted-no-password"
  /** PKCS#12: inside a bag type that Java ignores. */
  | "bag-type-ignored"
  /** The entry is not a readable certificate. */
  | "certificate-unreadable";

/** What kind of entry holds a certificate. */
export type EntryKind =
  | { readonly kind: "certificate" }
  /** Certificate number `position` (0 is the key's own) of the chain of a private key. */
  | { readonly kind: "key"; readonly position: number };

/** The appendix of an OpenSSL `TRUSTED CERTIFICATE`: dotted purposes. */
export interface OpensslTrust {
  /** Null when the appendix has no such list: trusted for everything that is not rejected. */
  readonly trust: readonly string[] | null;
  readonly reject: readonly string[];
}

/** One certificate of a store. */
export interface StoreEntry {
  /** Position of the certificate in its file, from 0. */
  readonly index: number;
  /** Name in the store as written there; null when it has none. */
  readonly alias: string | null;
  /** Date stored with the entry, ms since 1970; null when the format or entry has none. */
  readonly date: number | null;
  readonly kind: EntryKind;
  /** The certificate's bytes, also when they cannot be parsed. */
  readonly der: Uint8Array;
  /** SHA-256 of `der`, lower-case hexadecimal. */
  readonly sha256: string;
  readonly certificate: Result<Certificate, CertificateError>;
  /** Whether Java takes the entry as an anchor (sun.security.validator.TrustStoreUtil); the same as `visibleTo.java`. */
  readonly visibleToJava: AnchorVisibility;
  /** Whether each kind of client takes the entry as an anchor. */
  readonly visibleTo: VisibilityByFamily;
  /** Lists of a `TRUSTED CERTIFICATE`; null for every other entry. */
  readonly opensslTrust: OpensslTrust | null;
}

/** How a part of a store is encrypted. */
export interface StoreEncryption {
  /** E.g. `PBES2 AES-256-CBC` or `PBE-SHA1-RC2-40`. */
  readonly algorithm: string;
  /** E.g. `PBKDF2-HMAC-SHA-256`, `PKCS12-KDF-SHA-1`. */
  readonly keyDerivation: string;
  readonly iterations: number;
}

/** How the integrity of a store is protected. */
export interface StoreMac {
  /** E.g. `SHA-1 keyed digest`, `HMAC-SHA-256`. */
  readonly algorithm: string;
  /** E.g. `PKCS12-KDF-SHA-256`; null when no key is derived. */
  readonly keyDerivation: string | null;
  readonly iterations: number | null;
}

/** Which variant of its format a file is. */
export interface StoreFlavour {
  /** One line for people, e.g. `PKCS#12, certificates in the clear, MAC HMAC-SHA-256 (10000 iterations)`. */
  readonly summary: string;
  readonly version: number | null;
  /** Protection of the certificates, in file order; empty when they are in the clear. */
  readonly encryption: readonly StoreEncryption[];
  /** Null when nothing protects the integrity. */
  readonly mac: StoreMac | null;
}

/** How many things that are not certificates a file holds. */
export interface SkippedCounts {
  readonly privateKeys: number;
  readonly secretKeys: number;
  readonly revocationLists: number;
  readonly requests: number;
  readonly other: number;
}

/** Something unusual about a file that can be read nevertheless; closed list. */
export type StoreAnomalyCode =
  | "private-key-in-bundle"
  | "trailing-bytes"
  | "digest-missing"
  | "duplicate-alias"
  | "certificate-unreadable"
  | "certificate-type-unusual"
  | "ber-encoding"
  | "empty-password"
  | "password-not-ascii"
  | "key-skipped-by-java"
  | "not-utf8"
  | "trust-appendix-unreadable"
  /** JCEKS: a secret key whose serialised form is not the usual one; the entries behind it were found. */
  /** PKCS#12: some contents are encrypted and others are not, and no password was given. */
  | "part-unread"
  /** The home of a JVM has a jssecacerts, and therefore does not look into its cacerts. */
  | "masks-cacerts"
  | "secret-key-not-understood"
  /** BKS of version 0 or 1: an HMAC with a key of 16 bits. */
  | "weak-integrity";

/** An unusual fact, with a sentence that names the entry. */
export interface StoreAnomaly {
  readonly code: StoreAnomalyCode;
  readonly message: string;
}

/** What the Java runtime makes of the file: it opens it, or fails with `message`. */
export type JavaLoading =
  | { readonly opens: true }
  | { readonly opens: false; readonly message: string };

/** Everything that one file or other source holds. */
export interface StoreFile {
  /** Null for bytes that have no file, and for the operating system's store. */
  readonly path: string | null;
  readonly format: StoreFormat;
  readonly flavour: StoreFlavour;
  /** `unchecked`: without a password, or because the file has nothing to check. */
  readonly integrity: "ok" | "wrong" | "unchecked";
  /** Certificates in file order. */
  readonly entries: readonly StoreEntry[];
  readonly skipped: SkippedCounts;
  readonly anomalies: readonly StoreAnomaly[];
  /** As a keystore with the same password. PEM and DER are no keystores: Java programs import them. */
  readonly java: JavaLoading;
  /** What an operator should know about how the file was read; null when there is nothing to say. */
  readonly message: string | null;
}

/** A named set of anchors, read from one or more files. */
export interface Truststore {
  readonly name: string;
  readonly files: readonly StoreFile[];
}

/** Nothing skipped. */
export const NOTHING_SKIPPED: SkippedCounts = {
  privateKeys: 0,
  secretKeys: 0,
  revocationLists: 0,
  requests: 0,
  other: 0,
};
