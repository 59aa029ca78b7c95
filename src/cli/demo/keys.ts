import { generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";

const generate = promisify(generateKeyPair);

/** Kinds of keys in the demo's PKI. */
export type KeyKind = "rsa-2048" | "p-256" | "p-384";

/** A key pair; the private half leaves it only into files that its owner alone can read. */
export interface KeyPair {
  readonly kind: KeyKind;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** Makes a key pair on a thread of its own, so that several are made at once. */
export async function generateKeys(kind: KeyKind): Promise<KeyPair> {
  switch (kind) {
    case "rsa-2048":
      return { kind, ...(await generate("rsa", { modulusLength: 2048 })) };
    case "p-256":
      return { kind, ...(await generate("ec", { namedCurve: "P-256" })) };
    case "p-384":
      return { kind, ...(await generate("ec", { namedCurve: "P-384" })) };
  }
}
