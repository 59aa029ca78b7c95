import { internCertificate } from "../x509/certificate-cache.ts";
import { bytesEqual } from "../x509/der-values.ts";
import { isSelfIssued } from "../x509/certificate.ts";
import { checkIterations, openPkcs12 } from "./open-pkcs12.ts";
import { openPrivateKey } from "./open-private-key.ts";
import type { SafeBag } from "./pkcs12-bags.ts";
import { readPfx } from "./pkcs12-structure.ts";
import { PrivateKeyFault, type StoredKey } from "./private-key.ts";

/** Certificates behind a key's own that are followed; clients and servers refuse longer chains. */
const MAX_CHAIN = 20;

/**
 * The private keys of a PKCS#12 file. A key's own certificate has the same localKeyId, or is the only one that
 * could be meant; the others follow from issuer to issuer, as Java puts chains together
 * (sun.security.pkcs12.PKCS12KeyStore).
 * @throws {DerError} @throws {StoreFault} @throws {PrivateKeyFault}
 */
export async function pkcs12Keys(
  bytes: Uint8Array,
  password: string | null,
): Promise<readonly StoredKey[]> {
  const pfx = readPfx(bytes);
  checkIterations(pfx, password !== null);
  const opened = await openPkcs12(pfx, password);
  if (!opened.ok)
    throw new PrivateKeyFault(
      opened.error.code === "password-required" ? "password-required" : "wrong-password",
      opened.error.message,
    );
  if (opened.value.integrity === "wrong")
    throw new PrivateKeyFault(
      "wrong-password",
      "The password does not fit the MAC of the PKCS#12 file",
    );
  const bags = opened.value.safes.flatMap((safe) => safe.bags);
  const keys = bags.filter(({ content }) => isKey(content));
  return keys.flatMap((bag) => {
    const { content, alias } = bag;
    if (content.kind !== "key" && content.kind !== "plain-key") return [];
    const name = alias === null ? "of the PKCS#12 file" : alias;
    return [
      {
        alias,
        chain: chainOf(bag, bags, keys.length === 1),
        open: async (keyPassword): Promise<Uint8Array> => {
          if (content.kind === "plain-key") return content.der.slice();
          const plain = await openPrivateKey(content.der, keyPassword ?? "");
          if (plain === null)
            throw new PrivateKeyFault(
              keyPassword === null ? "password-required" : "wrong-key-password",
              keyPassword === null
                ? `The key ${name} is encrypted and no password is given`
                : `The password does not open the key ${name}`,
            );
          return plain;
        },
      },
    ];
  });
}

const isKey = ({ kind }: SafeBag["content"]): boolean => kind === "key" || kind === "plain-key";

function chainOf(key: SafeBag, bags: readonly SafeBag[], onlyKey: boolean): readonly Uint8Array[] {
  const certificates = bags.flatMap(({ content, keyId }) =>
    content.kind === "certificate" ? [{ der: content.der, keyId }] : [],
  );
  const named = certificates.find(({ keyId }) => keyId !== null && keyId === key.keyId);
  const own = named ?? (onlyKey ? certificates[0] : undefined);
  if (own === undefined) return [];
  const chain = [own.der];
  for (let last = own.der; chain.length < MAX_CHAIN;) {
    const issuer = certificates.find(({ der }) => !chain.includes(der) && issues(der, last));
    if (issuer === undefined) break;
    chain.push(issuer.der);
    last = issuer.der;
  }
  return chain;
}

function issues(issuerDer: Uint8Array, subjectDer: Uint8Array): boolean {
  const [issuer, subject] = [internCertificate(issuerDer), internCertificate(subjectDer)];
  if (!issuer.ok || !subject.ok || isSelfIssued(subject.value)) return false;
  return bytesEqual(issuer.value.subject.der, subject.value.issuer.der);
}
