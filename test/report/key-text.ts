import t from "tap";
import { keyText } from "../../src/report/key-text.ts";

t.test("keyText() names a key as people do", async (t) => {
  for (const [type, curve, bits, text] of [
    ["rsa", null, 2048, "RSA 2048 bits"],
    ["rsa-pss", null, 3072, "RSA-PSS 3072 bits"],
    ["ec", "secp256r1", 256, "EC secp256r1 256 bits"],
    ["ec", null, null, "EC"],
    ["ed25519", null, 255, "Ed25519"],
    ["ml-dsa-65", null, null, "ML-DSA-65"],
    ["unknown", null, null, "of an unknown kind"],
  ] as const)
    t.equal(keyText({ type, curve, bits }), text);
});
