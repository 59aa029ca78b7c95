import type { PublicKeyInfo } from "../x509/public-key.ts";

/** What cannot be had by writing the name of the kind in capitals. */
const NAMES: Readonly<Record<string, string>> = {
  "rsa-pss": "RSA-PSS",
  ed25519: "Ed25519",
  ed448: "Ed448",
  unknown: "of an unknown kind",
};

/** A public key as people name it: `RSA 2048 bits`, `EC secp256r1 256 bits`, `Ed25519`. */
export function keyText({
  type,
  curve,
  bits,
}: Pick<PublicKeyInfo, "curve" | "bits"> & { readonly type: string }): string {
  const name = NAMES[type] ?? type.toUpperCase();
  // a kind that comes in one size is told by its name
  const size = bits === null || /^(?:ed|x)\d/u.test(type) ? null : `${bits} bits`;
  return [name, curve, size].filter((part) => part !== null).join(" ");
}
