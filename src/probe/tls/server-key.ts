import { hash } from "node:crypto";
import { parseCertificate } from "../../x509/certificate.ts";
import { publicKeyOf } from "../../x509/verify-signature.ts";
import { Abort } from "./abort.ts";
import type { SigningKey } from "./signatures.ts";

/** Certificates whose keys are kept. */
const CAPACITY = 1024;

/**
 * The keys of servers' certificates. Importing a key costs a tenth of a handshake, and the same servers are
 * asked again and again; whoever makes many conversations shares one of these among them.
 */
export class ServerKeys {
  readonly #known = new Map<string, SigningKey>();

  /** The key in a server's own certificate. @throws {Abort} `parameter-unsupported` when it cannot be used */
  of(der: Uint8Array): SigningKey {
    const fingerprint = hash("sha256", der);
    const known = this.#known.get(fingerprint);
    if (known !== undefined) return known;
    const key = importKey(der);
    const [oldest] = this.#known.keys();
    if (this.#known.size >= CAPACITY && oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(fingerprint, key);
    return key;
  }
}

function importKey(der: Uint8Array): SigningKey {
  const certificate = parseCertificate(der);
  if (!certificate.ok)
    throw new Abort(
      "parameter-unsupported",
      "bad_certificate",
      `Server's certificate cannot be read: ${certificate.error.message}`,
    );
  const { type, oid, curve } = certificate.value.publicKey;
  const key = publicKeyOf(certificate.value);
  if (key === null)
    throw new Abort(
      "parameter-unsupported",
      "unsupported_certificate",
      `Server's certificate holds a key that cannot be used (${type}, algorithm ${oid})`,
    );
  return { key, type, curve };
}
