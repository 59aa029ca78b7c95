import type { Certificate } from "../../x509/certificate.ts";
import { isSignedBy } from "../../x509/verify-signature.ts";
import { canonicalName, type Name } from "../../x509/name.ts";
import type { Budget } from "../budget.ts";
import type { JavaRules } from "../profile.ts";
import type { Purpose } from "../verdict.ts";
import type { JavaRevocation } from "./check-revocation.ts";
import type { JavaName } from "./general-names.ts";
import { parseComplaint } from "./parse-refusals.ts";

/** What every step of one Java verdict needs. */
export interface JavaContext {
  readonly rules: JavaRules;
  readonly at: number;
  readonly purpose: Purpose;
  readonly anchors: AnchorIndex;
  readonly budget: Budget;
  /** Negotiated version; null counts as TLS 1.3. */
  readonly version: string | null;
  readonly cipherSuite: string | null;
  readonly maxPathLength: number | null;
  /** Null without com.sun.net.ssl.checkRevocation. */
  readonly revocation: JavaRevocation | null;
  /** What checking name constraints leaves behind on the leaf. */
  readonly leaf: { addedName: JavaName | null };
}

/** Anchors by identity and by subject, as PKIXValidator keeps them. */
export interface AnchorIndex {
  readonly all: readonly Certificate[];
  /** How many different certificates there are. */
  readonly count: number;
  /** The exceptions for the first anchor that the JDK cannot read; a store with such a one does not load. */
  readonly unreadable: (release: JavaRules["wording"]) => readonly string[] | null;
  readonly has: (certificate: Certificate) => boolean;
  readonly bySubject: (name: Name) => readonly Certificate[];
}

const indexes = new WeakMap<readonly Certificate[], AnchorIndex>();

/** Indexes anchors; the same array is indexed once. */
export function indexAnchors(anchors: readonly Certificate[]): AnchorIndex {
  const known = indexes.get(anchors);
  if (known !== undefined) return known;
  const identities = new Set(anchors.map(({ sha256 }) => sha256));
  const subjects = Map.groupBy(anchors, ({ subject }) => canonicalName(subject, "java"));
  const index: AnchorIndex = {
    all: anchors,
    count: identities.size,
    unreadable: rememberUnreadable(anchors),
    has: ({ sha256 }) => identities.has(sha256),
    bySubject: (name) => subjects.get(canonicalName(name, "java")) ?? [],
  };
  indexes.set(anchors, index);
  return index;
}

function rememberUnreadable(anchors: readonly Certificate[]): AnchorIndex["unreadable"] {
  const known = new Map<JavaRules["wording"], readonly string[] | null>();
  return (release) => {
    const before = known.get(release);
    if (before !== undefined) return before;
    const found =
      anchors.map((each) => parseComplaint(each, release)).find((each) => each !== null) ?? null;
    known.set(release, found);
    return found;
  };
}

/** Whether X500Principal calls two names equal. */
export function samePrincipal(a: Name, b: Name): boolean {
  return canonicalName(a, "java") === canonicalName(b, "java");
}

/** X509CertImpl.isSelfIssued. */
export function selfIssued(certificate: Certificate): boolean {
  return samePrincipal(certificate.subject, certificate.issuer);
}

/** Verifies a signature within the budget of the verdict. */
export function signedBy(
  context: JavaContext,
  certificate: Certificate,
  issuer: Certificate,
): boolean {
  context.budget.signature();
  return isSignedBy(certificate, issuer);
}
