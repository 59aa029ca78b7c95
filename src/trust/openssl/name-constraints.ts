import type { Certificate } from "../../x509/certificate.ts";
import {
  type GeneralSubtree,
  nameConstraints,
  type NameConstraints,
  valueOf,
} from "../../x509/extensions.ts";
import type { GeneralName } from "../../x509/general-name.ts";
import { canonicalName } from "../../x509/name.ts";
import { Tag } from "../../x509/der.ts";
import { COMMON_NAME, EMAIL_ADDRESS } from "../../x509/oids.ts";
import { namesOf } from "./alt-names.ts";
import { type OpenSslContext, verifyError, type VerifyError } from "./context.ts";
import { VerifyErrors } from "./errors.ts";
import { selfIssued } from "./facts.ts";

type Violation =
  | "permittedViolation"
  | "excludedViolation"
  | "subtreeMinMax"
  | "unsupportedConstraintType"
  | "unsupportedNameSyntax"
  | "unspecified";

/** NAME_CHECK_MAX: above this product of names and constraints OpenSSL gives up. */
const NAME_CHECK_MAX = 2 ** 20;

/** check_name_constraints: every certificate against the constraints of all above it, the anchor's included. */
export function* checkChainNames(
  chain: readonly Certificate[],
  context: OpenSslContext,
): Generator<VerifyError> {
  for (let depth = chain.length - 1; depth >= 0; depth--) {
    const certificate = chain[depth];
    if (certificate === undefined || (depth !== 0 && selfIssued(certificate))) continue;
    for (let above = chain.length - 1; above > depth; above--) {
      const issuer = chain[above];
      const constraints = issuer === undefined ? undefined : valueOf(nameConstraints(issuer));
      if (constraints === undefined) continue;
      const violation = checkCertificate(certificate, constraints, depth === 0, context);
      if (violation !== null)
        yield verifyError(VerifyErrors[violation], "name-constraints", { certificate, depth });
    }
  }
}

function checkCertificate(
  certificate: Certificate,
  constraints: NameConstraints,
  isLeaf: boolean,
  { budget }: OpenSslContext,
): Violation | null {
  const attributes = certificate.subject.rdns.flat();
  const alternatives = namesOf(certificate);
  const names = attributes.length + alternatives.length;
  const subtrees = (constraints.permitted?.length ?? 0) + (constraints.excluded?.length ?? 0);
  if (names > 0 && subtrees > Math.floor(NAME_CHECK_MAX / names)) return "unspecified";
  budget.comparisons(names * subtrees);
  for (const name of checkedNames(certificate, isLeaf)) {
    const violation = name === null ? "unsupportedNameSyntax" : checkName(name, constraints);
    if (violation !== null) return violation;
  }
  return null;
}

/** The names in the order of NAME_CONSTRAINTS_check and NAME_CONSTRAINTS_check_CN; null for one of no use. */
function* checkedNames(certificate: Certificate, isLeaf: boolean): Generator<GeneralName | null> {
  const attributes = certificate.subject.rdns.flat();
  const alternatives = namesOf(certificate);
  if (attributes.length > 0) yield { kind: "directory", value: certificate.subject };
  for (const { type, tag, text } of attributes)
    if (type === EMAIL_ADDRESS) yield tag === Tag.ia5String ? { kind: "email", value: text } : null;
  yield* alternatives;
  if (!isLeaf || alternatives.some(({ kind }) => kind === "dns")) return;
  for (const { type, text } of attributes)
    if (type === COMMON_NAME && looksLikeHost(text)) yield { kind: "dns", value: text };
}

/** cn2dnsid: two labels or more, underscores allowed, no hyphen or dot beside a dot. */
function looksLikeHost(text: string): boolean {
  return /^[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)+$/.test(
    text,
  );
}

/** nc_match: permitted subtrees first, then excluded ones. */
function checkName(name: GeneralName, { permitted, excluded }: NameConstraints): Violation | null {
  const same = (subtree: GeneralSubtree): boolean => subtree.base.kind === name.kind;
  const allowed = (permitted ?? []).filter(same);
  let matched = false;
  for (const subtree of allowed) {
    if (!plainDistance(subtree)) return "subtreeMinMax";
    if (matched) continue;
    const result = matchSubtree(name, subtree.base);
    if (typeof result === "string") return result;
    matched = result;
  }
  if (allowed.length > 0 && !matched) return "permittedViolation";
  for (const subtree of (excluded ?? []).filter(same)) {
    if (!plainDistance(subtree)) return "subtreeMinMax";
    const result = matchSubtree(name, subtree.base);
    if (typeof result === "string") return result;
    if (result) return "excludedViolation";
  }
  return null;
}

function plainDistance({ minimum, maximum }: GeneralSubtree): boolean {
  return minimum === 0 && maximum === null;
}

/** nc_match_single: whether a name lies in a subtree of its own type, or why that cannot be said. */
function matchSubtree(name: GeneralName, base: GeneralName): boolean | Violation {
  if (name.kind === "dns" && base.kind === "dns") return dnsInside(name.value, base.value);
  if (name.kind === "email" && base.kind === "email") return emailInside(name.value, base.value);
  if (name.kind === "uri" && base.kind === "uri") return uriInside(name.value, base.value);
  if (name.kind === "ip" && base.kind === "ip") return addressInside(name.value, base.value);
  if (name.kind === "directory" && base.kind === "directory") {
    if (base.value.rdns.length === 0) return true;
    return `${canonicalName(name.value, "openssl")}\n`.startsWith(
      `${canonicalName(base.value, "openssl")}\n`,
    );
  }
  return "unsupportedConstraintType";
}

function dnsInside(name: string, base: string): boolean {
  if (base === "") return true;
  const lower = name.toLowerCase();
  const tree = base.toLowerCase();
  if (!lower.endsWith(tree)) return false;
  return (
    lower.length === tree.length ||
    tree.startsWith(".") ||
    lower[lower.length - tree.length - 1] === "."
  );
}

function emailInside(name: string, base: string): boolean | Violation {
  const at = name.lastIndexOf("@");
  if (at < 0) return "unsupportedNameSyntax";
  const baseAt = base.lastIndexOf("@");
  if (baseAt < 0 && base.startsWith("."))
    return name.length > base.length && name.toLowerCase().endsWith(base.toLowerCase());
  if (baseAt > 0 && name.slice(0, at) !== base.slice(0, baseAt)) return false;
  return name.slice(at + 1).toLowerCase() === base.slice(baseAt + 1).toLowerCase();
}

function uriInside(name: string, base: string): boolean | Violation {
  const start = name.indexOf("://");
  if (start < 0 || name.indexOf(":") !== start) return "unsupportedNameSyntax";
  const rest = name.slice(start + 3);
  const colon = rest.indexOf(":");
  const slash = rest.indexOf("/");
  const end = colon >= 0 ? colon : slash >= 0 ? slash : rest.length;
  const host = rest.slice(0, end).toLowerCase();
  if (host === "") return "unsupportedNameSyntax";
  const tree = base.toLowerCase();
  return tree.startsWith(".") ? host.length > tree.length && host.endsWith(tree) : host === tree;
}

function addressInside(name: Uint8Array, base: Uint8Array): boolean | Violation {
  if (name.length !== 4 && name.length !== 16) return "unsupportedNameSyntax";
  if (base.length !== 8 && base.length !== 32) return "unsupportedNameSyntax";
  if (name.length * 2 !== base.length) return false;
  return name.every((octet, i) => {
    const mask = base[name.length + i] ?? 0;
    return (octet & mask) === ((base[i] ?? 0) & mask);
  });
}
