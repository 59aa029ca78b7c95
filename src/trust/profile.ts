import type { StoreFamily } from "../truststore/visibility.ts";
import type { ProfileName } from "./profile-names.ts";

/** What a statement about a client rests on. */
export type ProfileEvidence = "measured" | "source" | "documented";

/** When a distrust policy refuses a leaf. */
export interface DistrustPolicy {
  /** Name used in Java's message, e.g. `Entrust`. */
  readonly owner: string;
  /** SHA-256 of the anchors. */
  readonly anchors: readonly string[];
  /** Leaves issued (notBefore) after this UTC day are refused; null refuses every leaf. */
  readonly issuedAfter: string | null;
}

/** Rules of the Java trust managers (JSSE). */
export interface JavaRules {
  readonly kind: "java";
  /** `pkix`: PKIXValidator; `simple`: SimpleValidator behind TrustManagerFactory SunX509. */
  readonly validator: "pkix" | "simple";
  /** Certificates allowed in the Certificate message (jdk.tls.maxCertificateChainLength). */
  readonly maxChainLength: number;
  /** Non-self-issued intermediates that path building may pass (PKIXBuilderParameters default). */
  readonly maxBuiltIntermediates: number;
  readonly httpsWildcards: "any-label" | "left-most-label";
  /** Whether both names are converted to Unicode before they are compared. */
  readonly unicodeNames: boolean;
  /** Whether a wildcard SAN collides with the excluded names that it covers. */
  readonly wildcardsMeetExclusions: boolean;
  /** Whether ::ffff:a.b.c.d counts as IPv4 in name constraints. */
  readonly mappedAddressesAreIpv4: boolean;
  /** Whether a malformed SAN or EKU raises an error when it is used, instead of counting as absent. */
  readonly malformedExtensionsRaise: boolean;
  /** Whether an address of one family is held against a constraint of the other, as updates before 2026 do. */
  readonly addressFamiliesCollide: boolean;
  /** jdk.certpath.disabledAlgorithms. */
  readonly certPathDisabled: string;
  /** jdk.tls.disabledAlgorithms, of which names of keys, curves and signatures concern certificates. */
  readonly tlsDisabled: string;
  /** jdk.disabled.namedCurves, which the two lists may include. */
  readonly disabledCurves: string;
  /** jdk.security.allowNonCaAnchor. */
  readonly allowNonCaAnchor: boolean;
  /** Whether the dates of the anchor count, as in IBM's JSSE2. */
  readonly anchorDatesCount: boolean;
  /** Curves on which signatures can be verified; null for all that the release names. */
  readonly verifiableCurves: readonly string[] | null;
  readonly distrust: readonly DistrustPolicy[];
  /** Wording of algorithm failures, which changed after 17. */
  readonly wording: "17" | "25";
  /** Whether exception texts begin with the alert, `(certificate_unknown) `. */
  readonly alertInText: boolean;
}

/** Rules of OpenSSL's X509_verify_cert and of clients built on it. */
export interface OpenSslRules {
  readonly kind: "openssl";
  /** X509_V_FLAG_PARTIAL_CHAIN: any stored certificate ends a path. */
  readonly partialChain: boolean;
  /** Security bits that the security level asks for: 80 at level 1, 112 at level 2. */
  readonly securityBits: number;
  /** Who compares the host name: X509_check_host or Node's tls.checkServerIdentity. */
  readonly hostNames: "openssl" | "node";
  /** Whether `f*.example.com` matches (X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS not set). */
  readonly partialWildcards: boolean;
  /** Whether errors about unknown issuers end with the hint at --use-system-ca (Node.js 24). */
  readonly rootHint: boolean;
}

/** Rules of Go's crypto/x509 (measured with 1.19). */
export interface GoRules {
  readonly kind: "go";
  /** Signature checks allowed for one verdict. */
  readonly maxSignatureChecks: number;
  /** Comparisons of names with the constraints of one CA. */
  readonly maxComparisons: number;
}

/** RFC 5280 with the form rules of the web PKI: what nobody should refuse to improve; no deployed client. */
export interface StrictRules {
  readonly kind: "strict";
  /** Intermediates allowed in a path. */
  readonly maxIntermediates: number;
  /** Comparisons of names with constraints allowed for one verdict. */
  readonly maxComparisons: number;
}

/** The trust rules of one kind of client, as data. */
export interface Profile {
  readonly name: ProfileName;
  /** For people, e.g. `OpenJDK 17`. */
  readonly title: string;
  /** Which entries of a store this client sees as anchors. */
  readonly storeFamily: StoreFamily;
  readonly evidence: ProfileEvidence;
  readonly rules: JavaRules | OpenSslRules | GoRules | StrictRules;
  /** Whose words a refusal is told in, where the rules are those of another client; absent for its own. */
  readonly words?: VendorWords;
}

/** Products whose texts differ from those of the library that comes nearest to their rules. */
export type VendorWords = "ibm-jsse2" | "gskit" | "layer7" | "dotnet";
