import { hasAnomaly } from "../../x509/anomaly.ts";
import type { Certificate } from "../../x509/certificate.ts";
import { keyUsage, valueOf } from "../../x509/extensions.ts";
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
export function* verifyChain(
  chain: readonly Certificate[],
  context: OpenSslContext,
): Generator<VerifyError> {
  const top = chain.at(-1);
  if (top === undefined) return;
  const depth = chain.length - 1;
  if (likelyIssued(top, top) || context.rules.partialChain) yield* checkTime(top, depth, context);
  else if (depth === 0) {
    yield verifyError(VerifyErrors.unableToVerifyLeaf, "issuer-unknown", {
      certificate: top,
      depth,
    });
    yield* checkTime(top, depth, context);
  }
  for (let below = depth - 1; below >= 0; below--) {
    const certificate = chain[below];
    const issuer = chain[below + 1];
    if (certificate === undefined || issuer === undefined) break;
    yield* checkIssuer(issuer, below + 1);
    yield* checkSignature(certificate, issuer, below, context);
    yield* checkTime(certificate, below, context);
  }
}

/** ossl_x509_signing_allowed. */
function* checkIssuer(issuer: Certificate, depth: number): Generator<VerifyError> {
  const usage = valueOf(keyUsage(issuer));
  if (usage !== undefined && !usage.has("keyCertSign"))
    yield verifyError(VerifyErrors.keyUsageNoCertSign, "key-cert-sign-missing", {
      certificate: issuer,
      depth,
    });
}

/** X509_verify: the algorithms of inside and outside must be the same. */
function* checkSignature(
  certificate: Certificate,
  issuer: Certificate,
  depth: number,
  context: OpenSslContext,
): Generator<VerifyError> {
  if (publicKeyOf(issuer) === null)
    yield verifyError(VerifyErrors.issuerKeyUnreadable, "signature-invalid", {
      certificate: issuer,
      depth: depth + 1,
    });
  else if (
    hasAnomaly(certificate, "signature-algorithm-mismatch") ||
    !signedBy(context, certificate, issuer)
  )
    yield verifyError(VerifyErrors.signatureFailure, "signature-invalid", { certificate, depth });
}

function* checkTime(
  certificate: Certificate,
  depth: number,
  { at }: OpenSslContext,
): Generator<VerifyError> {
  const state = timeState(certificate, at);
  switch (state) {
    case "valid":
      return;
    case "expired":
      yield verifyError(VerifyErrors.expired, "expired", {
        certificate,
        depth,
        detail: new Date(certificate.notAfter).toISOString(),
      });
      return;
    case "not-yet-valid":
      yield verifyError(VerifyErrors.notYetValid, "not-yet-valid", {
        certificate,
        depth,
        detail: new Date(certificate.notBefore).toISOString(),
      });
  }
}
