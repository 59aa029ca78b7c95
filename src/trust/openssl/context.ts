import type { Certificate } from "../../x509/certificate.ts";
import { canonicalName, type Name } from "../../x509/name.ts";
import { isSignedBy } from "../../x509/verify-signature.ts";
import type { Budget } from "../budget.ts";
import type { OpenSslRules } from "../profile.ts";
import { type Reason, reason, type ReasonCode } from "../reason.ts";
import type { Purpose } from "../verdict.ts";

/** What every step of one OpenSSL verdict needs. */
export interface OpenSslContext {
  readonly rules: OpenSslRules;
  readonly at: number;
  readonly purpose: Purpose;
  readonly store: StoreIndex;
  readonly budget: Budget;
  readonly maxDepth: number;
}

/** The store as X509_STORE sees it: by subject, in the order of insertion. */
export interface StoreIndex {
  readonly bySubject: (name: Name) => readonly Certificate[];
  readonly find: (certificate: Certificate) => Certificate | undefined;
}

const indexes = new WeakMap<readonly Certificate[], StoreIndex>();

/** Indexes a store; the same array is indexed once. */
export function indexStore(certificates: readonly Certificate[]): StoreIndex {
  const known = indexes.get(certificates);
  if (known !== undefined) return known;
  const subjects = Map.groupBy(certificates, ({ subject }) => canonicalName(subject, "openssl"));
  const identities = new Map(certificates.map((each) => [each.sha256, each]));
  const index: StoreIndex = {
    bySubject: (name) => subjects.get(canonicalName(name, "openssl")) ?? [],
    find: ({ sha256 }) => identities.get(sha256),
  };
  indexes.set(certificates, index);
  return index;
}

/** A refusal by OpenSSL: our reason, its error number, depth and text. */
export interface VerifyError {
  readonly reason: Reason;
  /** X509_V_ERR_… */
  readonly number: number;
  readonly text: string;
}

/** Builds a VerifyError at a depth of the chain. */
export function verifyError(
  known: readonly [number: number, text: string],
  code: ReasonCode,
  at: {
    readonly certificate?: Certificate | undefined;
    readonly depth: number;
    readonly detail?: string;
  },
): VerifyError {
  const { certificate, depth, detail } = at;
  return {
    number: known[0],
    text: known[1],
    reason: reason(code, {
      depth,
      ...(certificate === undefined ? {} : { sha256: certificate.sha256 }),
      ...(detail === undefined ? {} : { detail }),
    }),
  };
}

/** Validity as ossl_x509_check_cert_time sees it: in whole seconds, the last second excluded. */
export function timeState(
  certificate: Certificate,
  at: number,
): "valid" | "not-yet-valid" | "expired" {
  const now = Math.floor(at / 1000);
  if (Math.floor(certificate.notBefore / 1000) > now) return "not-yet-valid";
  return Math.floor(certificate.notAfter / 1000) <= now ? "expired" : "valid";
}

/** Verifies a signature within the budget of the verdict. */
export function signedBy(
  context: OpenSslContext,
  certificate: Certificate,
  issuer: Certificate,
): boolean {
  context.budget.signature();
  return isSignedBy(certificate, issuer);
}
