import type { Handshake } from "../../probe/handshake.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { dateText, hostPort, shortName } from "../words.ts";
import { addressList, answerText } from "./address-answers.ts";
import { type AddressGroup, groupAddresses, isIpv6 } from "./compare-addresses.ts";
import { ipFamiliesFinding } from "./ip-families-differ.ts";

/** Compares what the addresses of one name answer; null where all answer alike, or there is only one. */
export function addressesFinding(handshakes: readonly Handshake[]): Finding | null {
  if (handshakes.length < 2) return null;
  const groups = groupAddresses(handshakes);
  const [usual, second] = groups;
  if (usual === undefined || second === undefined) return null;
  return splitsByFamily(groups)
    ? ipFamiliesFinding(groups)
    : differFinding(groups, handshakes.length);
}

/** Whether no group has addresses of both families, and there are both. */
function splitsByFamily(groups: readonly AddressGroup[]): boolean {
  const families = groups.map(({ addresses }) => new Set(addresses.map(isIpv6)));
  const pure = families.every((family) => family.size === 1);
  return groups.length === 2 && pure && families[0]?.has(true) !== families[1]?.has(true);
}

/** Some addresses of one name answer otherwise than the others (D2). */
function differFinding(groups: readonly AddressGroup[], total: number): Finding {
  const reference = referenceOf(groups);
  const others = groups.filter((group) => group !== reference);
  const where = hostPort(reference.handshake.endpoint);
  const odd = others.flatMap(({ addresses }) => addresses);
  const texts = others.map(
    (group) => `${addressList(group.addresses)} ${answerText(group, reference)}`,
  );
  const what =
    reference.leaf === null
      ? "answer alike"
      : others.some(({ leaf }) => leaf !== null && leaf.sha256 !== reference.leaf?.sha256)
        ? `present ${isNewest(reference, others) ? "the new certificate" : "the certificate"} ${shortName(reference.leaf.subject)} (from ${dateText(reference.leaf.notBefore)})`
        : "answer as they should";
  return makeFinding("topology.addresses-differ", {
    severity: "warning",
    summary: `${reference.addresses.length} of ${total} addresses of ${where} ${what}; ${texts.join("; ")}`,
    remedy: [
      `Bring the configuration and the certificate of the others to these addresses, and reload the server there: ${addressList(odd)}`,
      ...odd
        .slice(0, 1)
        .map((address) => `anchorwatch check ${where} --connect ${bracketed(address)}`),
    ],
    certificates: groups.flatMap(({ leaf }) => leaf ?? []),
  });
}

/** What is compared with: the addresses with the newest certificate, since a renewal is what is rolled out. */
function referenceOf(groups: readonly AddressGroup[]): AddressGroup {
  const [usual, ...others] = groups;
  if (usual === undefined) throw new RangeError("There is no group of addresses to compare with");
  return others.reduce((best, group) => (bornAt(group) > bornAt(best) ? group : best), usual);
}

const bornAt = ({ leaf }: AddressGroup): number => leaf?.notBefore ?? Number.NEGATIVE_INFINITY;

function isNewest(reference: AddressGroup, others: readonly AddressGroup[]): boolean {
  return others.every((group) => bornAt(group) < bornAt(reference));
}

function bracketed(address: string): string {
  return isIpv6(address) ? `[${address}]` : address;
}
