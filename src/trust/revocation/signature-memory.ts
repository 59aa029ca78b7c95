import type { Certificate } from "../../x509/certificate.ts";
import { type Signed, verifySignature } from "../../x509/verify-signature.ts";

const memory = new WeakMap<Signed, Map<string, boolean>>();

/** Whether a certificate's key verifies a list or a response; each pair is computed once. */
export function isSignedWith(signed: Signed, signer: Certificate): boolean {
  let known = memory.get(signed);
  if (known === undefined) {
    known = new Map();
    memory.set(signed, known);
  }
  const before = known.get(signer.sha256);
  if (before !== undefined) return before;
  const result = verifySignature(signed, signer);
  known.set(signer.sha256, result);
  return result;
}
