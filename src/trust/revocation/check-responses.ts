import { bytesEqual } from "../../x509/der-values.ts";
import type { Certificate } from "../../x509/certificate.ts";
import { extendedKeyUsage, valueOf } from "../../x509/extensions.ts";
import { namesEqual } from "../../x509/name.ts";
import type { BasicOcspResponse, SingleResponse } from "../../x509/ocsp.ts";
import { matchesCertificate, responderKeyHash } from "../../x509/ocsp-request.ts";
import { ExtensionOid, KeyPurpose } from "../../x509/oids.ts";
import { isSignedBy } from "../../x509/verify-signature.ts";
import type { RevocationContext } from "./evidence.ts";
import { isSignedWith } from "./signature-memory.ts";
import { type RevocationStatus, strongest, unknown } from "./status.ts";

/** How far the clocks of responder and client may differ: the JDK's tolerance (OCSPResponse.MAX_CLOCK_SKEW). */
const CLOCK_SKEW = 15 * 60_000;

/** How long a response counts that does not say when the next one comes. */
const DEFAULT_LIFETIME = 24 * 3_600_000;

/** Detail of a response whose signer was certified by the issuer, but not for this. */
export const NOT_FOR_SIGNING = "the responder's certificate is not for OCSP signing";

/** The status of a certificate by the OCSP responses that were given (RFC 6960 section 3.2). */
export function statusByResponses(
  certificate: Certificate,
  issuer: Certificate,
  context: RevocationContext,
): RevocationStatus {
  const { responses } = context.evidence;
  if (responses.length === 0) return unknown("not-given");
  const statuses = responses.map((read): RevocationStatus => {
    if (!read.ok) return unknown("malformed", "ocsp", read.error.message);
    if (read.value.kind === "error") return unknown("responder-error", "ocsp", read.value.status);
    return responseStatus(read.value, certificate, issuer, context.at);
  });
  return strongest(statuses) ?? unknown("not-given");
}

/** What one response says about a certificate. */
export function responseStatus(
  response: BasicOcspResponse,
  certificate: Certificate,
  issuer: Certificate,
  at: number,
): RevocationStatus {
  const single = response.responses.find(({ id }) => matchesCertificate(id, certificate, issuer));
  if (single === undefined) return unknown("not-covered", "ocsp", aboutOthers(response));
  const critical = [...response.extensions, ...single.extensions].find(
    (extension) => extension.critical && extension.oid !== ExtensionOid.ocspNonce,
  );
  if (critical !== undefined) return unknown("critical-extension", "ocsp", critical.oid);
  return signerProblem(response, issuer, at) ?? timeProblem(single, at) ?? answerOf(single);
}

function aboutOthers({ responses }: BasicOcspResponse): string {
  const serials = responses.map(({ id }) => id.serialNumber);
  return serials.length === 0 ? "no certificate" : `serial number ${serials.join(", ")}`;
}

/** The issuer itself may answer, and whoever it has certified for that (RFC 6960 section 4.2.2.2). */
function signerProblem(
  response: BasicOcspResponse,
  issuer: Certificate,
  at: number,
): RevocationStatus | null {
  const named = [issuer, ...response.certificates].filter((each) => isResponder(each, response));
  if (named.length === 0)
    return unknown("signer-unauthorised", "ocsp", "the responder's certificate is missing");
  const signer = named.find((each) => isSignedWith(response, each));
  if (signer === undefined) return unknown("signature-invalid", "ocsp");
  if (bytesEqual(signer.spki, issuer.spki)) return null;
  const problem = delegationProblem(signer, issuer, at);
  return problem === null ? null : unknown("signer-unauthorised", "ocsp", problem);
}

function isResponder(candidate: Certificate, { responder }: BasicOcspResponse): boolean {
  return responder.kind === "name"
    ? namesEqual(candidate.subject, responder.name, "openssl")
    : responderKeyHash(candidate) === responder.hash;
}

function delegationProblem(signer: Certificate, issuer: Certificate, at: number): string | null {
  if (!namesEqual(signer.issuer, issuer.subject, "openssl") || !isSignedBy(signer, issuer))
    return "the responder's certificate is from another authority";
  const purposes = valueOf(extendedKeyUsage(signer)) ?? [];
  if (!purposes.includes(KeyPurpose.ocspSigning)) return NOT_FOR_SIGNING;
  return at < signer.notBefore || at > signer.notAfter
    ? "the responder's certificate is not valid now"
    : null;
}

function timeProblem(
  { thisUpdate, nextUpdate }: SingleResponse,
  at: number,
): RevocationStatus | null {
  if (at + CLOCK_SKEW < thisUpdate)
    return unknown("not-yet-valid", "ocsp", new Date(thisUpdate).toISOString());
  const end = nextUpdate ?? thisUpdate + DEFAULT_LIFETIME;
  return at - CLOCK_SKEW > end ? unknown("stale", "ocsp", new Date(end).toISOString()) : null;
}

function answerOf({ status, nextUpdate }: SingleResponse): RevocationStatus {
  switch (status.kind) {
    case "good":
      return { kind: "good", source: "ocsp", until: nextUpdate };
    case "revoked":
      return { kind: "revoked", source: "ocsp", at: status.at, reason: status.reason };
    case "unknown":
      return unknown("responder-unaware", "ocsp");
  }
}
