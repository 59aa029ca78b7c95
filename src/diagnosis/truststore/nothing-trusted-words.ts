import type { Profile } from "../../trust/profile.ts";
import { WORDS } from "../../truststore/java-words.ts";

/** What a Java client prints whose truststore opens and shows it no anchor; null for other clients. */
export function nothingTrustedWords({ rules, words, storeFamily }: Profile): string | null {
  if (storeFamily !== "java") return null;
  if (rules.kind !== "java" || words !== undefined) return WORDS.noAnchors;
  const alert = (name: string): string => (rules.alertInText ? `(${name}) ` : "");
  if (rules.validator === "simple")
    return [
      `javax.net.ssl.SSLHandshakeException: ${alert("certificate_unknown")}No trusted certificate found`,
      "sun.security.validator.ValidatorException: No trusted certificate found",
    ].join("\nCaused by: ");
  const unexpected = `Unexpected error: ${WORDS.noAnchors}`;
  return [
    `javax.net.ssl.SSLException: ${alert("internal_error")}${unexpected}`,
    `java.lang.RuntimeException: ${unexpected}`,
    WORDS.noAnchors,
  ].join("\nCaused by: ");
}
