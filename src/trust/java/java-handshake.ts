import { cipherSuiteName } from "../../probe/tls/cipher-suite-names.ts";
import type { HelloShape } from "../../probe/tls/hello-shape.ts";
import { signatureScheme } from "../../probe/tls/signature-schemes.ts";
import { Version, versionName } from "../../probe/tls/versions.ts";
import type { JavaRules } from "../profile.ts";
import {
  type DisabledAlgorithms,
  isPropertyError,
  readDisabledAlgorithms,
} from "./disabled-algorithms.ts";

/** What JSSE's settings make of a hello, with the limits that follow from them. */
export interface JavaHandshake {
  readonly shape: HelloShape;
  /** As in hello messages. */
  readonly oldestVersion: number;
  /** As in hello messages. */
  readonly oldestSignedVersion: number;
  /** Bits. */
  readonly leastPrime: number;
}

/** Versions that a JSSE client offers unless they are disabled, newest first (sun.security.ssl.ProtocolVersion). */
const VERSIONS: readonly number[] = [Version.tls13, Version.tls12, Version.tls11, Version.tls10];

/**
 * Takes out of a JVM's hello what its `jdk.tls.disabledAlgorithms` disable, and adds the versions that they do not
 * (sun.security.ssl.SSLAlgorithmConstraints). A property that the JDK cannot read leaves the hello as it is.
 */
export function javaHandshake(
  { tlsDisabled, disabledCurves }: JavaRules,
  captured: HelloShape,
): JavaHandshake {
  const disabled = readDisabledAlgorithms(tlsDisabled, disabledCurves);
  if (isPropertyError(disabled))
    return {
      shape: captured,
      oldestVersion: Math.min(...captured.versions),
      oldestSignedVersion: Math.min(...captured.versions),
      leastPrime: 0,
    };
  const isOn = isEnabled(disabled);
  const versions = VERSIONS.filter((version) => !disabled.names.has(javaName(version)));
  const cipherSuites = captured.cipherSuites.filter((code) => isOn(cipherSuiteName(code)));
  const signatureSchemes = captured.signatureSchemes.filter((code) => signs(disabled, code));
  // Without a version or a suite JSSE makes no hello at all.
  const shape =
    versions.length === 0 || cipherSuites.length === 0
      ? captured
      : { ...captured, versions, cipherSuites, signatureSchemes };
  const oldestVersion = Math.min(...shape.versions);
  return {
    shape,
    oldestVersion,
    oldestSignedVersion: oldestVersion,
    leastPrime: leastPrime(disabled),
  };
}

/** Whether a server may sign the handshake with a scheme: entries such as `ecdsa_sha1 usage HandshakeSignature`. */
function signs({ entries }: DisabledAlgorithms, code: number): boolean {
  const name = signatureScheme(code)?.name.toUpperCase() ?? "";
  return (entries.get(name) ?? []).every(({ conditions }) =>
    conditions.some(
      (condition) =>
        condition.kind !== "usage" || !condition.usages.some((usage) => HANDSHAKE.test(usage)),
    ),
  );
}

const HANDSHAKE = /^HandshakeSignature$/i;

/** `tlsv1.2`; Java calls TLS 1.0 `TLSv1`. */
function javaName(version: number): string {
  return versionName(version).toLowerCase().replace(/\.0$/, "");
}

/** Suites go by their name, by a pattern such as `TLS_RSA_*`, and by the algorithms that they are made of. */
function isEnabled({ names }: DisabledAlgorithms): (suite: string) => boolean {
  const prefixes = [...names].flatMap((name) => (name.endsWith("*") ? [name.slice(0, -1)] : []));
  return (suite) => {
    const name = suite.toLowerCase();
    const [, exchange = "", protection = ""] = /^tls_(?:(.+)_with_)?(.+)$/.exec(name) ?? [];
    const digest = /_(sha\d*|md5)$/.exec(protection)?.[1] ?? "";
    const parts = [
      name,
      exchange,
      ...exchange.split("_"),
      protection,
      protection.replace(/_[^_]*$/, ""),
      protection.split("_")[0] ?? "",
      digest === "sha" ? "sha1" : digest,
    ];
    return (
      !parts.some((part) => names.has(part)) && !prefixes.some((start) => name.startsWith(start))
    );
  };
}

function leastPrime({ names, entries }: DisabledAlgorithms): number {
  if (names.has("dh") || names.has("diffiehellman")) return Number.POSITIVE_INFINITY;
  const conditions = ["DH", "DIFFIEHELLMAN"]
    .flatMap((algorithm) => entries.get(algorithm) ?? [])
    .flatMap((entry) => entry.conditions);
  const limits = conditions.map((condition) => {
    if (condition.kind !== "key-size") return 0;
    if (condition.operator === "<") return condition.bits;
    return condition.operator === "<=" ? condition.bits + 1 : 0;
  });
  return Math.max(0, ...limits);
}
