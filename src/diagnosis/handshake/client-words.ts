import type { AlertRecord } from "../../probe/handshake.ts";
import type { Profile } from "../../trust/profile.ts";
import { ALERT_WORDS } from "./alert-words.ts";

/** What ends a client's handshake because the two sides do not fit. */
export type Misfit =
  | { readonly kind: "alert"; readonly alert: AlertRecord }
  /** The server signed its share with MD5 or SHA-1 alone, as TLS 1.0 and 1.1 do. */
  | { readonly kind: "old-signature" }
  | { readonly kind: "small-prime" }
  /** The server does not answer with renegotiation_info (RFC 5746), which OpenSSL 3 insists on. */
  | { readonly kind: "legacy-renegotiation" };

/** What a client prints when the two sides do not fit; null where its words are not known. */
export function misfitMessage({ rules, words }: Profile, misfit: Misfit): string | null {
  if (words !== undefined) return null;
  switch (rules.kind) {
    case "java":
      return javaMessage(misfit, rules.alertInText);
    case "openssl":
      return rules.hostNames === "node"
        ? nodeMessage(misfit, rules.rootHint)
        : opensslWords(misfit, false);
    case "go": {
      const text = misfit.kind === "alert" ? ALERT_WORDS[misfit.alert.description]?.go : undefined;
      return text === undefined ? null : `remote error: tls: ${text}`;
    }
    case "strict":
      return null;
  }
}

/** Alerts that Java counts among those of the record layer, too. */
const ANY_TIME: ReadonlySet<string> = new Set([
  "unexpected_message",
  "bad_record_mac",
  "record_overflow",
  "internal_error",
  "inappropriate_fallback",
  "user_canceled",
]);

function javaMessage(misfit: Misfit, alertInText: boolean): string | null {
  const exception = (alert: string, text: string): string =>
    `javax.net.ssl.SSLHandshakeException: ${alertInText ? `(${alert}) ` : ""}${text}`;
  switch (misfit.kind) {
    case "alert": {
      const { description } = misfit.alert;
      return exception(description, `Received fatal alert: ${description}`).replace(
        "SSLHandshakeException",
        // alerts that are not of the handshake alone make another exception (sun.security.ssl.Alert)
        ANY_TIME.has(description) ? "SSLException" : "SSLHandshakeException",
      );
    }
    case "small-prime":
      return exception(
        "insufficient_security",
        "DH ServerKeyExchange does not comply to algorithm constraints",
      );
    case "old-signature":
    case "legacy-renegotiation":
      return null;
  }
}

/** OpenSSL's reason; releases from 3.2 on name some alerts anew. */
function opensslWords(misfit: Misfit, renamed: boolean): string | null {
  switch (misfit.kind) {
    case "alert": {
      const text = ALERT_WORDS[misfit.alert.description]?.openssl ?? null;
      return renamed ? (text?.replace("sslv3 alert", "ssl/tls alert") ?? null) : text;
    }
    case "old-signature":
      return "legacy sigalg disallowed or unsupported";
    case "small-prime":
      return "dh key too small";
    case "legacy-renegotiation":
      return "unsafe legacy renegotiation disabled";
  }
}

/** Node.js makes its code of OpenSSL's reason. */
function nodeMessage(misfit: Misfit, renamed: boolean): string | null {
  const text = opensslWords(misfit, renamed);
  return text === null ? null : `ERR_SSL_${text.toUpperCase().replaceAll(" ", "_")}`;
}

/** What a client prints when the server ends the handshake with an alert; null without an alert of the server. */
export function alertMessage(profile: Profile, alert: AlertRecord | null): string | null {
  return alert === null || alert.direction === "sent"
    ? null
    : misfitMessage(profile, { kind: "alert", alert });
}
