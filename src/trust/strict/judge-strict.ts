import { type Certificate, isSelfIssued, sameKey } from "../../x509/certificate.ts";
import { basicConstraints, nameConstraints, valueOf } from "../../x509/extensions.ts";
import { formatGeneralName } from "../../x509/general-name.ts";
import { isSignedBy } from "../../x509/verify-signature.ts";
import { type Budget, BudgetExceeded } from "../budget.ts";
import type { ClientAnswer } from "../client-answer.ts";
import { PolicyTree } from "../policy-tree.ts";
import type { StrictRules } from "../profile.ts";
import { type Reason, reason, type ReasonCode } from "../reason.ts";
import { revocationOfPath } from "../revocation/check-path.ts";
import { strictEvidence } from "../revocation/mode.ts";
import type { JudgeInput } from "../verdict.ts";
import { bytesEqual } from "../../x509/der-values.ts";
import { checkForm, type Role } from "./form-rules.ts";
import { matchHostName } from "./host-name.ts";
import { comparisonCount, forbiddenName } from "./name-constraints.ts";

/** The answer of the strict profile: any path that satisfies every rule will do. */
export function judgeStrict(
  chain: readonly Certificate[],
  input: JudgeInput,
  options: { readonly rules: StrictRules; readonly budget: Budget },
): ClientAnswer {
  const [leaf, ...others] = chain;
  if (leaf === undefined)
    return {
      path: null,
      reason: reason("chain-empty"),
      nameMatch: null,
      pathMessage: null,
      nameMessage: null,
    };
  const search: Search = {
    input,
    ...options,
    others,
    identities: new Set(input.anchors.map(({ sha256 }) => sha256)),
    comparisons: 0,
    worst: null,
  };
  const path = checkCertificate(leaf, "leaf", 0, search) ? extend([leaf], search) : null;
  const name = input.host === null ? null : matchHostName(leaf, input.host);
  const cause = path === null ? (search.worst ?? reason("issuer-unknown")) : null;
  return {
    path,
    reason: cause,
    nameMatch: name?.matches ?? null,
    pathMessage:
      cause === null ? null : `${cause.code}${cause.detail === "" ? "" : `: ${cause.detail}`}`,
    nameMessage: name === null || name.matches ? null : name.text,
  };
}

interface Search {
  readonly input: JudgeInput;
  readonly rules: StrictRules;
  readonly budget: Budget;
  readonly others: readonly Certificate[];
  readonly identities: ReadonlySet<string>;
  comparisons: number;
  /** The most specific reason so far. */
  worst: Reason | null;
}

/** How much a reason tells: the more specific one is kept when several paths fail. */
const RANK: Partial<Record<ReasonCode, number>> = {
  "issuer-unknown": 0,
  "signature-invalid": 1,
  "not-a-ca": 2,
  "certificate-malformed": 4,
  "revocation-unknown": 5,
  expired: 6,
  "not-yet-valid": 6,
  revoked: 7,
};

function note(cause: Reason, search: Search): false {
  const rank = (each: Reason): number => RANK[each.code] ?? 3;
  if (search.worst === null || rank(cause) > rank(search.worst)) search.worst = cause;
  return false;
}

function extend(path: readonly Certificate[], search: Search): readonly Certificate[] | null {
  const below = path.at(-1);
  if (below === undefined) return null;
  const limit = search.input.maxPathLength ?? search.rules.maxIntermediates;
  const intermediates = path.slice(1).filter((each) => !isSelfIssued(each)).length;
  for (const [candidate, isAnchor] of candidates(below, search)) {
    search.budget.step();
    if (
      path.some(
        (each) => sameKey(each, candidate) && bytesEqual(each.subject.der, candidate.subject.der),
      )
    )
      continue;
    if (!isAnchor && intermediates >= limit) {
      note(reason("chain-too-long"), search);
      continue;
    }
    search.budget.signature();
    const depth = path.length;
    if (!isSignedBy(below, candidate)) {
      note(reason("signature-invalid", { sha256: below.sha256, depth: depth - 1 }), search);
      continue;
    }
    const grown = [...path, candidate];
    if (!checkCertificate(candidate, isAnchor ? "root" : "intermediate", depth, search)) continue;
    if (!checkAbove(grown, search)) continue;
    if (isAnchor) {
      if (!policiesHold(grown, search) || !checkRevocation(grown, search)) continue;
      return grown;
    }
    const found = extend(grown, search);
    if (found !== null) return found;
  }
  note(reason("issuer-unknown", { sha256: below.sha256, depth: path.length - 1 }), search);
  return null;
}

/** Policies of RFC 5280 section 6.1 from below the anchor to the leaf; bounded as RFC 9618 wants it. */
function policiesHold(path: readonly Certificate[], search: Search): boolean {
  const policies = new PolicyTree(path.length - 1, {
    refuseCriticalQualifiers: false,
    inhibitAnyPolicyMustBeCritical: false,
    isSelfIssued,
  });
  for (let depth = path.length - 2; depth >= 0; depth--) {
    const certificate = path[depth];
    if (certificate === undefined) break;
    const failure = policies.process(certificate);
    if (failure !== null)
      return note(reason("policy", { sha256: certificate.sha256, depth, detail: failure }), search);
  }
  return true;
}

function candidates(
  below: Certificate,
  { input, others, identities }: Search,
): readonly (readonly [Certificate, boolean])[] {
  const issued = (each: Certificate): boolean => bytesEqual(each.subject.der, below.issuer.der);
  return [
    ...input.anchors.filter(issued).map((each) => [each, true] as const),
    ...others
      .filter((each) => issued(each) && !identities.has(each.sha256))
      .map((each) => [each, false] as const),
  ];
}

function checkCertificate(
  certificate: Certificate,
  role: Role,
  depth: number,
  search: Search,
): boolean {
  const { at, purpose } = search.input;
  const where = { sha256: certificate.sha256, depth };
  // RFC 5280 times have no fraction: the last second counts to its end
  if (Math.floor(at / 1000) > Math.floor(certificate.notAfter / 1000))
    return note(
      reason("expired", { ...where, detail: new Date(certificate.notAfter).toISOString() }),
      search,
    );
  if (at < certificate.notBefore)
    return note(
      reason("not-yet-valid", { ...where, detail: new Date(certificate.notBefore).toISOString() }),
      search,
    );
  const cause = checkForm(certificate, role, depth, purpose);
  return cause === null || note(cause, search);
}

/** What lists and responses say; ignorance counts only where a list that should have answered cannot be used. */
function checkRevocation(path: readonly Certificate[], search: Search): boolean {
  const { input, others } = search;
  const evidence = strictEvidence(input);
  if (evidence === null) return true;
  const context = { others: [...others, ...input.anchors], at: input.at };
  for (const { certificate, depth, status } of revocationOfPath(path, evidence, context)) {
    const where = { sha256: certificate.sha256, depth };
    if (status.kind === "revoked")
      return note(
        reason("revoked", { ...where, detail: new Date(status.at).toISOString() }),
        search,
      );
    if (status.kind === "unknown" && status.source === "crl" && status.cause !== "not-covered")
      return note(
        reason("revocation-unknown", {
          ...where,
          detail: `${status.cause} ${status.detail}`.trim(),
        }),
        search,
      );
  }
  return true;
}

/** What the newest certificate of a path demands of those below it: length and names. */
function checkAbove(path: readonly Certificate[], search: Search): boolean {
  const depth = path.length - 1;
  const issuer = path[depth];
  if (issuer === undefined) return false;
  const where = { sha256: issuer.sha256, depth };
  const allowed = valueOf(basicConstraints(issuer))?.pathLength ?? null;
  const below = path.slice(0, depth);
  if (allowed !== null && below.slice(1).filter((each) => !isSelfIssued(each)).length > allowed)
    return note(reason("path-length-exceeded", where), search);
  const constraints = valueOf(nameConstraints(issuer));
  if (constraints === undefined) return true;
  for (const [index, each] of below.entries()) {
    if (index > 0 && isSelfIssued(each)) continue;
    search.comparisons += comparisonCount(each, constraints);
    if (search.comparisons > search.rules.maxComparisons)
      throw new BudgetExceeded("name constraint comparisons");
    const name = forbiddenName(each, constraints);
    if (name !== null)
      return note(
        reason("name-constraints", {
          sha256: each.sha256,
          depth: index,
          detail: formatGeneralName(name),
        }),
        search,
      );
  }
  return true;
}
