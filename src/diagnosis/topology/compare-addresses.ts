import { hash } from "node:crypto";
import type { Handshake } from "../../probe/handshake.ts";
import { internCertificate } from "../../x509/certificate-cache.ts";
import type { Certificate } from "../../x509/certificate.ts";

/** Addresses that answer alike. */
export interface AddressGroup {
  readonly addresses: readonly string[];
  /** The answer of the first of them. */
  readonly handshake: Handshake;
  /** The server's own certificate; null where none came, or none that can be read. */
  readonly leaf: Certificate | null;
}

/** Groups the addresses of a name by what they answer, largest group first; alike: same chain, or same failure. */
export function groupAddresses(handshakes: readonly Handshake[]): readonly AddressGroup[] {
  const groups = new Map<string, { addresses: string[]; handshake: Handshake }>();
  for (const handshake of handshakes) {
    const { address } = handshake;
    if (address === null) continue;
    const key = answerKey(handshake);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { addresses: [address], handshake });
    else if (!known.addresses.includes(address)) known.addresses.push(address);
  }
  return [...groups.values()]
    .toSorted((a, b) => b.addresses.length - a.addresses.length)
    .map(({ addresses, handshake }) => ({ addresses, handshake, leaf: leafOf(handshake) }));
}

function answerKey({ certificates, failure, version }: Handshake): string {
  if (certificates.length === 0) return `failed ${failure?.code ?? ""}`;
  const chain = certificates.map(fingerprintOf).join();
  return `${version} ${chain}`;
}

function fingerprintOf(der: Uint8Array): string {
  const parsed = internCertificate(der);
  return parsed.ok ? parsed.value.sha256 : hash("sha256", der, "hex");
}

function leafOf({ certificates: [der] }: Handshake): Certificate | null {
  const parsed = der === undefined ? null : internCertificate(der);
  return parsed?.ok === true ? parsed.value : null;
}

/** Whether an address literal is one of IPv6. */
export const isIpv6 = (address: string): boolean => address.includes(":");
