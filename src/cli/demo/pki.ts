import { issueCertificate, type IssuedCertificate } from "./certificate.ts";
import { type CertificateId, type CertificatePlan, CERTIFICATES } from "./certificates.ts";
import { generateKeys } from "./keys.ts";

/** Every certificate of the demo with its key. */
export type Pki = ReadonlyMap<CertificateId, IssuedCertificate>;

const DAY = 86_400_000;

const isCertificateId = (text: string): text is CertificateId => Object.hasOwn(CERTIFICATES, text);

/** The certificate behind an identifier. Throws an Error when it has not been issued. */
export function issued(pki: Pki, id: CertificateId): IssuedCertificate {
  const certificate = pki.get(id);
  if (certificate === undefined) throw new Error(`Certificate ${id} has not been issued yet`);
  return certificate;
}

/** Certificates one after the other in PEM. */
export function chainPem(pki: Pki, chain: readonly CertificateId[]): string {
  return chain.map((id) => issued(pki, id).pem).join("");
}

/** A certificate's private key as PKCS#8 in PEM. */
export function keyPem(pki: Pki, id: CertificateId): string {
  return issued(pki, id).key.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** Makes all keys at once and issues all certificates; `now` is in milliseconds since 1970. */
export async function buildPki(now: number): Promise<Pki> {
  const ids = Object.keys(CERTIFICATES).filter(isCertificateId);
  const keys = await Promise.all(
    ids.map(async (id) => [id, await generateKeys(CERTIFICATES[id].key)] as const),
  );
  const pki = new Map<CertificateId, IssuedCertificate>();
  for (const [id, key] of keys) {
    const plan: CertificatePlan = CERTIFICATES[id];
    const [from, to] = plan.days;
    pki.set(
      id,
      issueCertificate({
        ...plan,
        key,
        issuer: plan.issuer === undefined ? undefined : issued(pki, plan.issuer),
        notBefore: now + from * DAY,
        notAfter: now + to * DAY,
        ca: plan.ca !== undefined,
        pathLen: plan.ca?.pathLen,
      }),
    );
  }
  return pki;
}
