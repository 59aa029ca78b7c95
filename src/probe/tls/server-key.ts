import type { KeyObject } from "node:crypto";
import { parseCertificate } from "../../x509/certificate.ts";
import { publicKeyOf } from "../../x509/verify-signature.ts";
import { Abort } from "./abort.ts";

/** The key in the server's own certificate. @throws {Abort} `parameter-unsupported` when it cannot be used */
export function serverKey(der: Uint8Array): KeyObject {
  const certificate = parseCertificate(der);
  if (!certificate.ok)
    throw new Abort(
      "parameter-unsupported",
      "bad_certificate",
      `Server's certificate cannot be read: ${certificate.error.message}`,
    );
  const key = publicKeyOf(certificate.value);
  if (key === null)
    throw new Abort(
      "parameter-unsupported",
      "unsupported_certificate",
      `Server's certificate holds a key that cannot be used (${certificate.value.publicKey.type}, algorithm ${certificate.value.publicKey.oid})`,
    );
  return key;
}
