import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { hostPort } from "../words.ts";
import { addressList, answerText } from "./address-answers.ts";
import { type AddressGroup, isIpv6 } from "./compare-addresses.ts";

/** Failures that may lie with the network of the one who probes: it may have no IPv6 at all. */
const OWN_NETWORK: ReadonlySet<string> = new Set(["connect-unreachable"]);

/** The IPv4 addresses of a name answer otherwise than its IPv6 addresses (D3). */
export function ipFamiliesFinding(groups: readonly AddressGroup[]): Finding | null {
  const old = groups.find(({ addresses }) => addresses.every((address) => !isIpv6(address)));
  const young = groups.find(({ addresses }) => addresses.every(isIpv6));
  if (old === undefined || young === undefined) return null;
  if ([old, young].some(({ handshake }) => OWN_NETWORK.has(handshake.failure?.code ?? "")))
    return null;
  // the family that works is what the other is held against
  const [good, bad] = old.leaf === null && young.leaf !== null ? [young, old] : [old, young];
  const family = bad === young ? "IPv6" : "IPv4";
  const other = bad === young ? "IPv4" : "IPv6";
  return makeFinding("topology.ip-families-differ", {
    severity: "warning",
    summary: `${family} differs: the ${family} addresses of ${hostPort(good.handshake.endpoint)} (${addressList(bad.addresses)}) ${answerText(bad, good)}, otherwise than those of ${other} (${addressList(good.addresses)})`,
    remedy: [
      `Bring the configuration and the certificate of the ${other} addresses to ${addressList(bad.addresses)}`,
      `Or remove the ${family === "IPv6" ? "AAAA" : "A"} record until it is done: half of the clients take that way`,
    ],
    certificates: [old, young].flatMap(({ leaf }) => leaf ?? []),
  });
}
