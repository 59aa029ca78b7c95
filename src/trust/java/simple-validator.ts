import { type Certificate, sameKey } from "../../x509/certificate.ts";
import {
  authorityKeyIdentifier,
  basicConstraints,
  keyUsage,
  subjectKeyIdentifier,
  valueOf,
} from "../../x509/extensions.ts";
import { ExtensionOid } from "../../x509/oids.ts";
import { reason } from "../reason.ts";
import { checkDisabledAlgorithms, checkOfferedSchemes } from "./algorithm-constraints.ts";
import { type JavaContext, samePrincipal, selfIssued, signedBy } from "./context.ts";
import { javaDate } from "./dates.ts";
import { checkDistrust } from "./distrust.ts";
import { checkEndEntity } from "./end-entity.ts";
import { checkBlocked } from "./path-checks.ts";
import type { JavaOutcome } from "./pkix-validator.ts";
import { refusal, type Refusal } from "./refusal.ts";

const refused = (cause: Refusal): JavaOutcome => ({ kind: "refused", refusal: cause });

const KNOWN_EXTENSIONS: ReadonlySet<string> = new Set([
  ExtensionOid.basicConstraints,
  ExtensionOid.keyUsage,
  ExtensionOid.extendedKeyUsage,
  ExtensionOid.netscapeCertType,
  ExtensionOid.subjectAltName,
]);

/**
 * sun.security.validator.SimpleValidator, the trust manager behind TrustManagerFactory SunX509: takes the chain in the
 * order sent, searches nothing, knows no name constraints and asks nothing of the anchor.
 */
export function validateSimple(chain: readonly Certificate[], context: JavaContext): JavaOutcome {
  const [leaf] = chain;
  if (leaf === undefined)
    return refused(refusal("parse", reason("chain-empty"), "Empty server certificate chain"));
  const path = trustedPath(chain, context);
  const anchor = path?.at(-1);
  if (path === null || anchor === undefined)
    return refused(refusal("plain", reason("issuer-unknown"), "No trusted certificate found"));
  let budgetOfCas = path.length;
  for (let depth = path.length - 2; depth >= 0; depth--) {
    const certificate = path[depth];
    const issuer = path[depth + 1];
    if (certificate === undefined || issuer === undefined) break;
    const cause =
      checkBlocked(certificate, depth) ??
      checkAlgorithms(certificate, depth, context) ??
      checkDates(certificate, depth, context) ??
      checkLink(certificate, issuer, depth, context);
    if (cause !== null) return refused(plain(cause));
    if (depth === 0) continue;
    const ca = checkCa(certificate, depth, budgetOfCas);
    if (typeof ca !== "number") return refused(ca);
    budgetOfCas = ca;
  }
  if (path.length === 1) return { kind: "trusted", path };
  const late =
    checkLeaf(leaf) ?? checkEndEntity(leaf, context) ?? checkDistrust(leaf, anchor, context);
  return late === null ? { kind: "trusted", path } : refused(late);
}

const plain = (cause: Refusal): Refusal => ({ ...cause, layer: "plain" });

/** The chain up to the first certificate that is, or re-issues, an anchor; else the chain and the anchor by issuer name. */
function trustedPath(
  chain: readonly Certificate[],
  { anchors }: JavaContext,
): readonly Certificate[] | null {
  for (const [index, certificate] of chain.entries()) {
    const match = anchors.has(certificate)
      ? certificate
      : anchors
          .bySubject(certificate.subject)
          .find(
            (anchor) =>
              samePrincipal(anchor.issuer, certificate.issuer) && sameKey(anchor, certificate),
          );
    if (match !== undefined) return [...chain.slice(0, index), match];
  }
  const last = chain.at(-1);
  if (last === undefined) return null;
  const named = anchors.bySubject(last.issuer);
  const wanted = valueOf(authorityKeyIdentifier(last))?.keyIdentifier;
  const anchor =
    named.find((each) => wanted !== undefined && valueOf(subjectKeyIdentifier(each)) === wanted) ??
    named[0];
  return anchor === undefined ? null : [...chain, anchor];
}

function checkAlgorithms(
  certificate: Certificate,
  depth: number,
  context: JavaContext,
): Refusal | null {
  const found =
    checkDisabledAlgorithms(certificate, depth, context.rules) ??
    checkOfferedSchemes(certificate, depth, context);
  return found === null
    ? null
    : refusal("plain", found.reason, "Certificate signature algorithm disabled");
}

function checkDates(certificate: Certificate, depth: number, { at }: JavaContext): Refusal | null {
  const { sha256, notAfter, notBefore } = certificate;
  if (at >= notBefore && at <= notAfter) return null;
  const isLate = at > notAfter;
  const text = isLate ? `NotAfter: ${javaDate(notAfter)}` : `NotBefore: ${javaDate(notBefore)}`;
  return refusal(
    "plain",
    reason(isLate ? "expired" : "not-yet-valid", { sha256, depth, detail: text }),
    text,
  );
}

function checkLink(
  certificate: Certificate,
  issuer: Certificate,
  depth: number,
  context: JavaContext,
): Refusal | null {
  const at = { sha256: certificate.sha256, depth };
  if (!samePrincipal(certificate.issuer, issuer.subject))
    return refusal("plain", reason("name-chaining", at), "Certificate chaining error");
  if (!signedBy(context, certificate, issuer))
    return refusal(
      "plain",
      reason("signature-invalid", at),
      "Certificate signature validation failed",
    );
  return null;
}

function checkCa(certificate: Certificate, depth: number, remaining: number): Refusal | number {
  const at = { sha256: certificate.sha256, depth };
  const critical = unknownCritical(certificate);
  if (critical.length > 0)
    return refusal(
      "plain",
      reason("unknown-critical-extension", { ...at, detail: critical.join(", ") }),
      `Certificate contains unknown critical extensions: [${critical.join(", ")}]`,
    );
  const constraints = valueOf(basicConstraints(certificate));
  if (constraints?.ca !== true)
    return refusal("plain", reason("not-a-ca", at), "End user tried to act as a CA");
  let left = remaining;
  if (!selfIssued(certificate)) {
    if (left <= 1)
      return refusal(
        "plain",
        reason("path-length-exceeded", at),
        "Violated path length constraints",
      );
    left--;
  }
  if (constraints.pathLength !== null) left = Math.min(left, constraints.pathLength + 1);
  const usage = valueOf(keyUsage(certificate));
  if (usage !== undefined && !usage.has("keyCertSign"))
    return refusal(
      "plain",
      reason("key-cert-sign-missing", at),
      "Wrong key usage: expected keyCertSign",
    );
  return left;
}

function checkLeaf(leaf: Certificate): Refusal | null {
  const critical = unknownCritical(leaf);
  if (critical.length === 0) return null;
  return refusal(
    "plain",
    reason("unknown-critical-extension", {
      sha256: leaf.sha256,
      depth: 0,
      detail: critical.join(", "),
    }),
    `Certificate contains unsupported critical extensions: [${critical.join(", ")}]`,
  );
}

function unknownCritical(certificate: Certificate): readonly string[] {
  return certificate.extensions
    .filter(({ critical, oid }) => critical && !KNOWN_EXTENSIONS.has(oid))
    .map(({ oid }) => oid);
}
