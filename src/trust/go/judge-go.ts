import { type Certificate, sameKey } from "../../x509/certificate.ts";
import { bytesEqual } from "../../x509/der-values.ts";
import {
  authorityKeyIdentifier,
  basicConstraints,
  subjectKeyIdentifier,
  valueOf,
} from "../../x509/extensions.ts";
import { ExtensionOid } from "../../x509/oids.ts";
import { isSignedBy } from "../../x509/verify-signature.ts";
import { type Budget, BudgetExceeded } from "../budget.ts";
import type { ClientAnswer } from "../client-answer.ts";
import type { GoRules } from "../profile.ts";
import { type Reason, reason } from "../reason.ts";
import type { JudgeInput } from "../verdict.ts";
import {
  algorithmComplaint,
  chainAllows,
  hasUnhandledCritical,
  maySign,
  parseComplaint,
} from "./certificate-facts.ts";
import { matchHostName } from "./host-name.ts";
import { constraintComplaint } from "./name-constraints.ts";

/** A refusal with Go's text. */
interface Complaint {
  readonly reason: Reason;
  readonly text: string;
}

/** The answer of Certificate.Verify, and of VerifyHostname, which it calls first. */
export function judgeGo(
  chain: readonly Certificate[],
  input: JudgeInput,
  options: { readonly rules: GoRules; readonly budget: Budget },
): ClientAnswer {
  const [leaf, ...others] = chain;
  if (leaf === undefined)
    return {
      path: null,
      reason: reason("chain-empty"),
      nameMatch: null,
      pathMessage: "tls: received empty certificates message",
      nameMessage: null,
    };
  const name = input.host === null ? null : matchHostName(leaf, input.host);
  const search: Search = { input, ...options, others, signatures: 0, failure: null, hint: null };
  const path = verify(leaf, chain, search);
  return {
    path,
    reason: path === null ? (search.failure?.reason ?? reason("issuer-unknown")) : null,
    nameMatch: name?.matches ?? null,
    pathMessage: path === null ? (search.failure?.text ?? unknownAuthority(search)) : null,
    nameMessage: name === null || name.matches ? null : name.text,
  };
}

interface Search {
  readonly input: JudgeInput;
  readonly rules: GoRules;
  readonly budget: Budget;
  readonly others: readonly Certificate[];
  signatures: number;
  failure: Complaint | null;
  hint: { readonly text: string; readonly candidate: string } | null;
}

function unknownAuthority({ hint }: Search): string {
  const base = "x509: certificate signed by unknown authority";
  if (hint === null) return base;
  return `${base} (possibly because of ${JSON.stringify(hint.text)} while trying to verify candidate authority certificate ${JSON.stringify(hint.candidate)})`;
}

function verify(
  leaf: Certificate,
  chain: readonly Certificate[],
  search: Search,
): readonly Certificate[] | null {
  for (const [depth, certificate] of chain.entries()) {
    const text = parseComplaint(certificate);
    if (text === null) continue;
    search.failure = {
      reason: reason("certificate-malformed", { sha256: certificate.sha256, depth, detail: text }),
      text,
    };
    return null;
  }
  const early = check(leaf, "leaf", [], search);
  if (early !== null) {
    search.failure = early;
    return null;
  }
  if (search.input.anchors.some(({ sha256 }) => sha256 === leaf.sha256))
    return accept([leaf], search) ? [leaf] : null;
  try {
    return extend([leaf], search);
  } catch (error) {
    if (!(error instanceof BudgetExceeded)) throw error;
    search.failure = {
      reason: reason("chain-too-long", { detail: error.message }),
      text: "x509: signature check attempts limit reached while verifying certificate chain",
    };
    return null;
  }
}

function accept(path: readonly Certificate[], search: Search): boolean {
  if (chainAllows(path, search.input.purpose)) return true;
  search.failure = {
    reason: reason("extended-key-usage", { depth: 0 }),
    text: "x509: certificate specifies an incompatible key usage",
  };
  return false;
}

function extend(path: readonly Certificate[], search: Search): readonly Certificate[] | null {
  const below = path.at(-1);
  if (below === undefined) return null;
  for (const [candidate, role] of parents(below, search)) {
    search.budget.step();
    if (path.some((each) => isSame(each, candidate))) continue;
    if (++search.signatures > search.rules.maxSignatureChecks)
      throw new BudgetExceeded("signature checks");
    const text = signatureComplaint(below, candidate);
    if (text !== null) {
      search.hint ??= { text, candidate: candidate.subject.rdns.flat().at(-1)?.text ?? "" };
      continue;
    }
    const refused = check(candidate, role, path, search);
    if (refused !== null) {
      search.failure = refused;
      continue;
    }
    const grown = [...path, candidate];
    if (role === "root") {
      if (accept(grown, search)) return grown;
      continue;
    }
    const found = extend(grown, search);
    if (found !== null) return found;
  }
  return null;
}

type Role = "leaf" | "intermediate" | "root";

/** CertPool.findPotentialParents: roots first, by key identifier. */
function parents(
  below: Certificate,
  { input, others }: Search,
): readonly (readonly [Certificate, Role])[] {
  const issued = (each: Certificate): boolean =>
    bytesEqual(each.subject.der, below.issuer.der) && parseComplaint(each) === null;
  const wanted = valueOf(authorityKeyIdentifier(below))?.keyIdentifier ?? null;
  const rank = (each: Certificate): number => {
    const own = valueOf(subjectKeyIdentifier(each)) ?? null;
    if (wanted !== null && own === wanted) return 0;
    return wanted === null || own === null ? 1 : 2;
  };
  const sorted = (
    list: readonly Certificate[],
    role: Role,
  ): readonly (readonly [Certificate, Role])[] =>
    list
      .filter(issued)
      .toSorted((a, b) => rank(a) - rank(b))
      .map((each) => [each, role] as const);
  return [...sorted(input.anchors, "root"), ...sorted(others, "intermediate")];
}

function isSame(a: Certificate, b: Certificate): boolean {
  const names = [a, b].map(
    (each) => each.extensions.find(({ oid }) => oid === ExtensionOid.subjectAltName)?.value,
  );
  const [first, second] = names;
  const sameNames =
    first === undefined || second === undefined ? first === second : bytesEqual(first, second);
  return bytesEqual(a.subject.der, b.subject.der) && sameKey(a, b) && sameNames;
}

function signatureComplaint(child: Certificate, parent: Certificate): string | null {
  if (!maySign(parent))
    return "x509: invalid signature: parent certificate cannot sign this kind of certificate";
  const algorithm = algorithmComplaint(child);
  if (algorithm !== null) return algorithm;
  if (isSignedBy(child, parent)) return null;
  return parent.publicKey.type === "ec"
    ? "x509: ECDSA verification failure"
    : "crypto/rsa: verification error";
}

/** Certificate.isValid. */
function check(
  certificate: Certificate,
  role: Role,
  below: readonly Certificate[],
  search: Search,
): Complaint | null {
  const { at } = search.input;
  const where = { sha256: certificate.sha256, depth: below.length };
  if (hasUnhandledCritical(certificate))
    return {
      reason: reason("unknown-critical-extension", where),
      text: "x509: unhandled critical extension",
    };
  const clock = (time: number): string => new Date(time).toISOString().replace(".000Z", "Z");
  const outside = "x509: certificate has expired or is not yet valid: current time";
  if (at < certificate.notBefore)
    return {
      reason: reason("not-yet-valid", { ...where, detail: clock(certificate.notBefore) }),
      text: `${outside} ${clock(at)} is before ${clock(certificate.notBefore)}`,
    };
  if (at > certificate.notAfter)
    return {
      reason: reason("expired", { ...where, detail: clock(certificate.notAfter) }),
      text: `${outside} ${clock(at)} is after ${clock(certificate.notAfter)}`,
    };
  const named =
    role === "leaf" ? null : constraintComplaint(certificate, below, search.rules.maxComparisons);
  if (named !== null)
    return {
      reason: reason("name-constraints", { ...where, detail: named }),
      text: `x509: a root or intermediate certificate is not authorized to sign for this name: ${named}`,
    };
  const constraints = valueOf(basicConstraints(certificate));
  if (role === "intermediate" && constraints?.ca !== true)
    return {
      reason: reason("not-a-ca", where),
      text: "x509: certificate is not authorized to sign other certificates",
    };
  const allowed = constraints?.pathLength ?? null;
  if (allowed !== null && below.length - 1 > allowed)
    return {
      reason: reason("path-length-exceeded", where),
      text: "x509: too many intermediates for path length constraint",
    };
  return null;
}
