import { BlockList, isIP } from "node:net";

/** Which addresses may be asked: those of the public internet, or those of private networks and this machine too. */
export type AddressPolicy = "public" | "internal";

/** Never asked: where nothing but this machine's cloud, this link or nobody answers (RFC 6890). */
const FORBIDDEN = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["169.254.0.0", 16],
  ["192.0.0.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const)
  FORBIDDEN.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of [
  ["::", 128],
  ["fe80::", 10],
  ["ff00::", 8],
] as const)
  FORBIDDEN.addSubnet(network, prefix, "ipv6");

/** Networks that are somebody's own: asked only when that is wanted. */
const INTERNAL = new BlockList();
for (const [network, prefix] of [
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
] as const)
  INTERNAL.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of [
  ["::1", 128],
  ["fc00::", 7],
  // these carry IPv4 addresses, which may be anyone's
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["2002::", 16],
] as const)
  INTERNAL.addSubnet(network, prefix, "ipv6");

/**
 * Whether an address may be asked. Certificates come from servers that nobody has judged yet, so that the URLs in
 * them could lead the prober to machines which only it can reach.
 * @param address an IP literal; anything else is refused
 */
export function mayAsk(address: string, policy: AddressPolicy): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  const type = family === 4 ? "ipv4" : "ipv6";
  if (FORBIDDEN.check(address, type)) return false;
  return policy === "internal" || !INTERNAL.check(address, type);
}
