import { createSecureContext } from "node:tls";
import type { NamedTruststore } from "../../../diagnosis/assessment.ts";
import type { EstateHttp } from "../../../estate/http/http.ts";
import { writePem } from "../../../x509/pem.ts";
import { fail, ok, type Result } from "../../../x509/result.ts";
import type { ReadSecret } from "../../identity.ts";
import { readBounded } from "../../read-bounded.ts";
import type { HttpAccess } from "./access.ts";
import type { ServerTls } from "./server-tls.ts";

/** Reads what decides who may ask. The error is one sentence and shows no secret. */
export async function loadAccess(
  http: EstateHttp,
  truststores: readonly NamedTruststore[],
  readSecret: ReadSecret,
): Promise<Result<HttpAccess, string>> {
  const tls = await loadTls(http, truststores, readSecret);
  const { tokens, clientAuth, hosts } = http;
  return tls.ok ? ok({ http: { tokens, clientAuth, hosts }, tls: tls.value }) : tls;
}

/**
 * Reads what `http.tls` and `http.clientAuth` name; null where the estate wants no TLS. The error is one sentence
 * and shows no secret.
 */
async function loadTls(
  { tls, clientAuth }: EstateHttp,
  truststores: readonly NamedTruststore[],
  readSecret: ReadSecret,
): Promise<Result<ServerTls | null, string>> {
  if (tls === null) return ok(null);
  const cert = await readBounded(tls.certificate);
  if (!cert.ok) return cert;
  const key = await readBounded(tls.key);
  if (!key.ok) return key;
  const password = tls.password === null ? null : await readSecret(tls.password);
  if (password?.ok === false)
    return fail(`The password of ${tls.key} cannot be had: ${password.error.message}`);
  const ca = clientAuth === null ? null : authorities(clientAuth.truststore, truststores);
  if (ca?.ok === false) return ca;
  const options: ServerTls = {
    cert: cert.value,
    key: key.value,
    ...(password === null ? {} : { passphrase: password.value }),
    ...(ca === null ? {} : { ca: [...ca.value] }),
    minVersion: "TLSv1.2",
    honorCipherOrder: true,
    requestCert: ca !== null,
  };
  try {
    createSecureContext(options);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
    return fail(
      `${tls.certificate} and ${tls.key} cannot be used as certificate and key of a server (${code})`,
    );
  }
  return ok(options);
}

function authorities(
  name: string,
  truststores: readonly NamedTruststore[],
): Result<readonly string[], string> {
  const found = truststores.find((candidate) => candidate.name === name);
  if (found?.store.ok !== true) return fail(`Truststore ${name} of http.clientAuth cannot be read`);
  const ca = found.store.value.files
    .flatMap(({ entries }) => entries)
    .filter(({ kind, certificate }) => kind.kind === "certificate" && certificate.ok)
    .map(({ der }) => writePem("CERTIFICATE", der));
  return ca.length > 0
    ? ok(ca)
    : fail(`Truststore ${name} of http.clientAuth holds no certificate`);
}
