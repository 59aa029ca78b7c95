import type { AlertRecord } from "../probe/handshake.ts";
import type { Profile } from "../trust/profile.ts";

/** What ends a client's handshake because the two sides do not fit. */
export type Misfit =
  | { readonly kind: "alert"; readonly alert: AlertRecord }
  /** The server signed its share with MD5 or SHA-1 alone, as TLS 1.0 and 1.1 do. */
  | { readonly kind: "old-signature" }
  | { readonly kind: "small-prime" };

/** How the clients word the alerts that answer a hello (OpenSSL and Go have tables of their own). */
const ALERTS: Readonly<Record<string, { readonly openssl: string; readonly go: string }>> = {
  handshake_failure: { openssl: "sslv3 alert handshake failure", go: "handshake failure" },
  illegal_parameter: { openssl: "sslv3 alert illegal parameter", go: "illegal parameter" },
  protocol_version: {
    openssl: "tlsv1 alert protocol version",
    go: "protocol version not supported",
  },
  insufficient_security: {
    openssl: "tlsv1 alert insufficient security",
    go: "insufficient security level",
  },
  internal_error: { openssl: "tlsv1 alert internal error", go: "internal error" },
};

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
      const text = misfit.kind === "alert" ? ALERTS[misfit.alert.description]?.go : undefined;
      return text === undefined ? null : `remote error: tls: ${text}`;
    }
    case "strict":
      return null;
  }
}

function javaMessage(misfit: Misfit, alertInText: boolean): string | null {
  const exception = (alert: string, text: string): string =>
    `javax.net.ssl.SSLHandshakeException: ${alertInText ? `(${alert}) ` : ""}${text}`;
  switch (misfit.kind) {
    case "alert": {
      const { description } = misfit.alert;
      return exception(description, `Received fatal alert: ${description}`);
    }
    case "small-prime":
      return exception(
        "insufficient_security",
        "DH ServerKeyExchange does not comply to algorithm constraints",
      );
    case "old-signature":
      return null;
  }
}

/** OpenSSL's reason; releases from 3.2 on name some alerts anew. */
function opensslWords(misfit: Misfit, renamed: boolean): string | null {
  switch (misfit.kind) {
    case "alert": {
      const text = ALERTS[misfit.alert.description]?.openssl ?? null;
      return renamed ? (text?.replace("sslv3 alert", "ssl/tls alert") ?? null) : text;
    }
    case "old-signature":
      return "legacy sigalg disallowed or unsupported";
    case "small-prime":
      return "dh key too small";
  }
}

/** Node.js makes its code of OpenSSL's reason. */
function nodeMessage(misfit: Misfit, renamed: boolean): string | null {
  const text = opensslWords(misfit, renamed);
  return text === null ? null : `ERR_SSL_${text.toUpperCase().replaceAll(" ", "_")}`;
}
