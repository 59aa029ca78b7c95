import { type Certificate, sameKey } from "../../x509/certificate.ts";
import {
  authorityKeyIdentifier,
  basicConstraints,
  keyUsage,
  netscapeCertType,
  subjectKeyIdentifier,
  valueOf,
} from "../../x509/extensions.ts";
import { ExtensionOid } from "../../x509/oids.ts";
import { reason } from "../reason.ts";
import { checkCertPathAlgorithms, checkTlsAlgorithms } from "./algorithm-constraints.ts";
import { type JavaContext, samePrincipal, selfIssued } from "./context.ts";
import { bytesHash, hashOrder } from "./hash-order.ts";
import { javaDate } from "./dates.ts";
import { checkDistrust } from "./distrust.ts";
import { checkEndEntity } from "./end-entity.ts";
import { checkBlocked } from "./path-checks.ts";
import type { JavaOutcome } from "./pkix-validator.ts";
import { PATH_EXCEPTION, refusal, type Refusal } from "./refusal.ts";
import { signatureComplaint } from "./signature-check.ts";

const refused = (cause: Refusal): JavaOutcome => ({ kind: "refused", refusal: cause });

const KNOWN_IN_CA: ReadonlySet<string> = new Set([
  ExtensionOid.basicConstraints,
  ExtensionOid.keyUsage,
  ExtensionOid.extendedKeyUsage,
  ExtensionOid.netscapeCertType,
]);
const KNOWN_IN_LEAF: ReadonlySet<string> = new Set([...KNOWN_IN_CA, ExtensionOid.subjectAltName]);

/**
 * sun.security.validator.SimpleValidator, the trust manager behind TrustManagerFactory SunX509: takes the chain in the
 * order sent, searches nothing, knows no name constraints and asks nothing of the anchor.
 */
export function validateSimple(chain: readonly Certificate[], context: JavaContext): JavaOutcome {
  const [leaf] = chain;
  if (leaf === undefined)
    return refused(refusal("message", reason("chain-empty"), "Empty server certificate chain"));
  const path = trustedPath(chain, context);
  const anchor = path?.at(-1);
  if (path === null || anchor === undefined)
    return refused(refusal("plain", reason("issuer-unknown"), "No trusted certificate found"));
  const blocked = checkUntrusted(anchor, path.length - 1);
  if (blocked !== null) return refused(blocked);
  let remaining = path.length - 1;
  for (let depth = path.length - 2; depth >= 0; depth--) {
    const certificate = path[depth];
    const issuer = path[depth + 1];
    if (certificate === undefined || issuer === undefined) break;
    const link = { certificate, issuer, depth, isTop: depth === path.length - 2, context };
    const cause =
      checkUntrusted(certificate, depth) ??
      checkAlgorithms(link) ??
      checkDates(link) ??
      checkLink(link);
    if (cause !== null) return refused(cause);
    if (depth === 0) continue;
    const ca = checkCa(certificate, depth, remaining, context);
    if (typeof ca !== "number") return refused(ca);
    remaining = ca;
  }
  if (path.length === 1) return { kind: "trusted", path };
  const late =
    checkEndEntity(leaf, context) ?? checkLeaf(leaf) ?? checkDistrust(leaf, anchor, context);
  return late === null ? { kind: "trusted", path } : refused(late);
}

interface Link {
  readonly certificate: Certificate;
  readonly issuer: Certificate;
  readonly depth: number;
  readonly isTop: boolean;
  readonly context: JavaContext;
}

function checkUntrusted(certificate: Certificate, depth: number): Refusal | null {
  const blocked = checkBlocked(certificate, depth);
  return blocked === null
    ? null
    : { ...blocked, layer: "plain", causes: [`${PATH_EXCEPTION}: ${blocked.text}`] };
}

const orders = new WeakMap<readonly Certificate[], readonly Certificate[]>();

/** The anchors in the order of the HashSet into which the trust manager reads its store. */
function inHashOrder(anchors: readonly Certificate[]): readonly Certificate[] {
  let order = orders.get(anchors);
  if (order === undefined) {
    const unique = [...new Map(anchors.map((each) => [each.sha256, each])).values()];
    order = hashOrder(unique, ({ der }) => bytesHash(der));
    orders.set(anchors, order);
  }
  return order;
}

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
  const named = inHashOrder(anchors.all).filter((each) => samePrincipal(each.subject, last.issuer));
  const wanted = valueOf(authorityKeyIdentifier(last))?.keyIdentifier;
  const anchor =
    named.find((each) => wanted !== undefined && valueOf(subjectKeyIdentifier(each)) === wanted) ??
    named[0];
  return anchor === undefined ? null : [...chain, anchor];
}

function checkAlgorithms(link: Link): Refusal | null {
  const step = { ...link, issuerKey: link.issuer.publicKey };
  const found = checkCertPathAlgorithms(step) ?? checkTlsAlgorithms(step);
  return found === null
    ? null
    : refusal("plain", found.reason, "Certificate signature algorithm disabled", [
        `${PATH_EXCEPTION}: ${found.text}`,
      ]);
}

function checkDates({ certificate, depth, context: { at } }: Link): Refusal | null {
  const { sha256, notAfter, notBefore } = certificate;
  if (at >= notBefore && at <= notAfter) return null;
  const isEarly = at < notBefore;
  const text = isEarly ? `NotBefore: ${javaDate(notBefore)}` : `NotAfter: ${javaDate(notAfter)}`;
  const type = isEarly ? "CertificateNotYetValidException" : "CertificateExpiredException";
  return refusal(
    "plain",
    reason(isEarly ? "not-yet-valid" : "expired", { sha256, depth, detail: text }),
    `java.security.cert.${type}: ${text}`,
  );
}

function checkLink({ certificate, issuer, depth, context }: Link): Refusal | null {
  const at = { sha256: certificate.sha256, depth };
  if (!samePrincipal(certificate.issuer, issuer.subject))
    return refusal("plain", reason("name-chaining", at), "Certificate chaining error");
  const causes = signatureComplaint(context, certificate, issuer);
  return causes === null
    ? null
    : refusal(
        "plain",
        reason("signature-invalid", at),
        "Certificate signature validation failed",
        causes,
      );
}

/** The certificates that may still follow below a CA, or the refusal of it. */
function checkCa(
  certificate: Certificate,
  depth: number,
  remaining: number,
  { purpose }: JavaContext,
): Refusal | number {
  const at = { sha256: certificate.sha256, depth };
  const constraints = valueOf(basicConstraints(certificate));
  if (constraints?.ca !== true)
    return refusal("plain", reason("not-a-ca", at), "End user tried to act as a CA");
  let left = remaining;
  if (!selfIssued(certificate)) {
    if (left <= 0)
      return refusal(
        "plain",
        reason("path-length-exceeded", at),
        "Violated path length constraints",
      );
    left--;
  }
  if (constraints.pathLength !== null) left = Math.min(left, constraints.pathLength);
  const usage = valueOf(keyUsage(certificate));
  if (usage !== undefined && !usage.has("keyCertSign"))
    return refusal(
      "plain",
      reason("key-cert-sign-missing", at),
      "Wrong key usage: expected keyCertSign",
    );
  const netscape = valueOf(netscapeCertType(certificate));
  if (netscape !== undefined && (netscape & NETSCAPE_SSL_CA) === 0)
    return refusal(
      "plain",
      reason("netscape-type", { ...at, detail: purpose }),
      "Invalid Netscape CertType extension for SSL CA certificate",
    );
  const critical = unknownCritical(certificate, KNOWN_IN_CA);
  return critical.length === 0
    ? left
    : refusal(
        "plain",
        reason("unknown-critical-extension", { ...at, detail: critical.join(", ") }),
        `Certificate contains unknown critical extensions: [${critical.join(", ")}]`,
      );
}

const NETSCAPE_SSL_CA = 0x04;

function checkLeaf(leaf: Certificate): Refusal | null {
  const critical = unknownCritical(leaf, KNOWN_IN_LEAF);
  if (critical.length === 0) return null;
  return refusal(
    "plain",
    reason("unknown-critical-extension", {
      sha256: leaf.sha256,
      depth: 0,
      detail: critical.join(", "),
    }),
    `java.security.cert.CertificateException: Certificate contains unsupported critical extensions: [${critical.join(", ")}]`,
  );
}

/** Critical extensions that nobody looked at, in the order of the JDK's sorted set. */
function unknownCritical(certificate: Certificate, known: ReadonlySet<string>): readonly string[] {
  return certificate.extensions
    .filter(({ critical, oid }) => critical && !known.has(oid))
    .map(({ oid }) => oid)
    .toSorted();
}
