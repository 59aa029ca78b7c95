import type { Profile } from "../../trust/profile.ts";

/** What a client meets before TLS gets anywhere. */
export type Encounter =
  /** Bytes that are no TLS. */
  | "plaintext"
  /** The end of the connection in the middle of the handshake. */
  | "closed"
  | "reset"
  | "silent";

/** OpenJDK: sun.security.ssl (SSLSocketInputRecord, SSLSocketImpl), java.net; measured with 17 and 25. */
const JAVA: Readonly<Record<Encounter, string>> = {
  plaintext: "javax.net.ssl.SSLException: Unsupported or unrecognized SSL message",
  closed:
    "javax.net.ssl.SSLHandshakeException: Remote host terminated the handshake\njava.io.EOFException: SSL peer shut down incorrectly",
  reset: "java.net.SocketException: Connection reset",
  silent: "java.net.SocketTimeoutException: Read timed out",
};

/** OpenSSL's reason strings; what its programs print of a reset is the system's. */
const OPENSSL: Readonly<Record<Encounter, string | null>> = {
  plaintext: "wrong version number",
  closed: "unexpected eof while reading",
  reset: null,
  silent: null,
};

const NODE: Readonly<Record<Encounter, string>> = {
  plaintext: "ERR_SSL_WRONG_VERSION_NUMBER",
  closed: "ECONNRESET",
  reset: "ECONNRESET",
  silent: "ETIMEDOUT",
};

/** crypto/tls and net. */
const GO: Readonly<Record<Encounter, string>> = {
  plaintext: "tls: first record does not look like a TLS handshake",
  closed: "EOF",
  reset: "connection reset by peer",
  silent: "i/o timeout",
};

/** What a client prints of it; null where its words are not known, or the client is not. */
export function encounterMessage(
  profile: Profile | undefined,
  encounter: Encounter,
): string | null {
  if (profile === undefined || profile.words !== undefined) return null;
  const { rules } = profile;
  switch (rules.kind) {
    case "java":
      return JAVA[encounter];
    case "openssl":
      return rules.hostNames === "node" ? NODE[encounter] : OPENSSL[encounter];
    case "go":
      return GO[encounter];
    case "strict":
      return null;
  }
}
