import { type Certificate, sameKey } from "../../x509/certificate.ts";
import { bytesEqual } from "../../x509/der-values.ts";
import {
  authorityKeyIdentifier,
  basicConstraints,
  subjectKeyIdentifier,
  valueOf,
} from "../../x509/extensions.ts";
import { ExtensionOid } from "../../x509/oids.ts";
import { reason } from "../reason.ts";
import { type JavaContext, samePrincipal, selfIssued } from "./context.ts";
import { bytesHash, hashOrder, tableSize } from "./hash-order.ts";
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
 * SunCertPathBuilder with ForwardBuilder: depth first from the leaf over everything sent and the anchors. Signatures are
 * looked at when a path is complete, not while searching.
 * @param sent the chain as sent, leaf first
 * @throws {JavaCrash}
 */
export function buildPath(sent: readonly Certificate[], context: JavaContext): BuildResult {
  const [leaf] = sent;
  if (leaf !== undefined && screenLeaf(leaf, context)) {
    const found = extend([leaf], 0, { sent, context });
    if (found !== null) return { kind: "built", ...found };
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

interface Found {
  readonly path: readonly Certificate[];
  readonly anchor: Certificate;
}

function screenLeaf(leaf: Certificate, { at }: JavaContext): boolean {
  return (
    checkBlocked(leaf, 0) === null &&
    checkCriticalExtensions(leaf, 0) === null &&
    checkValidity(leaf, 0, at) === null
  );
}

/** @param passed non-self-issued CA certificates in the path so far, the leaf not counted */
function extend(path: readonly Certificate[], passed: number, search: Search): Found | null {
  const { context } = search;
  const below = path.at(-1);
  if (below === undefined) return null;
  for (const candidate of candidates(below, path.length > 1, passed, search)) {
    context.budget.step();
    if (path.some((each) => isRepetition(each, candidate))) continue;
    const isAnchor = context.anchors.has(candidate);
    if (!screen(candidate, isAnchor, path.length)) continue;
    if (isAnchor) {
      if (checkPath(path, candidate, context, "build") === null) return { path, anchor: candidate };
      continue;
    }
    // two self-issued certificates in a row end the search at this level
    if (selfIssued(candidate) && selfIssued(below)) return null;
    const counts = !selfIssued(candidate) && isCa(candidate);
    const found = extend([...path, candidate], passed + (counts ? 1 : 0), search);
    if (found !== null) return found;
  }
  return null;
}

/**
 * ForwardBuilder.getMatchingCACerts.
 *
 * The builder keeps its selector for the whole search and asks the anchors before it sets the date, so the dates of an
 * anchor do not count above the leaf, where the selector is new, and count from the next level on.
 */
function candidates(
  below: Certificate,
  selectorHasDate: boolean,
  passed: number,
  { sent, context }: Search,
): readonly Certificate[] {
  const anchors = context.anchors
    .bySubject(below.issuer)
    .filter(
      (anchor) =>
        (anchor.version === 3 || coversValidity(anchor, below)) &&
        (!selectorHasDate || checkValidity(anchor, 0, context.at) === null),
    );
  const limit = context.maxPathLength ?? context.rules.maxBuiltIntermediates;
  const others =
    passed >= limit && limit !== -1
      ? []
      : sent.filter(
          (certificate) =>
            samePrincipal(certificate.subject, below.issuer) &&
            (certificate.version === 3 || coversValidity(certificate, below)) &&
            checkValidity(certificate, 0, context.at) === null &&
            allowsPathLength(certificate, passed),
        );
  const count = context.anchors.count;
  // 17 makes its set for as many members as there are anchors, 25 for a table that holds them
  const capacity = context.rules.wording === "25" ? Math.ceil(count / 0.75) : count;
  const found = [
    ...hashOrder(unique(anchors), hashOf, tableSize(count, capacity)),
    ...hashOrder(unique(others), hashOf),
  ];
  return inOrder(found, below, context);
}

const hashOf = ({ der }: Certificate): number => bytesHash(der);

const unique = (list: readonly Certificate[]): readonly Certificate[] => [
  ...new Map(list.map((each) => [each.sha256, each])).values(),
];

/**
 * PKIXCertComparator in a TreeSet: key identifiers that fit, then issuers that are anchors by name; among equals the
 * one found last comes first.
 */
function inOrder(
  found: readonly Certificate[],
  below: Certificate,
  context: JavaContext,
): readonly Certificate[] {
  const wanted = valueOf(authorityKeyIdentifier(below))?.keyIdentifier ?? null;
  const rank = (certificate: Certificate): number => {
    if (wanted !== null && valueOf(subjectKeyIdentifier(certificate)) === wanted) return 0;
    return context.anchors.bySubject(certificate.issuer).length > 0 ? 1 : 2;
  };
  return unique(found)
    .toReversed()
    .toSorted((a, b) => rank(a) - rank(b));
}

/** A version 1 or 2 certificate must be valid at both ends of the certificate below. */
function coversValidity(issuer: Certificate, below: Certificate): boolean {
  return [below.notBefore, below.notAfter].every(
    (time) => time >= issuer.notBefore && time <= issuer.notAfter,
  );
}

function allowsPathLength(certificate: Certificate, passed: number): boolean {
  const constraints = valueOf(basicConstraints(certificate));
  if (constraints?.ca !== true) return false;
  return constraints.pathLength === null || constraints.pathLength >= passed;
}

/** ForwardBuilder.verifyCert for anything above the leaf; anchors are spared all but the list of blocked ones. */
function screen(candidate: Certificate, isAnchor: boolean, depth: number): boolean {
  if (checkBlocked(candidate, depth) !== null) return false;
  if (isAnchor) return true;
  return (
    checkCriticalExtensions(candidate, depth) === null &&
    isCa(candidate) &&
    checkCertSign(candidate, depth) === null
  );
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
