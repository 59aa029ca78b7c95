import { decapsulate, generateKeyPairSync, type webcrypto } from "node:crypto";
import type { HybridGroup } from "./groups.ts";
import { curveShare, generateCurvePair } from "./key-agreement-curve.ts";
import type { Agreement, KeyPair } from "./key-agreement.ts";

/** Bytes of an encapsulated secret (FIPS 203 table 3). */
const CIPHERTEXT = { "ml-kem-768": 1088, "ml-kem-1024": 1568 } as const;

/** A public key as a JSON Web Key of type AKP, which the types of node:crypto do not know. */
interface PublicJwk extends webcrypto.JsonWebKey {
  readonly pub?: string;
}

/** Makes both keys of a hybrid, that of the curve first. */
export function generateHybridPairs({ curve, kem }: HybridGroup): readonly [KeyPair, KeyPair] {
  const pair =
    kem === "ml-kem-768" ? generateKeyPairSync("ml-kem-768") : generateKeyPairSync("ml-kem-1024");
  return [generateCurvePair(curve), pair];
}

/**
 * Agreement in a hybrid group (draft-ietf-tls-ecdhe-mlkem): our share is both public keys, the server's its
 * point and a secret encapsulated for us, and the result both secrets, all in the order of the group.
 */
export function hybridShare(group: HybridGroup, curvePair: KeyPair, kemPair: KeyPair): Agreement {
  const { kemFirst, kem } = group;
  const curve = curveShare(group.curve, curvePair);
  const jwk: PublicJwk = kemPair.publicKey.export({ format: "jwk" });
  const encapsulationKey = Buffer.from(jwk.pub ?? "", "base64url");
  const join = (fromCurve: Uint8Array, fromKem: Uint8Array): Uint8Array =>
    Buffer.concat(kemFirst ? [fromKem, fromCurve] : [fromCurve, fromKem]);
  return {
    publicKey: join(curve.publicKey, encapsulationKey),
    agree: (peer) => {
      const ciphertext = CIPHERTEXT[kem];
      if (peer.length !== ciphertext + curve.publicKey.length) return null;
      const cut = kemFirst ? ciphertext : curve.publicKey.length;
      const [first, second] = [peer.subarray(0, cut), peer.subarray(cut)];
      const fromCurve = curve.agree(kemFirst ? second : first);
      if (fromCurve === null) return null;
      try {
        return join(fromCurve, decapsulate(kemPair.privateKey, kemFirst ? first : second));
      } catch {
        return null;
      }
    },
  };
}
