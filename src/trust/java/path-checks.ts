import type { Certificate } from "../../x509/certificate.ts";
import {
  authorityKeyIdentifier,
  basicConstraints,
  keyUsage,
  nameConstraints,
  type NameConstraints,
  subjectKeyIdentifier,
  valueOf,
} from "../../x509/extensions.ts";
import { ExtensionOid } from "../../x509/oids.ts";
import { formatGeneralName } from "../../x509/general-name.ts";
import { reason } from "../reason.ts";
import {
  checkAnchorKey,
  checkDisabledAlgorithms,
  checkOfferedSchemes,
} from "./algorithm-constraints.ts";
import { BLOCKED_CERTIFICATES } from "./blocked-certificates.ts";
import { type JavaContext, samePrincipal, selfIssued, signedBy } from "./context.ts";
import { javaDate } from "./dates.ts";
import { checkNameConstraints } from "./name-constraints.ts";
import { refusal, type Refusal } from "./refusal.ts";

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
 */
export function checkPath(
  path: readonly Certificate[],
  anchor: Certificate,
  context: JavaContext,
  mode: PathMode,
): Refusal | null {
  const blockedAnchor = checkBlocked(anchor, path.length);
  if (blockedAnchor !== null) return blockedAnchor;
  const anchorKey = checkAnchorKey(anchor, path.length, context.rules);
  if (anchorKey !== null) return refusal("validation", anchorKey.reason, anchorKey.text);
  const state: PathState = { issuer: anchor, remaining: path.length, constraints: [] };
  for (let depth = path.length - 1; depth >= 0; depth--) {
    const certificate = path[depth];
    if (certificate === undefined) break;
    const step: Step = {
      certificate,
      depth,
      isTop: depth === path.length - 1,
      state,
      context,
      mode,
    };
    for (const check of CHECKS) {
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
  constraints: NameConstraints[];
}

interface Step {
  readonly certificate: Certificate;
  readonly depth: number;
  readonly isTop: boolean;
  readonly state: PathState;
  readonly context: JavaContext;
  readonly mode: PathMode;
}

type Check = (step: Step) => Refusal | null;

const CHECKS: readonly Check[] = [
  ({ certificate, depth }) => checkBlocked(certificate, depth),
  ({ certificate, depth, context }) => {
    const refused = checkDisabledAlgorithms(certificate, depth, context.rules);
    return refused === null ? null : refusal("validation", refused.reason, refused.text);
  },
  ({ certificate, depth }) => (depth === 0 ? null : checkCertSign(certificate, depth)),
  checkBasicConstraints,
  checkConstraints,
  checkDates,
  checkSignature,
  ({ certificate, depth, context }) => {
    const refused = checkOfferedSchemes(certificate, depth, context);
    return refused === null ? null : refusal("validation", refused.reason, refused.text);
  },
  ({ certificate, depth }) => checkCriticalExtensions(certificate, depth),
];

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

function checkConstraints({ certificate, depth, state, context }: Step): Refusal | null {
  const { sha256 } = certificate;
  if (depth === 0 || !selfIssued(certificate))
    for (const constraints of state.constraints) {
      const outcome = checkNameConstraints(certificate, constraints, context);
      if (outcome.kind === "unsupported")
        return refusal(
          "validation",
          reason("name-constraints-unsupported", { sha256, depth, detail: outcome.text }),
          outcome.text,
        );
      if (outcome.kind === "violated")
        return refusal(
          "validation",
          reason("name-constraints", { sha256, depth, detail: formatGeneralName(outcome.name) }),
          "name constraints check failed",
        );
    }
  const own = valueOf(nameConstraints(certificate));
  if (own !== undefined) state.constraints.push(own);
  return null;
}

function checkDates({ certificate, depth, context, mode }: Step): Refusal | null {
  return mode === "build" ? null : checkValidity(certificate, depth, context.at);
}

/** X509Certificate.checkValidity: inclusive at both ends, in milliseconds. */
export function checkValidity(certificate: Certificate, depth: number, at: number): Refusal | null {
  const { sha256, notAfter, notBefore } = certificate;
  if (at > notAfter)
    return refusal(
      "validation",
      reason("expired", { sha256, depth, detail: `NotAfter: ${javaDate(notAfter)}` }),
      "validity check failed",
    );
  if (at < notBefore)
    return refusal(
      "validation",
      reason("not-yet-valid", { sha256, depth, detail: `NotBefore: ${javaDate(notBefore)}` }),
      "validity check failed",
    );
  return null;
}

function checkSignature({ certificate, depth, state, context, mode }: Step): Refusal | null {
  const { sha256, issuer } = certificate;
  if (
    mode === "validate" &&
    (issuer.rdns.length === 0 || !samePrincipal(issuer, state.issuer.subject))
  )
    return refusal(
      "validation",
      reason("name-chaining", { sha256, depth }),
      "subject/issuer name chaining check failed",
    );
  if (signedBy(context, certificate, state.issuer)) return null;
  return refusal(
    "validation",
    reason("signature-invalid", { sha256, depth }),
    "signature check failed",
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
  );
}

/** AdaptableX509CertSelector: whether an anchor fits the authority key identifier of the certificate below it. */
export function fitsKeyIdentifier(anchor: Certificate, below: Certificate): boolean {
  const wanted = valueOf(authorityKeyIdentifier(below));
  if (wanted === undefined) return true;
  const { keyIdentifier, serialNumber } = wanted;
  if (serialNumber !== null && anchor.version === 3 && serialNumber !== anchor.serialNumber)
    return false;
  const own = valueOf(subjectKeyIdentifier(anchor));
  return keyIdentifier === null || own === undefined || own === keyIdentifier;
}
