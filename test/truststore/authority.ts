import { issueCertificate, type IssuedCertificate } from "../../src/cli/demo/certificate.ts";
import { generateKeys, type KeyPair } from "../../src/cli/demo/keys.ts";

const DAY = 86_400_000;

/** Moment around which the certificates of these tests are valid. */
export const NOW: number = Date.parse("2026-11-21T12:00:00Z");

/** What a certificate is to be like; the rest is usual. */
export interface Wish {
  readonly name?: string;
  readonly organisation?: string;
  readonly key?: KeyPair;
  readonly issuer?: IssuedCertificate;
  /** Days from NOW. @default [-100, 1000] */
  readonly days?: readonly [from: number, to: number];
  /** @default true */
  readonly ca?: boolean;
}

let keys: Promise<readonly KeyPair[]> | undefined;

/** Four P-256 keys, made once. */
export function someKeys(): Promise<readonly KeyPair[]> {
  keys ??= Promise.all(Array.from({ length: 4 }, () => generateKeys("p-256")));
  return keys;
}

/** Issues a certificate, a self-signed CA without further words. */
export async function issue(wish: Wish = {}): Promise<IssuedCertificate> {
  const [first] = await someKeys();
  const { name = "Corp Root", organisation = "Corp", key = first, days = [-100, 1000] } = wish;
  if (key === undefined) throw new Error("There is no key");
  return issueCertificate({
    subject: [
      ["O", organisation],
      ["CN", name],
    ],
    key,
    issuer: wish.issuer,
    ca: wish.ca ?? true,
    notBefore: NOW + days[0] * DAY,
    notAfter: NOW + days[1] * DAY,
  });
}
