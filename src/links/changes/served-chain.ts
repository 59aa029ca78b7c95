import type { Handshake } from "../../probe/handshake.ts";
import { internCertificate } from "../../x509/certificate-cache.ts";
import type { PublicKeyInfo } from "../../x509/public-key.ts";
import type { EndpointEffect } from "./step.ts";

/**
 * The conversation as it would be with another chain: everything that hangs on the certificates changes with them, and
 * nothing else. Suites and signature schemes follow the kind of the key.
 */
export function withChain(
  handshake: Handshake,
  { certificates, keyFits }: NonNullable<EndpointEffect["chain"]>,
): Handshake {
  if (handshake.certificates.length === 0) return handshake;
  const key = keyOf(certificates[0]);
  const before = keyOf(handshake.certificates[0]);
  const next: Handshake = {
    ...handshake,
    certificates,
    ocspStaple: null,
    signedCertificateTimestamps: [],
    ...(key === null || sameKind(key, before)
      ? {}
      : {
          signatureScheme: schemeFor(key, handshake),
          cipherSuite: suiteFor(key, handshake.cipherSuite),
        }),
  };
  if (keyFits === false)
    return {
      ...next,
      outcome: "failed",
      stage: "certificate",
      failure: {
        code: "bad-signature",
        message: "The server's key does not belong to its certificate",
      },
    };
  // what failed for the sake of the certificate's key is over with another one
  return handshake.failure?.code === "bad-signature"
    ? { ...next, outcome: "complete", stage: "complete", failure: null }
    : next;
}

function keyOf(der: Uint8Array | undefined): PublicKeyInfo | null {
  const parsed = der === undefined ? null : internCertificate(der);
  return parsed?.ok === true ? parsed.value.publicKey : null;
}

const sameKind = (a: PublicKeyInfo, b: PublicKeyInfo | null): boolean =>
  a.type === b?.type && a.curve === b.curve;

/** The scheme that a server signs with by default (RFC 8446 section 4.2.3); null before TLS 1.2. */
function schemeFor(
  { type, curve }: PublicKeyInfo,
  { version, signatureScheme }: Handshake,
): string | null {
  if (version !== "TLSv1.3" && version !== "TLSv1.2") return signatureScheme;
  switch (type) {
    case "rsa":
      return "rsa_pss_rsae_sha256";
    case "rsa-pss":
      return "rsa_pss_pss_sha256";
    case "ec":
      return curve === "secp384r1"
        ? "ecdsa_secp384r1_sha384"
        : curve === "secp521r1"
          ? "ecdsa_secp521r1_sha512"
          : "ecdsa_secp256r1_sha256";
    case "ed25519":
    case "ed448":
      return type;
    default:
      return signatureScheme;
  }
}

/** Suites before TLS 1.3 name the kind of the key. */
function suiteFor({ type }: PublicKeyInfo, suite: string | null): string | null {
  const isRsa = type === "rsa" || type === "rsa-pss";
  return suite === null
    ? null
    : isRsa
      ? suite.replace("_ECDSA_", "_RSA_")
      : suite.replace("_ECDHE_RSA_", "_ECDHE_ECDSA_");
}
