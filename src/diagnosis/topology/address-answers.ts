import { counted, dateText, shortName } from "../words.ts";
import type { AddressGroup } from "./compare-addresses.ts";

/** Addresses of a list that are named; the rest is counted. */
const MOST_NAMED = 8;

/** `192.0.2.1, 192.0.2.2 and 3 more`. */
export function addressList(addresses: readonly string[]): string {
  const rest = addresses.length - MOST_NAMED;
  const named = addresses.slice(0, MOST_NAMED).join(", ");
  return rest > 0 ? `${named} and ${rest} more` : named;
}

/** What the addresses of a group answer, against the most usual answer. */
export function answerText({ handshake, leaf }: AddressGroup, usual: AddressGroup): string {
  const { failure, version, certificates } = handshake;
  if (certificates.length === 0) return `fail (${failure?.code ?? "no certificate"})`;
  if (leaf === null) return "present a certificate that cannot be read";
  if (leaf.sha256 !== usual.leaf?.sha256)
    return `present the certificate ${shortName(leaf.subject)} from ${dateText(leaf.notBefore)}, valid until ${dateText(leaf.notAfter)}`;
  if (certificates.length !== usual.handshake.certificates.length)
    return `send the same certificate with ${counted(certificates.length - 1, "further one")}`;
  if (version !== usual.handshake.version) return `negotiate ${version}`;
  return "send the same certificate with other intermediates";
}
