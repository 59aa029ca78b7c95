import type { Certificate } from "../../x509/certificate.ts";
import { basicConstraints, keyUsage, valueOf } from "../../x509/extensions.ts";
import { publicKeyOf } from "../../x509/verify-signature.ts";
import {
  type OpenSslContext,
  signedBy,
  timeState,
  verifyError,
  type VerifyError,
} from "./context.ts";
import { VerifyErrors } from "./errors.ts";
import { likelyIssued } from "./facts.ts";

/** internal_verify: signatures and dates from the top down; the anchor's dates count. */
export function verifyChain(
  chain: readonly Certificate[],
  context: OpenSslContext,
): VerifyError | null {
  const top = chain.at(-1);
  if (top === undefined) return null;
  const depth = chain.length - 1;
  if (likelyIssued(top, top) || context.rules.partialChain) {
    const error = checkTime(top, depth, context);
    if (error !== null) return error;
  } else if (depth === 0)
    return verifyError(VerifyErrors.unableToVerifyLeaf, "issuer-unknown", {
      certificate: top,
      depth,
    });
  return verifyBelow(chain, depth - 1, context);
}

function verifyBelow(
  chain: readonly Certificate[],
  from: number,
  context: OpenSslContext,
): VerifyError | null {
  for (let depth = from; depth >= 0; depth--) {
    const certificate = chain[depth];
    const issuer = chain[depth + 1];
    if (certificate === undefined || issuer === undefined) break;
    const error =
      checkIssuer(issuer, depth + 1) ??
      checkSignature(certificate, issuer, depth, context) ??
      checkTime(certificate, depth, context);
    if (error !== null) return error;
  }
  return null;
}

/** ossl_x509_signing_allowed; an issuer without CA flag is left to the extension checks. */
function checkIssuer(issuer: Certificate, depth: number): VerifyError | null {
  const usage = valueOf(keyUsage(issuer));
  if (
    usage === undefined ||
    usage.has("keyCertSign") ||
    valueOf(basicConstraints(issuer))?.ca !== true
  )
    return null;
  return verifyError(VerifyErrors.keyUsageNoCertSign, "key-cert-sign-missing", {
    certificate: issuer,
    depth,
  });
}

function checkSignature(
  certificate: Certificate,
  issuer: Certificate,
  depth: number,
  context: OpenSslContext,
): VerifyError | null {
  if (publicKeyOf(issuer) !== null && signedBy(context, certificate, issuer)) return null;
  return verifyError(VerifyErrors.signatureFailure, "signature-invalid", { certificate, depth });
}

function checkTime(
  certificate: Certificate,
  depth: number,
  { at }: OpenSslContext,
): VerifyError | null {
  const state = timeState(certificate, at);
  switch (state) {
    case "valid":
      return null;
    case "expired":
      return verifyError(VerifyErrors.expired, "expired", {
        certificate,
        depth,
        detail: new Date(certificate.notAfter).toISOString(),
      });
    case "not-yet-valid":
      return verifyError(VerifyErrors.notYetValid, "not-yet-valid", {
        certificate,
        depth,
        detail: new Date(certificate.notBefore).toISOString(),
      });
  }
}
