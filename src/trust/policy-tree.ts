import {
  ANY_POLICY,
  type PolicyConstraints,
  type PolicyExtensions,
  policyExtensions,
  type PolicyInformation,
  type PolicyMapping,
} from "../x509/policies.ts";
import { valueOf } from "../x509/extensions.ts";
import type { Certificate } from "../x509/certificate.ts";

/** Why policy processing refuses a path. */
export type PolicyFailure =
  /** An explicit policy is required and none is left. */
  | "no-valid-policy"
  /** A mapping from or to anyPolicy. */
  | "maps-from-any-policy"
  | "maps-to-any-policy"
  /** Qualifiers in a critical extension, where the client does not accept those. */
  | "critical-qualifiers";

/** How a client processes policies. */
export interface PolicyOptions {
  /** Whether a critical certificatePolicies with qualifiers is refused (PKIXParameters.getPolicyQualifiersRejected). */
  readonly refuseCriticalQualifiers: boolean;
  /** Whether an inhibitAnyPolicy that is not critical is passed over, as the JDK does. */
  readonly inhibitAnyPolicyMustBeCritical: boolean;
  /** How the client compares the names of a self-issued certificate. */
  readonly isSelfIssued: (certificate: Certificate) => boolean;
}

/** The leaves of the valid policy tree: a policy and what the next certificate may call it. */
type Leaves = Map<string, { expected: Set<string>; mapped: boolean }>;

/**
 * Policy processing of RFC 5280 section 6.1 with the initial set {any-policy} and nothing required at the start; a
 * certificate may still require an explicit policy.
 *
 * Only the leaves of the tree are kept: with {any-policy} the outcome depends on nothing else, and RFC 9618 recommends
 * such a form because the tree itself can grow exponentially.
 */
export class PolicyTree {
  readonly #options: PolicyOptions;
  readonly #length: number;
  #index = 1;
  #explicit: number;
  #mapping: number;
  #inhibitAny: number;
  #leaves: Leaves | null = new Map([
    [ANY_POLICY, { expected: new Set([ANY_POLICY]), mapped: false }],
  ]);

  /** @param length certificates in the path, the anchor not counted */
  constructor(length: number, options: PolicyOptions) {
    this.#options = options;
    this.#length = length;
    this.#explicit = length + 1;
    this.#mapping = length + 1;
    this.#inhibitAny = length + 1;
  }

  /** Processes the next certificate, from the one below the anchor down to the leaf; null when it is fine. */
  process(certificate: Certificate): PolicyFailure | null {
    const isLast = this.#index === this.#length;
    const isSelfIssued = this.#options.isSelfIssued(certificate);
    const extensions = policyExtensions(certificate);
    const failure =
      this.#descend(certificate, isLast, isSelfIssued) ??
      (isLast ? null : this.#map(valueOf(extensions.mappings) ?? []));
    if (failure !== null) return failure;
    const constraints = valueOf(extensions.constraints);
    const explicit = isLast ? this.#lastExplicit(isSelfIssued, constraints) : this.#explicit;
    if (explicit === 0 && this.#leaves === null) return "no-valid-policy";
    if (!isLast) this.#prepareNext(isSelfIssued, constraints, this.#inhibitAnyOf(extensions));
    this.#index++;
    return null;
  }

  #inhibitAnyOf({ inhibitAnyPolicy }: PolicyExtensions): number | undefined {
    const isHeard =
      inhibitAnyPolicy.state === "present" &&
      (inhibitAnyPolicy.critical || !this.#options.inhibitAnyPolicyMustBeCritical);
    return isHeard ? inhibitAnyPolicy.value : undefined;
  }

  /** Steps (d) and (e) of section 6.1.3. */
  #descend(certificate: Certificate, isLast: boolean, isSelfIssued: boolean): PolicyFailure | null {
    const { policies } = policyExtensions(certificate);
    const parents = this.#leaves;
    if (policies.state !== "present") {
      this.#leaves = null;
      return null;
    }
    if (parents === null) return null;
    if (this.#refusesQualifiers(policies.value, policies.critical)) return "critical-qualifiers";
    const leaves: Leaves = new Map();
    const expected = new Set([...parents.values()].flatMap((each) => [...each.expected]));
    for (const { policy } of policies.value)
      if (policy !== ANY_POLICY && (expected.has(policy) || expected.has(ANY_POLICY)))
        leaves.set(policy, { expected: new Set([policy]), mapped: false });
    const hasAny = policies.value.some(({ policy }) => policy === ANY_POLICY);
    if (hasAny && (this.#inhibitAny > 0 || (!isLast && isSelfIssued)))
      for (const policy of expected)
        if (!leaves.has(policy)) leaves.set(policy, { expected: new Set([policy]), mapped: false });
    this.#leaves = leaves.size === 0 ? null : leaves;
    return null;
  }

  #refusesQualifiers(policies: readonly PolicyInformation[], critical: boolean): boolean {
    return (
      critical &&
      this.#options.refuseCriticalQualifiers &&
      policies.some(({ policy, hasQualifiers }) => hasQualifiers && policy !== ANY_POLICY)
    );
  }

  /** Steps (a) and (b) of section 6.1.4. */
  #map(mappings: readonly PolicyMapping[]): PolicyFailure | null {
    const leaves = this.#leaves;
    if (leaves === null) return null;
    for (const { issuerDomain, subjectDomain } of mappings) {
      if (issuerDomain === ANY_POLICY) return "maps-from-any-policy";
      if (subjectDomain === ANY_POLICY) return "maps-to-any-policy";
      const leaf = leaves.get(issuerDomain);
      if (this.#mapping === 0) leaves.delete(issuerDomain);
      else if (leaf !== undefined) {
        if (!leaf.mapped) leaf.expected.clear();
        leaf.mapped = true;
        leaf.expected.add(subjectDomain);
      } else if (leaves.has(ANY_POLICY))
        leaves.set(issuerDomain, { expected: new Set([subjectDomain]), mapped: true });
    }
    if (leaves.size === 0) this.#leaves = null;
    return null;
  }

  /** Steps (a) and (b) of section 6.1.5. */
  #lastExplicit(isSelfIssued: boolean, constraints: PolicyConstraints | undefined): number {
    if (constraints?.requireExplicitPolicy === 0) return 0;
    return this.#explicit > 0 && !isSelfIssued ? this.#explicit - 1 : this.#explicit;
  }

  /** Steps (h) to (j) of section 6.1.4. */
  #prepareNext(
    isSelfIssued: boolean,
    constraints: PolicyConstraints | undefined,
    inhibitAny: number | undefined,
  ): void {
    const lower = (counter: number, limit: number | null | undefined): number =>
      Math.min(counter > 0 && !isSelfIssued ? counter - 1 : counter, limit ?? counter);
    this.#explicit = lower(this.#explicit, constraints?.requireExplicitPolicy);
    this.#mapping = lower(this.#mapping, constraints?.inhibitPolicyMapping);
    this.#inhibitAny = lower(this.#inhibitAny, inhibitAny);
  }
}
