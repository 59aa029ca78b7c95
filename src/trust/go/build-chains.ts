import { type Certificate, sameKey } from "../../x509/certificate.ts";
import { bytesEqual } from "../../x509/der-values.ts";
import { authorityKeyIdentifier, subjectKeyIdentifier, valueOf } from "../../x509/extensions.ts";
import { ExtensionOid, ORGANIZATION } from "../../x509/oids.ts";
import { quote } from "../../x509/refusals/go-url.ts";
import type { Budget } from "../budget.ts";
import type { GoRules } from "../profile.ts";
import { type Reason, reason } from "../reason.ts";
import {
  goBasicConstraints,
  hasUnhandledCritical,
  parseComplaint,
  signatureComplaint,
} from "./certificate-facts.ts";
import { commonNameOf } from "./host-name.ts";
import { constraintComplaint } from "./name-constraints.ts";

/** A refusal with Go's text. */
export interface Complaint {
  readonly reason: Reason;
  readonly text: string;
}

/** Place of a certificate in a chain. */
export type GoRole = "leaf" | "intermediate" | "root";

/** What one verification works with. */
export interface GoSearch {
  readonly roots: readonly Certificate[];
  readonly intermediates: readonly Certificate[];
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly rules: GoRules;
  readonly budget: Budget;
  /** Signature checks so far. */
  signatures: number;
}

/** Every chain from the leaf to a root, or the error that the last candidate left behind. */
export interface GoChains {
  readonly chains: readonly (readonly Certificate[])[];
  readonly error: Complaint | null;
}

/** Certificate.buildChains. @param chain leaf first, its last member is the one whose parents are wanted */
export function buildChains(chain: readonly Certificate[], search: GoSearch): GoChains {
  const below = chain.at(-1);
  if (below === undefined) return { chains: [], error: null };
  const chains: (readonly Certificate[])[] = [];
  let error: Complaint | null = null;
  let hint: { readonly text: string; readonly parent: Certificate } | null = null;
  for (const [parent, role] of parents(below, search)) {
    search.budget.step();
    if (alreadyInChain(parent, chain)) continue;
    if (++search.signatures > search.rules.maxSignatureChecks) {
      error = TOO_MANY_CHECKS;
      continue;
    }
    const text = signatureComplaint(below, parent);
    if (text !== null) {
      hint ??= { text, parent };
      continue;
    }
    error = validityComplaint(parent, role, chain, search);
    if (error !== null) continue;
    if (role === "root") chains.push([...chain, parent]);
    else {
      const above = buildChains([...chain, parent], search);
      chains.push(...above.chains);
      error = above.error;
    }
  }
  if (chains.length > 0) return { chains, error: null };
  return { chains, error: error ?? unknownAuthority(below, chain.length - 1, hint) };
}

const TOO_MANY_CHECKS: Complaint = {
  reason: reason("chain-too-long", { detail: "Too many signature checks for one verdict" }),
  text: "x509: signature check attempts limit reached while verifying certificate chain",
};

function unknownAuthority(
  below: Certificate,
  depth: number,
  hint: { readonly text: string; readonly parent: Certificate } | null,
): Complaint {
  const base = "x509: certificate signed by unknown authority";
  return {
    reason: reason("issuer-unknown", {
      sha256: below.sha256,
      depth,
      ...(hint === null ? {} : { detail: hint.text }),
    }),
    text:
      hint === null
        ? base
        : `${base} (possibly because of ${quote(hint.text)} while trying to verify candidate authority certificate ${quote(titleOf(hint.parent))})`,
  };
}

/** UnknownAuthorityError: the CN, else the first O, else the serial number. */
function titleOf(certificate: Certificate): string {
  const name = commonNameOf(certificate);
  if (name !== "") return name;
  const organization = certificate.subject.rdns
    .flat()
    .find(({ type }) => type === ORGANIZATION)?.text;
  return organization ?? `serial:${serialText(certificate.serialNumber)}`;
}

function serialText(hexadecimal: string): string {
  const value = BigInt(`0x${hexadecimal === "" ? "0" : hexadecimal}`);
  const isNegative = Number.parseInt(hexadecimal.slice(0, 2), 16) >= 0x80;
  return (isNegative ? value - (1n << BigInt(hexadecimal.length * 4)) : value).toString();
}

/** CertPool.findPotentialParents: by name, key identifiers that fit first; roots before intermediates. */
function parents(
  below: Certificate,
  { roots, intermediates }: GoSearch,
): readonly (readonly [Certificate, GoRole])[] {
  const wanted = identifierOf(below, valueOf(authorityKeyIdentifier(below))?.keyIdentifier);
  const rank = (each: Certificate): number => {
    const own = identifierOf(each, valueOf(subjectKeyIdentifier(each)));
    if (own === wanted) return 0;
    return own === "" || wanted === "" ? 1 : 2;
  };
  const sorted = (
    pool: readonly Certificate[],
    role: GoRole,
  ): readonly (readonly [Certificate, GoRole])[] =>
    [...new Map(pool.map((each) => [each.sha256, each])).values()]
      .filter(
        (each) => bytesEqual(each.subject.der, below.issuer.der) && parseComplaint(each) === null,
      )
      .toSorted((a, b) => rank(a) - rank(b))
      .map((each) => [each, role] as const);
  return [...sorted(roots, "root"), ...sorted(intermediates, "intermediate")];
}

/** Extensions count in version 3 alone. */
const identifierOf = ({ version }: Certificate, identifier: string | null | undefined): string =>
  version === 3 ? (identifier ?? "") : "";

/** The same subject and key, and the same alternative names or none. */
function alreadyInChain(candidate: Certificate, chain: readonly Certificate[]): boolean {
  const own = altNamesOf(candidate);
  for (const each of chain) {
    if (!bytesEqual(each.subject.der, candidate.subject.der) || !sameKey(each, candidate)) continue;
    const other = altNamesOf(each);
    if (own === undefined || other === undefined) return own === other;
    if (bytesEqual(own, other)) return true;
  }
  return false;
}

function altNamesOf({ extensions, version }: Certificate): Uint8Array | undefined {
  if (version < 3) return undefined;
  return extensions.find(({ oid }) => oid === ExtensionOid.subjectAltName)?.value;
}

/** Certificate.isValid. @param chain what stands below, leaf first */
export function validityComplaint(
  certificate: Certificate,
  role: GoRole,
  chain: readonly Certificate[],
  { at, rules }: GoSearch,
): Complaint | null {
  const where = { sha256: certificate.sha256, depth: chain.length };
  if (hasUnhandledCritical(certificate))
    return {
      reason: reason("unknown-critical-extension", where),
      text: "x509: unhandled critical extension",
    };
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
  const [leaf] = chain;
  const named =
    leaf === undefined ? null : constraintComplaint(certificate, leaf, rules.maxComparisons);
  if (named !== null)
    return {
      reason: reason("name-constraints", {
        ...where,
        detail: named.kind === "other" ? named.text : named.detail,
      }),
      text:
        named.kind === "other"
          ? named.text
          : `x509: a root or intermediate certificate is not authorized to sign for this name: ${named.detail}`,
    };
  const constraints = goBasicConstraints(certificate);
  if (role === "intermediate" && constraints?.ca !== true)
    return {
      reason: reason("not-a-ca", where),
      text: "x509: certificate is not authorized to sign other certificates",
    };
  const allowed = constraints?.pathLength ?? null;
  if (allowed !== null && chain.length - 1 > allowed)
    return {
      reason: reason("path-length-exceeded", where),
      text: "x509: too many intermediates for path length constraint",
    };
  return null;
}

/** time.RFC3339 in UTC: fractions are cut. */
function clock(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, "Z");
}
