import type { Certificate } from "../../x509/certificate.ts";
import { sameKey } from "../../x509/certificate.ts";
import { bytesEqual } from "../../x509/der-values.ts";
import {
  authorityKeyIdentifier,
  basicConstraints,
  subjectKeyIdentifier,
  valueOf,
} from "../../x509/extensions.ts";
import { ExtensionOid } from "../../x509/oids.ts";
import { reason } from "../reason.ts";
import { type JavaContext, samePrincipal, selfIssued, signedBy } from "./context.ts";
import {
  checkBlocked,
  checkCertSign,
  checkCriticalExtensions,
  checkPath,
  checkValidity,
  isCa,
} from "./path-checks.ts";
import { refusal, type Refusal } from "./refusal.ts";

/** A built path, or the refusal in which every inner reason is lost. */
export type BuildResult =
  | { readonly kind: "built"; readonly path: readonly Certificate[]; readonly anchor: Certificate }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/**
 * SunCertPathBuilder with ForwardBuilder: depth first from the leaf over everything sent and the anchors.
 * @param sent the chain as sent, leaf first
 */
export function buildPath(sent: readonly Certificate[], context: JavaContext): BuildResult {
  const [leaf] = sent;
  const screened = leaf === undefined ? null : screenLeaf(leaf, context);
  if (leaf !== undefined && screened === null) {
    const search: Search = { sent, context };
    const outcome = extend([leaf], 0, search);
    if (outcome.kind === "found")
      return { kind: "built", path: outcome.path, anchor: outcome.anchor };
  }
  return {
    kind: "refused",
    refusal: refusal(
      "building",
      reason("issuer-unknown"),
      "unable to find valid certification path to requested target",
    ),
  };
}

interface Search {
  readonly sent: readonly Certificate[];
  readonly context: JavaContext;
}

type Outcome =
  | { readonly kind: "found"; readonly path: readonly Certificate[]; readonly anchor: Certificate }
  | { readonly kind: "dead-end" }
  /** An unknown critical extension in the final verification ends the whole build. */
  | { readonly kind: "aborted" };

const DEAD_END: Outcome = { kind: "dead-end" };

function screenLeaf(leaf: Certificate, { at }: JavaContext): Refusal | null {
  return checkBlocked(leaf, 0) ?? checkCriticalExtensions(leaf, 0) ?? checkValidity(leaf, 0, at);
}

/** @param passed non-self-issued CA certificates in the path so far */
function extend(path: readonly Certificate[], passed: number, search: Search): Outcome {
  const { context } = search;
  const below = path.at(-1);
  if (below === undefined) return DEAD_END;
  for (const candidate of candidates(below, passed, search)) {
    context.budget.step();
    const isAnchor = context.anchors.has(candidate);
    if (screen(candidate, isAnchor, path) !== null) continue;
    if (!signedBy(context, below, candidate)) continue;
    if (isAnchor) {
      const refused = checkPath(path, candidate, context, "build");
      if (refused === null) return { kind: "found", path, anchor: candidate };
      if (refused.reason.code === "unknown-critical-extension") return { kind: "aborted" };
      continue;
    }
    if (selfIssued(candidate) && selfIssued(below)) return DEAD_END;
    const outcome = extend([...path, candidate], passed + (selfIssued(candidate) ? 0 : 1), search);
    if (outcome.kind !== "dead-end") return outcome;
  }
  return DEAD_END;
}

function candidates(
  below: Certificate,
  passed: number,
  { sent, context }: Search,
): readonly Certificate[] {
  const anchors = context.anchors
    .bySubject(below.issuer)
    .filter((anchor) => anchor.version === 3 || coversValidity(anchor, below));
  const limit = context.maxPathLength ?? context.rules.maxBuiltIntermediates;
  const others =
    passed >= limit
      ? []
      : sent.filter(
          (certificate) =>
            samePrincipal(certificate.subject, below.issuer) &&
            checkValidity(certificate, 0, context.at) === null &&
            allowsPathLength(certificate, passed),
        );
  const wanted = valueOf(authorityKeyIdentifier(below))?.keyIdentifier ?? null;
  const rank = (certificate: Certificate): number => {
    const own = valueOf(subjectKeyIdentifier(certificate));
    if (wanted !== null && own === wanted) return 0;
    return context.anchors.bySubject(certificate.issuer).length > 0 ? 1 : 2;
  };
  const unique = new Map([...anchors, ...others].map((each) => [each.sha256, each]));
  return [...unique.values()].toSorted((a, b) => rank(a) - rank(b));
}

/** A version 1 or 2 anchor must be valid at both ends of the certificate below. */
function coversValidity(anchor: Certificate, below: Certificate): boolean {
  return [below.notBefore, below.notAfter].every(
    (time) => time >= anchor.notBefore && time <= anchor.notAfter,
  );
}

function allowsPathLength(certificate: Certificate, passed: number): boolean {
  const constraints = valueOf(basicConstraints(certificate));
  if (constraints?.ca !== true) return false;
  return constraints.pathLength === null || constraints.pathLength >= passed;
}

/** ForwardBuilder.verifyCert for anything above the leaf; anchors are spared all but the loop check. */
function screen(
  candidate: Certificate,
  isAnchor: boolean,
  path: readonly Certificate[],
): Refusal | null {
  const depth = path.length;
  const at = { sha256: candidate.sha256, depth };
  const blocked = checkBlocked(candidate, depth);
  if (blocked !== null) return blocked;
  if (path.some((each) => isRepetition(each, candidate)))
    return refusal("building", reason("issuer-unknown", at), "Loop in certification path");
  if (isAnchor) return null;
  const critical = checkCriticalExtensions(candidate, depth);
  if (critical !== null) return critical;
  if (!isCa(candidate)) return refusal("building", reason("not-a-ca", at), "cert is NOT a CA cert");
  return checkCertSign(candidate, depth);
}

/** The same subject, key and alternative names: going through it again would only circle. */
function isRepetition(a: Certificate, b: Certificate): boolean {
  return samePrincipal(a.subject, b.subject) && sameKey(a, b) && sameAltNames(a, b);
}

function sameAltNames(a: Certificate, b: Certificate): boolean {
  const [first, second] = [a, b].map((each) =>
    each.extensions.find(({ oid }) => oid === ExtensionOid.subjectAltName),
  );
  if (first === undefined || second === undefined) return first === second;
  return bytesEqual(first.value, second.value);
}
