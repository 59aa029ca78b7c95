import type { Certificate } from "../../x509/certificate.ts";
import { type OpenSslContext, verifyError, type VerifyError } from "./context.ts";
import { VerifyErrors } from "./errors.ts";

/** check_auth_level: keys of issuers and signatures of everything but the last certificate. */
export function* checkSecurityLevel(
  chain: readonly Certificate[],
  { rules }: OpenSslContext,
): Generator<VerifyError> {
  for (const [depth, certificate] of chain.entries()) {
    const at = { certificate, depth };
    if (depth > 0 && keyBits(certificate) < rules.securityBits)
      yield verifyError(VerifyErrors.caKeyTooSmall, "key-too-small", at);
    if (depth < chain.length - 1 && signatureBits(certificate) < rules.securityBits)
      yield verifyError(VerifyErrors.digestTooWeak, "algorithm-disabled", {
        ...at,
        detail: `signed with ${certificate.signatureAlgorithm?.javaName ?? certificate.signatureIdentifier.oid}`,
      });
  }
}

/** The first check of X509_verify_cert. */
export function* checkLeafKey(
  leaf: Certificate,
  { rules }: OpenSslContext,
): Generator<VerifyError> {
  if (keyBits(leaf) < rules.securityBits)
    yield verifyError(VerifyErrors.leafKeyTooSmall, "key-too-small", {
      certificate: leaf,
      depth: 0,
    });
}

/** EVP_PKEY_get_security_bits (NIST SP 800-57 part 1, table 2). */
function keyBits({ publicKey: { type, bits } }: Certificate): number {
  switch (type) {
    case "rsa":
    case "rsa-pss":
    case "dsa":
      return finiteFieldBits(bits ?? 0);
    case "ec":
      return bits === null ? 112 : bits < 160 ? 0 : Math.floor(bits / 2);
    case "ed25519":
    case "x25519":
    case "ml-dsa-44":
      return 128;
    case "ed448":
    case "x448":
      return 224;
    case "ml-dsa-65":
      return 192;
    case "ml-dsa-87":
      return 256;
    case "unknown":
      return -1;
  }
}

function finiteFieldBits(bits: number): number {
  if (bits >= 15_360) return 256;
  if (bits >= 7680) return 192;
  if (bits >= 3072) return 128;
  if (bits >= 2048) return 112;
  return bits >= 1024 ? 80 : 0;
}

const DIGEST_BITS: ReadonlyMap<string, number> = new Map([
  ["md2", 39],
  ["md5", 39],
  ["sha1", 63],
  ["sha224", 112],
  ["sha512-224", 112],
  ["sha3-224", 112],
  ["sha256", 128],
  ["sha512-256", 128],
  ["sha3-256", 128],
  ["sha384", 192],
  ["sha3-384", 192],
  ["sha512", 256],
  ["sha3-512", 256],
]);

function signatureBits({ signatureAlgorithm }: Certificate): number {
  if (signatureAlgorithm === null) return -1;
  if (signatureAlgorithm.hash === null) return signatureAlgorithm.javaName === "Ed448" ? 224 : 128;
  return DIGEST_BITS.get(signatureAlgorithm.hash) ?? -1;
}
