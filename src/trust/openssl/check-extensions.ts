import type { Certificate } from "../../x509/certificate.ts";
import { basicConstraints, netscapeCertType, valueOf } from "../../x509/extensions.ts";
import { ExtensionOid } from "../../x509/oids.ts";
import type { ReasonCode } from "../reason.ts";
import type { Purpose } from "../verdict.ts";
import { type OpenSslContext, verifyError, type VerifyError } from "./context.ts";
import { VerifyErrors } from "./errors.ts";
import { caKind, fitsExtendedUsage, fitsPurpose, selfIssued } from "./facts.ts";

/** X509_supported_extension. */
const SUPPORTED_EXTENSIONS: ReadonlySet<string> = new Set([
  ExtensionOid.netscapeCertType,
  ExtensionOid.keyUsage,
  ExtensionOid.subjectAltName,
  ExtensionOid.basicConstraints,
  ExtensionOid.certificatePolicies,
  ExtensionOid.crlDistributionPoints,
  ExtensionOid.extendedKeyUsage,
  "1.3.6.1.5.5.7.1.7",
  "1.3.6.1.5.5.7.1.8",
  "1.3.6.1.5.5.7.48.1.5",
  ExtensionOid.policyConstraints,
  "1.3.6.1.5.5.7.1.14",
  ExtensionOid.nameConstraints,
  ExtensionOid.policyMappings,
  ExtensionOid.inhibitAnyPolicy,
]);

/** check_extensions: critical extensions, CA flags, purpose and path length, from the leaf upwards. */
export function* checkExtensions(
  chain: readonly Certificate[],
  context: OpenSslContext,
): Generator<VerifyError> {
  let passed = 0;
  for (const [depth, certificate] of chain.entries()) {
    yield* checkOne(certificate, depth, chain.length, context);
    yield* checkPathLength(certificate, depth, passed);
    if (depth > 0 && !selfIssued(certificate)) passed++;
  }
}

function* checkOne(
  certificate: Certificate,
  depth: number,
  length: number,
  { purpose }: OpenSslContext,
): Generator<VerifyError> {
  const at = { certificate, depth };
  const critical = certificate.extensions.filter(
    ({ critical: isCritical, oid }) => isCritical && !SUPPORTED_EXTENSIONS.has(oid),
  );
  if (critical.length > 0)
    yield verifyError(VerifyErrors.unhandledCritical, "unknown-critical-extension", {
      ...at,
      detail: critical.map(({ oid }) => oid).join(", "),
    });
  const kind = caKind(certificate);
  const isTop = depth === length - 1;
  if (depth > 0 && (kind === 0 || (!isTop && kind !== 1)))
    yield verifyError(
      VerifyErrors.invalidCa,
      isTop ? "anchor-not-a-ca" : caDefect(certificate),
      at,
    );
  if (length > 1 && certificate.publicKey.explicitCurve)
    yield verifyError(VerifyErrors.explicitCurve, "algorithm-disabled", at);
  if (!fitsPurpose(certificate, purpose, depth > 0))
    yield verifyError(VerifyErrors.invalidPurpose, purposeDefect(certificate, purpose), at);
}

function purposeDefect(certificate: Certificate, purpose: Purpose): ReasonCode {
  if (!fitsExtendedUsage(certificate, purpose)) return "extended-key-usage";
  return valueOf(netscapeCertType(certificate)) === undefined ? "key-usage" : "netscape-type";
}

function caDefect(certificate: Certificate): "not-a-ca" | "key-cert-sign-missing" {
  return valueOf(basicConstraints(certificate))?.ca === true ? "key-cert-sign-missing" : "not-a-ca";
}

function* checkPathLength(
  certificate: Certificate,
  depth: number,
  passed: number,
): Generator<VerifyError> {
  const allowed = valueOf(basicConstraints(certificate))?.pathLength ?? null;
  if (depth > 1 && allowed !== null && passed > allowed)
    yield verifyError(VerifyErrors.pathLengthExceeded, "path-length-exceeded", {
      certificate,
      depth,
    });
}
