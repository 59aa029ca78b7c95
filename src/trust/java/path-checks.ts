import type { Certificate } from "../../x509/certificate.ts";
import {
  authorityKeyIdentifier,
  basicConstraints,
  keyUsage,
  subjectKeyIdentifier,
  valueOf,
} from "../../x509/extensions.ts";
import { ExtensionOid } from "../../x509/oids.ts";
import { type PolicyFailure, PolicyTree } from "../policy-tree.ts";
import { reason } from "../reason.ts";
import {
  type AlgorithmRefusal,
  checkCertPathAlgorithms,
  checkTlsAlgorithms,
} from "./algorithm-constraints.ts";
import { BLOCKED_CERTIFICATES } from "./blocked-certificates.ts";
import { checkJavaRevocation } from "./check-revocation.ts";
import { type JavaContext, samePrincipal, selfIssued } from "./context.ts";
import { javaDate } from "./dates.ts";
import { javaAltNames, nameText } from "./general-names.ts";
import {
  checkNameConstraints,
  commonNameAsName,
  type JavaNameConstraints,
  mergeConstraints,
} from "./name-constraints.ts";
import { refusal, type Refusal } from "./refusal.ts";
import { signatureComplaint } from "./signature-check.ts";

/** Critical extensions that PKIX processes (PKIXCertPathValidator). */
const HANDLED_EXTENSIONS: ReadonlySet<string> = new Set([
  ExtensionOid.keyUsage,
  ExtensionOid.extendedKeyUsage,
  ExtensionOid.subjectAltName,
  ExtensionOid.basicConstraints,
  ExtensionOid.nameConstraints,
  ExtensionOid.certificatePolicies,
  ExtensionOid.policyMappings,
  ExtensionOid.policyConstraints,
  ExtensionOid.inhibitAnyPolicy,
]);

/** Which checks a path gets: as sent (PKIXCertPathValidator) or as built (SunCertPathBuilder), where dates are known. */
export type PathMode = "validate" | "build";

/**
 * Checks one path under one anchor, from the top down to the leaf, in the order of the JDK's checkers.
 * @param path leaf first, without the anchor
 * @throws {JavaCrash}
 */
export function checkPath(
  path: readonly Certificate[],
  anchor: Certificate,
  context: JavaContext,
  mode: PathMode,
): Refusal | null {
  const blockedAnchor = checkBlocked(anchor, path.length);
  if (blockedAnchor !== null) return blockedAnchor;
  const dated = context.rules.anchorDatesCount
    ? checkValidity(anchor, path.length, context.at)
    : null;
  if (dated !== null) return dated;
  const policies = new PolicyTree(path.length, {
    refuseCriticalQualifiers: true,
    inhibitAnyPolicyMustBeCritical: true,
    isSelfIssued: selfIssued,
  });
  const state: PathState = { issuer: anchor, remaining: path.length, constraints: null, policies };
  const checks = mode === "validate" ? VALIDATION : BUILDING;
  for (let depth = path.length - 1; depth >= 0; depth--) {
    const certificate = path[depth];
    if (certificate === undefined) break;
    const step = { certificate, depth, isTop: depth === path.length - 1, state, context };
    for (const check of checks) {
      const refused = check(step);
      if (refused !== null) return refused;
    }
    state.issuer = certificate;
  }
  return null;
}

interface PathState {
  issuer: Certificate;
  /** Non-self-issued CA certificates that may still follow. */
  remaining: number;
  constraints: JavaNameConstraints | null;
  readonly policies: PolicyTree;
}

interface Step {
  readonly certificate: Certificate;
  readonly depth: number;
  readonly isTop: boolean;
  readonly state: PathState;
  readonly context: JavaContext;
}

type Check = (step: Step) => Refusal | null;

const checkAlgorithms: Check = (step) => algorithmRefusal(checkCertPathAlgorithms(keyed(step)));
const checkTls: Check = (step) => algorithmRefusal(checkTlsAlgorithms(keyed(step)));
/** The validator does not tell this checker its anchor, the builder does. */
const checkTlsWithoutAnchor: Check = (step) =>
  algorithmRefusal(
    checkTlsAlgorithms(step.isTop ? { ...keyed(step), issuerKey: null } : keyed(step)),
  );

/** PKIXCertPathValidator. */
const VALIDATION: readonly Check[] = [
  ({ certificate, depth }) => checkBlocked(certificate, depth),
  checkAlgorithms,
  ({ certificate, depth }) => (depth === 0 ? null : checkCertSign(certificate, depth)),
  checkBasicConstraints,
  checkConstraints,
  checkPolicies,
  ({ certificate, depth, context }) => checkValidity(certificate, depth, context.at),
  checkNameChaining,
  checkSignature,
  checkRevocation,
  checkTlsWithoutAnchor,
  ({ certificate, depth }) => checkCriticalExtensions(certificate, depth),
];

/** The final verification of SunCertPathBuilder, whose search has looked at the rest. */
const BUILDING: readonly Check[] = [
  checkSignature,
  checkPolicies,
  checkBasicConstraints,
  checkConstraints,
  checkAlgorithms,
  checkRevocation,
  checkTls,
];

function keyed({
  certificate,
  depth,
  isTop,
  state,
  context,
}: Step): Parameters<typeof checkTlsAlgorithms>[0] {
  return { certificate, depth, isTop, context, issuerKey: state.issuer.publicKey };
}

function algorithmRefusal(refused: AlgorithmRefusal | null): Refusal | null {
  return refused === null ? null : refusal("validation", refused.reason, refused.text);
}

/** UntrustedCertChecker: the list of single certificates that the JDK refuses. */
export function checkBlocked({ sha256, subject }: Certificate, depth: number): Refusal | null {
  if (!BLOCKED_CERTIFICATES.has(sha256)) return null;
  return refusal(
    "validation",
    reason("blocked", { sha256, depth }),
    `Untrusted certificate: ${subject.text}`,
  );
}

/** KeyChecker.verifyCAKeyUsage. */
export function checkCertSign(certificate: Certificate, depth: number): Refusal | null {
  const usage = valueOf(keyUsage(certificate));
  if (usage === undefined || usage.has("keyCertSign")) return null;
  return refusal(
    "validation",
    reason("key-cert-sign-missing", { sha256: certificate.sha256, depth }),
    "CA key usage check failed: keyCertSign bit is not set",
  );
}

/** Whether getBasicConstraints() would say that this is a CA. */
export function isCa(certificate: Certificate): boolean {
  return valueOf(basicConstraints(certificate))?.ca === true;
}

function checkBasicConstraints({ certificate, depth, isTop, state }: Step): Refusal | null {
  if (depth === 0) return null;
  const { sha256, version } = certificate;
  const isCaHere = version < 3 ? isTop && selfIssued(certificate) : isCa(certificate);
  if (!isCaHere)
    return refusal(
      "validation",
      reason("not-a-ca", { sha256, depth }),
      "basic constraints check failed: this is not a CA certificate",
    );
  if (!selfIssued(certificate)) {
    if (state.remaining <= 0)
      return refusal(
        "validation",
        reason("path-length-exceeded", { sha256, depth }),
        "basic constraints check failed: pathLenConstraint violated - this cert must be the last cert in the certification path",
      );
    state.remaining--;
  }
  const allowed = valueOf(basicConstraints(certificate))?.pathLength ?? null;
  if (version === 3 && allowed !== null) state.remaining = Math.min(state.remaining, allowed);
  return null;
}

function checkConstraints(step: Step): Refusal | null {
  const { certificate, depth, state, context } = step;
  const refused =
    state.constraints !== null && (depth === 0 || !selfIssued(certificate))
      ? checkMerged(step, state.constraints)
      : null;
  if (refused !== null) return refused;
  state.constraints = mergeConstraints(state.constraints, certificate, context);
  return null;
}

function checkMerged(
  { certificate, depth, context }: Step,
  constraints: JavaNameConstraints,
): Refusal | null {
  const { sha256 } = certificate;
  const outcome = checkNameConstraints(certificate, constraints, context);
  if (outcome.kind === "unsupported")
    return refusal(
      "validation",
      reason("name-constraints-unsupported", { sha256, depth, detail: outcome.text }),
      `java.io.IOException: ${outcome.text}`,
      [`java.io.IOException: ${outcome.text}`],
    );
  if (depth === 0 && !(outcome.kind === "violated" && outcome.name.kind === "directory"))
    noteAddedName(certificate, context);
  if (outcome.kind === "satisfied") return null;
  return refusal(
    "validation",
    reason("name-constraints", { sha256, depth, detail: nameText(outcome.name) }),
    "name constraints check failed",
  );
}

/**
 * NameConstraintsExtension.verify adds the CN to the very list of alternative names that the host name check reads
 * later, so under name constraints an address in the CN counts.
 */
function noteAddedName(leaf: Certificate, context: JavaContext): void {
  const names = javaAltNames(leaf);
  if (names.state === "present")
    context.leaf.addedName = commonNameAsName(leaf.subject, names.names);
}

const POLICY_TEXTS: Record<PolicyFailure, string> = {
  "no-valid-policy": "non-null policy tree required and policy tree is null",
  "maps-from-any-policy": "encountered an issuerDomainPolicy of ANY_POLICY",
  "maps-to-any-policy": "encountered a subjectDomainPolicy of ANY_POLICY",
  "critical-qualifiers": "critical policy qualifiers present in certificate",
};

/** PolicyChecker, with nothing required at the start. */
function checkPolicies({ certificate, depth, state }: Step): Refusal | null {
  const failure = state.policies.process(certificate);
  if (failure === null) return null;
  return refusal(
    "validation",
    reason("policy", { sha256: certificate.sha256, depth, detail: failure }),
    POLICY_TEXTS[failure],
  );
}

/** X509Certificate.checkValidity: inclusive at both ends, in milliseconds. */
export function checkValidity(certificate: Certificate, depth: number, at: number): Refusal | null {
  const { sha256, notAfter, notBefore } = certificate;
  // CertificateValidity.valid looks at the beginning first
  if (at < notBefore) {
    const text = `NotBefore: ${javaDate(notBefore)}`;
    return refusal(
      "validation",
      reason("not-yet-valid", { sha256, depth, detail: text }),
      "validity check failed",
      [`java.security.cert.CertificateNotYetValidException: ${text}`],
    );
  }
  if (at <= notAfter) return null;
  const text = `NotAfter: ${javaDate(notAfter)}`;
  return refusal(
    "validation",
    reason("expired", { sha256, depth, detail: text }),
    "validity check failed",
    [`java.security.cert.CertificateExpiredException: ${text}`],
  );
}

function checkNameChaining({ certificate, depth, state }: Step): Refusal | null {
  const { sha256, issuer } = certificate;
  if (issuer.rdns.length > 0 && samePrincipal(issuer, state.issuer.subject)) return null;
  return refusal(
    "validation",
    reason("name-chaining", { sha256, depth }),
    "subject/issuer name chaining check failed",
  );
}

function checkSignature({ certificate, depth, state, context }: Step): Refusal | null {
  const causes = signatureComplaint(context, certificate, state.issuer);
  if (causes === null) return null;
  return refusal(
    "validation",
    reason("signature-invalid", { sha256: certificate.sha256, depth }),
    "signature check failed",
    causes,
  );
}

function checkRevocation({ certificate, depth, isTop, state, context }: Step): Refusal | null {
  const { revocation, at, rules } = context;
  if (revocation === null) return null;
  return checkJavaRevocation(
    { certificate, depth, issuer: state.issuer, isTop, at, release: rules.wording },
    revocation,
  );
}

/** Critical extensions that nobody processed. */
export function checkCriticalExtensions(certificate: Certificate, depth: number): Refusal | null {
  const unknown = certificate.extensions.filter(
    ({ critical, oid }) => critical && !HANDLED_EXTENSIONS.has(oid),
  );
  if (unknown.length === 0) return null;
  return refusal(
    "validation",
    reason("unknown-critical-extension", {
      sha256: certificate.sha256,
      depth,
      detail: unknown.map(({ oid }) => oid).join(", "),
    }),
    "unrecognized critical extension(s)",
    [],
  );
}

/** AdaptableX509CertSelector: whether an anchor fits the authority key identifier of the certificate below it. */
export function fitsKeyIdentifier(anchor: Certificate, below: Certificate): boolean {
  const wanted = valueOf(authorityKeyIdentifier(below));
  if (wanted === undefined) return true;
  const { keyIdentifier, serialNumber } = wanted;
  if (serialNumber !== null && anchor.version === 3 && serialNumber !== anchor.serialNumber)
    return false;
  const own = anchor.extensions.find(({ oid }) => oid === ExtensionOid.subjectKeyIdentifier);
  if (keyIdentifier === null || own === undefined) return true;
  // encodings are compared, so that a malformed one fits nothing
  return valueOf(subjectKeyIdentifier(anchor)) === keyIdentifier;
}
