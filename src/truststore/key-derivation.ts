import type { AlgorithmIdentifier } from "../x509/signature-algorithm.ts";
import { derivePbkdf2, PBKDF2, pbkdf2Label, readPbkdf2 } from "./pbkdf2.ts";
import { deriveScrypt, readScrypt, type Scrypt, SCRYPT } from "./scrypt.ts";
import { StoreFault } from "./store-error.ts";

/** A key derivation function of RFC 8018 with its parameters. */
export interface KeyDerivation {
  /** E.g. `PBKDF2-HMAC-SHA-256` or `scrypt`. */
  readonly label: string;
  /** Iterations of PBKDF2; N of scrypt. */
  readonly iterations: number;
  /** Octets of the key that the parameters ask for; null when the cipher decides. */
  readonly keyLength: number | null;
  /** Derives octets in the thread pool. */
  readonly derive: (password: Uint8Array, length: number) => Promise<Uint8Array>;
}

/** The derivation with these parameters of scrypt. */
export function byScrypt(scrypt: Scrypt): KeyDerivation {
  return {
    label: `scrypt (r ${scrypt.blockSize}, p ${scrypt.parallelisation})`,
    iterations: scrypt.cost,
    keyLength: scrypt.keyLength,
    derive: (password, length) => deriveScrypt(scrypt, password, length),
  };
}

/** Understands a key derivation function: PBKDF2 or scrypt. @throws {DerError} @throws {StoreFault} */
export function readKeyDerivation({ oid, parameters }: AlgorithmIdentifier): KeyDerivation {
  if (oid === PBKDF2 && parameters !== null) {
    const pbkdf2 = readPbkdf2(parameters);
    return {
      label: pbkdf2Label(pbkdf2),
      iterations: pbkdf2.iterations,
      keyLength: pbkdf2.keyLength,
      derive: (password, length) => derivePbkdf2(pbkdf2, password, length),
    };
  }
  if (oid === SCRYPT && parameters !== null) {
    return byScrypt(readScrypt(parameters));
  }
  throw new StoreFault(
    "unsupported-algorithm",
    `Certificates are protected by the key derivation ${oid}, which is not supported; PBKDF2 and scrypt are`,
  );
}
