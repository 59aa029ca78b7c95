import type { Certificate } from "../x509/certificate.ts";

/** The last moment that a certificate can name (RFC 5280 section 4.1.2.5): 31 December 9999. */
export const NO_END: number = Date.UTC(9999, 11, 31, 23, 59, 59);

/** Certificates, by SHA-256, that are taken as renewed in time: same name, same key, without an end. */
export type Renewed = ReadonlySet<string>;

const copies = new WeakMap<Certificate, Certificate>();

/** A certificate as it would be if it were renewed; the same object for the same certificate. */
function renewedCopy(certificate: Certificate): Certificate {
  const known = copies.get(certificate);
  if (known !== undefined) return known;
  // what a certificate decodes on demand is private to the original
  const copy = new Proxy(certificate, {
    get: (target, property) =>
      property === "notAfter" ? NO_END : Reflect.get(target, property, target),
  });
  copies.set(certificate, copy);
  return copy;
}

/** The certificate itself, or as it would be after its renewal. */
export function asRenewed(certificate: Certificate, renewed: Renewed): Certificate {
  return renewed.has(certificate.sha256) ? renewedCopy(certificate) : certificate;
}

const lists = new WeakMap<readonly Certificate[], Map<string, readonly Certificate[]>>();

/** The same for a list, such as the anchors of a store; the same array for the same question. */
export function allAsRenewed(
  certificates: readonly Certificate[],
  renewed: Renewed,
): readonly Certificate[] {
  if (renewed.size === 0) return certificates;
  const concerned = certificates.filter(({ sha256 }) => renewed.has(sha256));
  if (concerned.length === 0) return certificates;
  const key = concerned.map(({ sha256 }) => sha256).join(" ");
  const known = lists.get(certificates) ?? new Map<string, readonly Certificate[]>();
  lists.set(certificates, known);
  const before = known.get(key);
  if (before !== undefined) return before;
  const list = certificates.map((each) => asRenewed(each, renewed));
  known.set(key, list);
  return list;
}
