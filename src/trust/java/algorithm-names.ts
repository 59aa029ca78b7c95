import type { Certificate } from "../../x509/certificate.ts";
import type { PublicKeyInfo } from "../../x509/public-key.ts";

/** Names of a curve in the JDK's CurveDB: the one it goes by, then its aliases. */
const CURVE_ALIASES: Readonly<Record<string, readonly string[]>> = {
  secp160r1: [],
  secp160r2: [],
  secp192k1: [],
  secp192r1: ["NIST P-192", "X9.62 prime192v1"],
  secp224k1: [],
  secp224r1: ["NIST P-224"],
  secp256k1: [],
  secp256r1: ["NIST P-256", "X9.62 prime256v1"],
  secp384r1: ["NIST P-384"],
  secp521r1: ["NIST P-521"],
};

/** Key.getAlgorithm of a public key. */
export function keyAlgorithm({ type, oid }: PublicKeyInfo): string {
  switch (type) {
    case "rsa":
      return "RSA";
    case "rsa-pss":
      return "RSASSA-PSS";
    case "ec":
      return "EC";
    case "dsa":
      return "DSA";
    case "ed25519":
    case "ed448":
      return "EdDSA";
    case "x25519":
    case "x448":
      return "XDH";
    case "ml-dsa-44":
    case "ml-dsa-65":
    case "ml-dsa-87":
      return "ML-DSA";
    case "unknown":
      return oid;
  }
}

/** The parameter set of a key whose algorithm has several, as KeyUtil.getAlgorithm names it. */
export function keyParameterName({ type }: PublicKeyInfo): string | null {
  switch (type) {
    case "ed25519":
      return "Ed25519";
    case "ed448":
      return "Ed448";
    case "ml-dsa-44":
    case "ml-dsa-65":
    case "ml-dsa-87":
      return type.toUpperCase();
    case "rsa":
    case "rsa-pss":
    case "ec":
    case "dsa":
    case "x25519":
    case "x448":
    case "unknown":
      return null;
  }
}

/**
 * Names under which the curve or the parameters of a key can be disabled. Releases up to 17 look at named curves alone,
 * later ones at the name of every key.
 */
export function keyParameterNames(key: PublicKeyInfo, wording: "17" | "25"): readonly string[] {
  if (key.curve !== null) return [key.curve, ...(CURVE_ALIASES[key.curve] ?? [])];
  if (key.type === "ec" || wording === "17") return [];
  const parameters = keyParameterName(key);
  return parameters === null ? [keyAlgorithm(key)] : [keyAlgorithm(key), parameters];
}

/** KeyUtil.getKeySize; -1 when it cannot be told. */
export function keySize({ bits }: PublicKeyInfo): number {
  return bits ?? -1;
}

/** X509Certificate.getSigAlgName. */
export function signatureName({ signatureAlgorithm, signatureIdentifier }: Certificate): string {
  return signatureAlgorithm?.javaName ?? signatureIdentifier.oid;
}

/** Digest of RSASSA-PSS parameters as the JDK names it, `SHA-256`; null for other algorithms. */
export function pssDigest({ signatureAlgorithm }: Certificate): string | null {
  if (signatureAlgorithm?.scheme !== "rsa-pss" || signatureAlgorithm.hash === null) return null;
  return signatureAlgorithm.hash.toUpperCase().replace(/^SHA(?=\d)/, "SHA-");
}

/** AlgorithmDecomposer.decomposeImpl: `SHA256withRSA` is SHA256 and RSA. */
function elementsOf(algorithm: string): readonly string[] {
  return algorithm
    .split("/")
    .flatMap((part) => part.split(/with|and|(?<!padd)in/i))
    .filter((element) => element !== "");
}

/** Digest names that Java spells with a hyphen on their own and without one inside a signature's name. */
const HYPHENATED = /^SHA-(1|224|256|384|512|512\/224|512\/256)$/;

/** AlgorithmDecomposer.decomposeDigestName: `SHA-256` as `SHA256`. */
export function plainDigestName(name: string): string {
  return HYPHENATED.test(name) ? name.replace("SHA-", "SHA") : name;
}

/** AlgorithmDecomposer.decompose: the elements, digests in both spellings. */
export function decompose(algorithm: string): readonly string[] {
  return elementsOf(algorithm).flatMap((element) => {
    const plain = plainDigestName(element);
    const hyphenated = plain.replace(/^SHA(?=(1|224|256|384|512)$)/, "SHA-");
    return plain === hyphenated ? [element] : [plain, hyphenated];
  });
}

/** AlgorithmDecomposer.decomposeName: the elements, digests without a hyphen. */
export function decomposeName(algorithm: string): readonly string[] {
  return elementsOf(algorithm).map(plainDigestName);
}
