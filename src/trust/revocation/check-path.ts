import type { Certificate } from "../../x509/certificate.ts";
import { crlDistributionPoints } from "../../x509/distribution-points.ts";
import { authorityInfoAccess, valueOf } from "../../x509/extensions.ts";
import { AccessMethod } from "../../x509/oids.ts";
import { statusByLists } from "./check-lists.ts";
import { statusByResponses } from "./check-responses.ts";
import { isEmpty, type RevocationContext, type RevocationEvidence } from "./evidence.ts";
import { type RevocationStatement, type RevocationStatus, strongest, unknown } from "./status.ts";

/**
 * What is known about the revocation of every certificate of a path but its anchor, which nobody can revoke
 * (RFC 5280 section 6.1.3, step (a)(3)). Without evidence every status is unknown.
 *
 * @param path leaf first, anchor last
 * @param others certificates besides the path that may have signed a list
 */
export function revocationOfPath(
  path: readonly Certificate[],
  evidence: RevocationEvidence,
  { others, at }: { readonly others: readonly Certificate[]; readonly at: number },
): readonly RevocationStatement[] {
  const context: RevocationContext = { evidence, path, others, at };
  return path.slice(0, -1).map((certificate, depth) => {
    const issuer = path[depth + 1] ?? certificate;
    return { certificate, depth, status: statusOf(certificate, issuer, context) };
  });
}

function statusOf(
  certificate: Certificate,
  issuer: Certificate,
  context: RevocationContext,
): RevocationStatus {
  if (isEmpty(context.evidence))
    return unknown(isOffered(certificate) ? "not-given" : "not-offered");
  const found = strongest([
    statusByResponses(certificate, issuer, context),
    statusByLists(certificate, issuer, context),
  ]);
  return found ?? unknown("not-given");
}

/** Whether a certificate says where its status can be asked for. */
export function isOffered(certificate: Certificate): boolean {
  const points = valueOf(crlDistributionPoints(certificate)) ?? [];
  const access = valueOf(authorityInfoAccess(certificate)) ?? [];
  return points.length > 0 || access.some(({ method }) => method === AccessMethod.ocsp);
}
