import type { Certificate } from "../../x509/certificate.ts";
import type { PublicKeyInfo } from "../../x509/public-key.ts";
import { keyUsage, valueOf } from "../../x509/extensions.ts";
import { type Reason, reason, type ReasonCode } from "../reason.ts";
import {
  decompose,
  decomposeName,
  keyAlgorithm,
  keyParameterName,
  keyParameterNames,
  keySize,
  pssDigest,
  signatureName,
} from "./algorithm-names.ts";
import type { JavaContext } from "./context.ts";
import {
  type AlgorithmCondition,
  type AlgorithmEntry,
  type DisabledAlgorithms,
  isPropertyError,
  isUsage,
  permitsSize,
  readDisabledAlgorithms,
} from "./disabled-algorithms.ts";
import { hashOrder, textHash } from "./hash-order.ts";

/** A refused algorithm or key, with Java's text. */
export interface AlgorithmRefusal {
  readonly reason: Reason;
  readonly text: string;
}

const FAILED = "Algorithm constraints check failed on";

const NOTHING_DISABLED: DisabledAlgorithms = { names: new Set(), entries: new Map() };

function disabled(property: string, { rules }: JavaContext): DisabledAlgorithms {
  const read = readDisabledAlgorithms(property, rules.disabledCurves);
  return isPropertyError(read) ? NOTHING_DISABLED : read;
}

/** One certificate of a path, and the key above it. */
export interface AlgorithmStep {
  readonly certificate: Certificate;
  readonly depth: number;
  /** Key of the issuer; null for the top where the checker was not told the anchor. */
  readonly issuerKey: PublicKeyInfo | null;
  /** Whether the issuer is the anchor. */
  readonly isTop: boolean;
  readonly context: JavaContext;
}

/** The first AlgorithmChecker: jdk.certpath.disabledAlgorithms. */
export function checkCertPathAlgorithms(step: AlgorithmStep): AlgorithmRefusal | null {
  const { context } = step;
  const list = disabled(context.rules.certPathDisabled, context);
  return context.rules.wording === "25"
    ? certPathChecks25(step, list)
    : certPathChecks17(step, list);
}

/** The second AlgorithmChecker: jdk.tls.disabledAlgorithms and the signature schemes offered on this connection. */
export function checkTlsAlgorithms(step: AlgorithmStep): AlgorithmRefusal | null {
  const { certificate, context, issuerKey } = step;
  const list = disabled(context.rules.tlsDisabled, context);
  const name = signatureName(certificate);
  const permitted = permitsScheme(name, context) && permitsName(list, name);
  const key = certificate.publicKey;
  const describeKey = (text: string): string =>
    `${FAILED} ${text}${keyAlgorithm(key)} key with size of ${keySize(key)}bits`;
  const issuerPermitted = issuerKey === null || permitsKey(list, issuerKey, context);
  if (context.rules.wording === "25" && issuerKey !== null) {
    if (!permitted || !issuerPermitted)
      return refuse(step, "algorithm-disabled", describeKey(`${name}signature and `));
  } else if (!permitted)
    return refuse(step, "algorithm-disabled", `${FAILED} signature algorithm: ${name}`);
  const isNewer = context.rules.wording === "25";
  const useless = isNewer ? checkUsageBits(step) : null;
  if (useless !== null) return useless;
  if (!permitsKey(list, key, context))
    return refuse(
      step,
      "key-too-small",
      isNewer
        ? describeKey("")
        : `${FAILED} key ${keyAlgorithm(key)} with size of ${keySize(key)}bits`,
    );
  return issuerPermitted
    ? null
    : refuse(step, "algorithm-disabled", `${FAILED} signature algorithm: ${name}`);
}

function certPathChecks25(step: AlgorithmStep, list: DisabledAlgorithms): AlgorithmRefusal | null {
  const { certificate, issuerKey, isTop } = step;
  const ofAnchor =
    isTop && issuerKey !== null
      ? constrain(step, list, {
          algorithm: keyParameterName(issuerKey) ?? keyAlgorithm(issuerKey),
          key: issuerKey,
          suffix: ".",
        })
      : null;
  return ofAnchor ?? constrainCertificate(step, list, certificate);
}

function certPathChecks17(step: AlgorithmStep, list: DisabledAlgorithms): AlgorithmRefusal | null {
  const { certificate, issuerKey, context } = step;
  const name = signatureName(certificate);
  const bySignature = `${FAILED} signature algorithm: ${name}`;
  if (!permitsName(list, name)) return refuse(step, "algorithm-disabled", bySignature);
  return (
    checkUsageBits(step) ??
    constrainCertificate(step, list, certificate) ??
    (issuerKey === null || permitsKey(list, issuerKey, context)
      ? null
      : refuse(step, "key-too-small", bySignature))
  );
}

/** DisabledAlgorithmConstraints.permits for signature and key of a certificate. */
function constrainCertificate(
  step: AlgorithmStep,
  list: DisabledAlgorithms,
  certificate: Certificate,
): AlgorithmRefusal | null {
  const suffix = ` used with certificate: ${certificate.subject.text}`;
  const found = constrain(step, list, {
    algorithm: signatureName(certificate),
    key: certificate.publicKey,
    suffix,
  });
  const digest = pssDigest(certificate);
  if (found !== null || digest === null) return found;
  return constrainNames(step, list, {
    names: algorithmNames(digest, step.context.rules.wording),
    key: certificate.publicKey,
    suffix,
    withoutKey: true,
  });
}

interface Subject {
  readonly algorithm: string;
  readonly key: PublicKeyInfo;
  /** What Java appends to its text. */
  readonly suffix: string;
}

function constrain(
  step: AlgorithmStep,
  list: DisabledAlgorithms,
  { algorithm, key, suffix }: Subject,
): AlgorithmRefusal | null {
  const curve = keyParameterNames(key, step.context.rules.wording).find(
    (name) => !permitsName(list, name),
  );
  if (curve !== undefined)
    return refuse(step, "algorithm-disabled", `${FAILED} disabled algorithm: ${curve}`);
  const { wording } = step.context.rules;
  const keyName =
    wording === "25" ? (keyParameterName(key) ?? keyAlgorithm(key)) : keyAlgorithm(key);
  const names = [...new Set([...algorithmNames(algorithm, wording), keyName])];
  return constrainNames(step, list, { names, key, suffix, withoutKey: false });
}

function algorithmNames(algorithm: string, wording: "17" | "25"): readonly string[] {
  return [...new Set([...decomposeName(algorithm), ...(wording === "25" ? [algorithm] : [])])];
}

function constrainNames(
  step: AlgorithmStep,
  list: DisabledAlgorithms,
  subject: {
    readonly names: readonly string[];
    readonly key: PublicKeyInfo;
    readonly suffix: string;
    readonly withoutKey: boolean;
  },
): AlgorithmRefusal | null {
  for (const name of hashOrder(subject.names, textHash))
    for (const entry of list.entries.get(name.toUpperCase()) ?? []) {
      if (subject.withoutKey && entry.conditions[0]?.kind === "key-size") continue;
      const text = breach(entry, subject.key, subject.suffix, step.context);
      if (text !== null)
        return refuse(
          step,
          text.includes("keysize") ? "key-too-small" : "algorithm-disabled",
          text,
        );
    }
  return null;
}

/** Constraint.permits: null when some condition spares the certificate, else the text of the last one. */
function breach(
  { algorithm, conditions }: AlgorithmEntry,
  key: PublicKeyInfo,
  suffix: string,
  context: JavaContext,
): string | null {
  let text: string | null = `${FAILED} disabled algorithm: ${algorithm}${suffix}`;
  for (const condition of conditions) {
    text = conditionText(condition, algorithm, key, suffix, context);
    if (text === null) return null;
  }
  return text;
}

function conditionText(
  condition: AlgorithmCondition,
  algorithm: string,
  key: PublicKeyInfo,
  suffix: string,
  { at, purpose }: JavaContext,
): string | null {
  switch (condition.kind) {
    case "jdk-ca":
      return null; // every anchor counts as one of the operator's own
    case "deny-after":
      return at < condition.time
        ? null
        : `denyAfter constraint check failed: ${algorithm} used with Constraint date: ${condition.day}; params date: ${new Date(at).toISOString()}${suffix}`;
    case "usage": {
      const usage = condition.usages.find((each) => isUsage(each, purpose));
      return usage === undefined
        ? null
        : `Usage constraint ${usage} check failed: ${algorithm}${suffix}`;
    }
    case "key-size": {
      const size = keySize(key);
      if (algorithm.toLowerCase() !== keyAlgorithm(key).toLowerCase() || size < 0) return null;
      if (size > 0 && permitsSize(condition.operator, condition.bits, size)) return null;
      return `${FAILED} keysize limits: ${algorithm} ${size} bit key${suffix}`;
    }
  }
}

/** Answers of permitsName: certificates name few algorithms, and hostile ones are not let fill the memory. */
const permitted = new WeakMap<DisabledAlgorithms, Map<string, boolean>>();
const MAX_PERMITTED = 500;

/** DisabledAlgorithmConstraints.checkAlgorithm: neither the name nor a part of it stands alone in the list. */
function permitsName(list: DisabledAlgorithms, algorithm: string): boolean {
  const memory = permitted.get(list) ?? new Map<string, boolean>();
  permitted.set(list, memory);
  const known = memory.get(algorithm);
  if (known !== undefined) return known;
  const answer = ![algorithm, ...decompose(algorithm)].some((name) =>
    list.names.has(name.toLowerCase()),
  );
  if (memory.size >= MAX_PERMITTED) memory.clear();
  memory.set(algorithm, answer);
  return answer;
}

/** DisabledAlgorithmConstraints.permits(primitives, key): the older check, which knows no usages. */
function permitsKey(list: DisabledAlgorithms, key: PublicKeyInfo, context: JavaContext): boolean {
  const name = keyAlgorithm(key);
  if (
    !permitsName(list, name) ||
    keyParameterNames(key, context.rules.wording).some((each) => !permitsName(list, each))
  )
    return false;
  return (list.entries.get(name.toUpperCase()) ?? []).every(({ conditions }) =>
    conditions.length === 0 ? false : permitsConditions(conditions, key, context.at),
  );
}

/** Constraint.permits(Key): any condition of the chain that permits the key spares it. */
function permitsConditions(
  conditions: readonly AlgorithmCondition[],
  key: PublicKeyInfo,
  at: number,
): boolean {
  const [first, ...rest] = conditions;
  if (first === undefined) return false;
  const size = keySize(key);
  switch (first.kind) {
    case "jdk-ca":
    case "usage":
      return true;
    case "deny-after":
      return (rest.length > 0 && permitsConditions(rest, key, at)) || at < first.time;
    case "key-size":
      return (
        (rest.length > 0 && permitsConditions(rest, key, at)) ||
        size < 0 ||
        (size > 0 && permitsSize(first.operator, first.bits, size))
      );
  }
}

/** Certificate signatures that a TLS 1.3 client of this family offers, and what TLS 1.2 adds. */
const OFFERED: ReadonlySet<string> = new Set([
  "SHA256withECDSA",
  "SHA384withECDSA",
  "SHA512withECDSA",
  "Ed25519",
  "Ed448",
  "RSASSA-PSS",
  "SHA256withRSA",
  "SHA384withRSA",
  "SHA512withRSA",
  "SHA256withDSA",
  "SHA1withECDSA",
  "SHA1withRSA",
  "SHA1withDSA",
]);
const OFFERED_IN_TLS12: ReadonlySet<string> = new Set([
  ...OFFERED,
  "SHA224withECDSA",
  "SHA224withRSA",
  "SHA224withDSA",
]);

/** SupportedSignatureAlgorithmConstraints: before TLS 1.2 there are no schemes. */
function permitsScheme(name: string, { version }: JavaContext): boolean {
  if (version === "TLSv1.1" || version === "TLSv1") return true;
  return (version === "TLSv1.2" ? OFFERED_IN_TLS12 : OFFERED).has(name);
}

/** Key usage with none of the bits that name a primitive. */
function checkUsageBits({ certificate, depth }: AlgorithmStep): AlgorithmRefusal | null {
  const usage = valueOf(keyUsage(certificate));
  const isUseless =
    usage !== undefined &&
    [...usage].every((bit) => bit === "encipherOnly" || bit === "decipherOnly");
  return isUseless
    ? {
        reason: reason("key-usage", {
          sha256: certificate.sha256,
          depth,
          detail: "no usage bit is set",
        }),
        text: "incorrect KeyUsage extension bits",
      }
    : null;
}

function refuse(
  { certificate, depth }: AlgorithmStep,
  code: ReasonCode,
  text: string,
): AlgorithmRefusal {
  const name = signatureName(certificate);
  const size = certificate.publicKey.bits;
  const detail =
    code === "key-too-small"
      ? `${keyAlgorithm(certificate.publicKey)} ${size ?? "unknown"} bit key`
      : `signed with ${name}`;
  return { reason: reason(code, { sha256: certificate.sha256, depth, detail }), text };
}
