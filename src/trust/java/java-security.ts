import type { DistrustPolicy, JavaRules, Profile } from "../profile.ts";
import { fail, ok, type Result } from "../../x509/result.ts";
import { DATED_DISTRUST } from "../profiles/java.ts";
import { isPropertyError, readDisabledAlgorithms } from "./disabled-algorithms.ts";

/** Why a `java.security` file cannot be used. */
export interface JavaSecurityError {
  readonly code: "too-large" | "include" | "malformed-escape" | "malformed-value" | "not-java";
  readonly message: string;
}

const MAX_LENGTH = 4 * 1024 * 1024;

/**
 * Reads a file in the form of java.util.Properties: comments, continuation lines, escapes; the last definition wins.
 *
 * An `include` line (JDK 24 and later) is refused: its file is not at hand.
 */
export function readJavaSecurity(
  text: string,
): Result<ReadonlyMap<string, string>, JavaSecurityError> {
  if (text.length > MAX_LENGTH)
    return fail({ code: "too-large", message: `File of ${text.length} characters is too large` });
  const properties = new Map<string, string>();
  for (const { line, number } of logicalLines(text)) {
    const split = splitLine(line);
    const key = unescape(split.key);
    const value = unescape(split.value);
    if (key === null || value === null)
      return fail({
        code: "malformed-escape",
        message: `Line ${number}: Malformed \\uxxxx encoding`,
      });
    if (key === "include")
      return fail({
        code: "include",
        message: `Line ${number}: include ${value} is not followed; give the file with its includes merged`,
      });
    properties.set(key, value);
  }
  return ok(properties);
}

function* logicalLines(
  text: string,
): Generator<{ readonly line: string; readonly number: number }> {
  let pending: string | null = null;
  let first = 0;
  for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const line = raw.replace(/^[ \t\f]+/, "");
    if (pending === null && (line === "" || line.startsWith("#") || line.startsWith("!"))) continue;
    if (pending === null) first = index + 1;
    const isContinued = (/\\*$/.exec(line)?.[0].length ?? 0) % 2 === 1;
    pending = (pending ?? "") + (isContinued ? line.slice(0, -1) : line);
    if (isContinued) continue;
    yield { line: pending, number: first };
    pending = null;
  }
  if (pending !== null && pending !== "") yield { line: pending, number: first };
}

/** The key ends at the first `=`, `:` or blank that is not escaped. */
function splitLine(line: string): { readonly key: string; readonly value: string } {
  let end = 0;
  while (end < line.length && !/[=: \t\f]/.test(line.charAt(end)))
    end += line.charAt(end) === "\\" ? 2 : 1;
  const rest = line.slice(end).replace(/^[ \t\f]*[=:]?[ \t\f]*/, "");
  return { key: line.slice(0, end), value: rest };
}

const ESCAPES: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r", f: "\f" };

function unescape(text: string): string | null {
  if (!text.includes("\\")) return text;
  let isMalformed = false;
  const plain = text.replaceAll(/\\(u[0-9A-Fa-f]{4}|[\s\S]|$)/g, (_, escape: string) => {
    if (escape.length === 5) return String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    if (escape === "u") isMalformed = true;
    return ESCAPES[escape] ?? escape;
  });
  return isMalformed ? null : plain;
}

/** Distrust policies by the names of `jdk.security.caDistrustPolicies`. */
const POLICY_OWNERS: Readonly<Record<string, string>> = {
  SYMANTEC_TLS: "Symantec",
  ENTRUST_TLS: "Entrust",
  CAMERFIRMA_TLS: "Camerfirma",
  CHUNGHWA_TLS: "Chunghwa",
};

/**
 * A profile with the settings of a JVM's own `java.security` on top: disabled algorithms and curves, distrusted
 * authorities, the kind of trust manager, and whether an anchor has to be a CA.
 */
export function applyJavaSecurity(
  profile: Profile,
  properties: ReadonlyMap<string, string>,
): Result<Profile, JavaSecurityError> {
  const { rules } = profile;
  if (rules.kind !== "java")
    return fail({
      code: "not-java",
      message: `${profile.name} is no Java client; java.security goes on top of one`,
    });
  const changed: JavaRules = {
    ...rules,
    certPathDisabled: properties.get("jdk.certpath.disabledAlgorithms") ?? rules.certPathDisabled,
    tlsDisabled: properties.get("jdk.tls.disabledAlgorithms") ?? rules.tlsDisabled,
    disabledCurves: properties.get("jdk.disabled.namedCurves") ?? rules.disabledCurves,
    distrust: distrustOf(properties.get("jdk.security.caDistrustPolicies"), rules.distrust),
    validator: validatorOf(properties.get("ssl.TrustManagerFactory.algorithm"), rules.validator),
    allowNonCaAnchor: /^(true)?$/i.test(properties.get("jdk.security.allowNonCaAnchor") ?? "no"),
  };
  for (const [name, value] of [
    ["jdk.certpath.disabledAlgorithms", changed.certPathDisabled],
    ["jdk.tls.disabledAlgorithms", changed.tlsDisabled],
  ] as const) {
    const read = readDisabledAlgorithms(value, changed.disabledCurves);
    if (isPropertyError(read))
      return fail({ code: "malformed-value", message: `${name}: ${read.message}` });
  }
  return ok({ ...profile, rules: changed });
}

function distrustOf(
  value: string | undefined,
  own: readonly DistrustPolicy[],
): readonly DistrustPolicy[] {
  if (value === undefined) return own;
  return value
    .replace(/^"(.*)"$/, "$1")
    .split(",")
    .flatMap((name) => {
      const owner = POLICY_OWNERS[name.trim()];
      const known = [...own, ...DATED_DISTRUST].find((policy) => policy.owner === owner);
      return known === undefined ? [] : [known];
    });
}

function validatorOf(
  value: string | undefined,
  own: JavaRules["validator"],
): JavaRules["validator"] {
  switch (value?.trim().toLowerCase()) {
    case "sunx509":
    case "ibmx509":
      return "simple";
    case "pkix":
    case "ibmpkix":
      return "pkix";
    default:
      return own;
  }
}
