import type { Certificate } from "../../x509/certificate.ts";
import type { Attribute, Name } from "../../x509/name.ts";
import { COMMON_NAME, EMAIL_ADDRESS, ExtensionOid } from "../../x509/oids.ts";
import type { Budget } from "../budget.ts";
import type { JavaRules } from "../profile.ts";
import { javaAddress } from "./addresses.ts";
import {
  type DerValue,
  isConstructed,
  isContext,
  JavaParseError,
  onlyValue,
  valuesIn,
} from "./der-value.ts";
import { isDnsName, javaAltNames, type JavaName, readJavaName } from "./general-names.ts";
import { relate } from "./name-relation.ts";
import { intersection, reduced, type Subtree, united } from "./name-subtrees.ts";

/** Name constraints, those of one certificate or those merged along a path. */
export interface JavaNameConstraints {
  readonly permitted: readonly Subtree[] | null;
  readonly excluded: readonly Subtree[] | null;
}

/** nameConstraints of a certificate, or the exceptions that reading them raises. */
export type ReadConstraints =
  | { readonly state: "absent" }
  | { readonly state: "present"; readonly constraints: JavaNameConstraints }
  | { readonly state: "malformed"; readonly critical: boolean; readonly error: JavaParseError };

const memory = new WeakMap<Certificate, ReadConstraints>();

/** NameConstraintsExtension of a certificate. */
export function javaNameConstraints(certificate: Certificate): ReadConstraints {
  let known = memory.get(certificate);
  if (known === undefined) {
    known = read(certificate);
    memory.set(certificate, known);
  }
  return known;
}

function read({ extensions }: Certificate): ReadConstraints {
  const extension = extensions.find(({ oid }) => oid === ExtensionOid.nameConstraints);
  if (extension === undefined) return { state: "absent" };
  try {
    return { state: "present", constraints: readConstraints(extension.value) };
  } catch (error) {
    if (!(error instanceof JavaParseError)) throw error;
    return { state: "malformed", critical: extension.critical, error };
  }
}

function readConstraints(bytes: Uint8Array): JavaNameConstraints {
  const value = onlyValue(bytes);
  if (value.tag !== 0x30)
    throw new JavaParseError("Invalid encoding for NameConstraintsExtension.");
  let permitted: readonly Subtree[] | null = null;
  let excluded: readonly Subtree[] | null = null;
  for (const part of valuesIn(value.content)) {
    if (isContext(part, 0) && isConstructed(part)) {
      if (permitted !== null)
        throw new JavaParseError(
          "Duplicate permitted GeneralSubtrees in NameConstraintsExtension.",
        );
      permitted = valuesIn(part.content).map(readSubtree);
    } else if (isContext(part, 1) && isConstructed(part)) {
      if (excluded !== null)
        throw new JavaParseError("Duplicate excluded GeneralSubtrees in NameConstraintsExtension.");
      excluded = valuesIn(part.content).map(readSubtree);
    } else throw new JavaParseError("Invalid encoding of NameConstraintsExtension.");
  }
  return { permitted, excluded };
}

function readSubtree(value: DerValue): Subtree {
  if (value.tag !== 0x30) throw new JavaParseError("Invalid encoding for GeneralSubtree.");
  const [base, ...rest] = valuesIn(value.content);
  if (base === undefined) throw new JavaParseError("Too short");
  const name = readJavaName(base, true);
  let minimum = 0;
  let maximum: number | null = null;
  for (const part of rest) {
    const number = part.content.reduce((sum, octet) => sum * 256 + octet, 0);
    if (isContext(part, 0) && !isConstructed(part)) minimum = number;
    else if (isContext(part, 1) && !isConstructed(part)) maximum = number;
    else throw new JavaParseError("Invalid encoding of GeneralSubtree.");
  }
  return { name, minimum, maximum };
}

/** Work and rules of a check. */
export interface ConstraintOptions {
  readonly rules: JavaRules;
  readonly budget: Budget;
}

/** NameConstraintsExtension.merge: the constraints above with those of one more certificate. @throws {JavaCrash} */
export function mergeConstraints(
  above: JavaNameConstraints | null,
  certificate: Certificate,
  options: ConstraintOptions,
): JavaNameConstraints | null {
  const own = javaNameConstraints(certificate);
  if (own.state !== "present") return above;
  const { constraints } = own;
  if (above === null) return constraints;
  let excluded = above.excluded ?? constraints.excluded;
  if (above.excluded !== null && constraints.excluded !== null)
    excluded = united(above.excluded, constraints.excluded, options);
  let permitted = above.permitted ?? constraints.permitted;
  if (above.permitted !== null && constraints.permitted !== null) {
    const both = intersection(above.permitted, constraints.permitted, options);
    permitted = both.permitted;
    if (both.excluded.length > 0)
      excluded = excluded === null ? both.excluded : united(excluded, both.excluded, options);
  }
  if (permitted !== null && excluded !== null) permitted = reduced(permitted, excluded, options);
  return { permitted, excluded };
}

/** What became of a name constraint check: fine, violated, or a form that Java refuses to evaluate. */
export type ConstraintOutcome =
  | { readonly kind: "satisfied" }
  | { readonly kind: "violated"; readonly name: JavaName }
  | { readonly kind: "unsupported"; readonly text: string };

/**
 * NameConstraintsExtension.verify(X509Certificate): subject, alternative names, and the last CN as a name of its own.
 * @throws {JavaCrash}
 */
export function checkNameConstraints(
  certificate: Certificate,
  constraints: JavaNameConstraints,
  options: ConstraintOptions,
): ConstraintOutcome {
  const subtrees = [...(constraints.permitted ?? []), ...(constraints.excluded ?? [])];
  if (subtrees.some(({ minimum }) => minimum !== 0))
    return {
      kind: "unsupported",
      text: "Non-zero minimum BaseDistance in name constraints not supported",
    };
  if (subtrees.some(({ maximum }) => maximum !== null))
    return {
      kind: "unsupported",
      text: "Maximum BaseDistance in name constraints not supported",
    };
  for (const name of constrainedNames(certificate)) {
    options.budget.comparisons(subtrees.length);
    if (!isAllowed(name, constraints, options.rules)) return { kind: "violated", name };
  }
  return { kind: "satisfied" };
}

/** Every name of a certificate that Java holds against name constraints, in the order of its checks. */
function* constrainedNames(certificate: Certificate): Generator<JavaName> {
  const { subject } = certificate;
  if (subject.rdns.length > 0) yield { kind: "directory", value: subject };
  const decoded = javaAltNames(certificate);
  const alternatives =
    decoded.state === "present" ? decoded.names : mailboxesOf(subject).map(asMailbox);
  yield* alternatives;
  const fromCommonName = commonNameAsName(subject, alternatives);
  if (fromCommonName !== null) yield fromCommonName;
}

const asMailbox = (value: string): JavaName => ({ kind: "email", value });

function mailboxesOf({ rdns }: Name): readonly string[] {
  return rdns
    .flat()
    .filter(
      ({ type, text }) => type === EMAIL_ADDRESS && /[^@]$/.test(text) && !/(^|@)\.$/.test(text),
    )
    .map(({ text }) => text);
}

/** X500Name.findMostSpecificAttribute(CN): the last one in encoded order. */
export function mostSpecificCommonName(subject: Name): Attribute | undefined {
  return subject.rdns.flat().findLast(({ type }) => type === COMMON_NAME);
}

/** The CN as the name that Java holds against constraints; null when a name of its type exists or it is none. */
export function commonNameAsName(subject: Name, others: readonly JavaName[]): JavaName | null {
  const commonName = mostSpecificCommonName(subject)?.text;
  if (commonName === undefined) return null;
  const address = javaAddress(commonName);
  if (address !== null) {
    // IPAddressName(String) wants a separator
    if (!/[.:]/.test(commonName) || others.some(({ kind }) => kind === "ip")) return null;
    return { kind: "ip", value: address };
  }
  if (others.some(({ kind }) => kind === "dns") || !isDnsName(commonName)) return null;
  return { kind: "dns", value: commonName };
}

function isAllowed(
  name: JavaName,
  { permitted, excluded }: JavaNameConstraints,
  rules: JavaRules,
): boolean {
  for (const tree of excluded ?? []) {
    const relation = relate(tree.name, name, rules);
    if (relation === "match" || relation === "narrows") return false;
    if (rules.wildcardsMeetExclusions && wildcardCovers(name, tree.name)) return false;
  }
  let sameType = false;
  for (const tree of permitted ?? []) {
    const relation = relate(tree.name, name, rules);
    if (relation === "match" || relation === "narrows") return true;
    if (relation !== "other-type") sameType = true;
  }
  return !sameType;
}

/** Whether a wildcard name could be expanded to a name that the excluded subtree holds. */
function wildcardCovers(name: JavaName, base: JavaName): boolean {
  if (name.kind !== "dns" || base.kind !== "dns" || !name.value.startsWith("*.")) return false;
  const suffix = name.value.slice(1).toLowerCase();
  const tree = base.value.toLowerCase();
  return (
    tree.endsWith(suffix) &&
    tree.length > suffix.length &&
    !tree.slice(0, -suffix.length).includes(".")
  );
}
