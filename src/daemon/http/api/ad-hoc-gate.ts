import { isIP } from "node:net";
import { type AllowPattern, fitsAllowPattern } from "../../../estate/http/allow-pattern.ts";
import type { Endpoint } from "../../../probe/handshake.ts";
import { parseAddress } from "../../../x509/general-name.ts";
import { isWithin } from "../../../x509/networks.ts";
import { refusal, type Refusal } from "../problem.ts";

/**
 * Places that nobody means who names a server: this machine, this link, everybody at once, and the services that
 * clouds offer to the machine itself, with its credentials among them. RFC 6890, RFC 4291; the metadata services of
 * AWS, Alibaba Cloud and Azure.
 */
const SPECIAL: readonly string[] = [
  "0.0.0.0/8",
  "100.100.100.200",
  "127.0.0.0/8",
  "168.63.129.16",
  "169.254.0.0/16",
  "192.0.0.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
  "::/96",
  "64:ff9b:1::/48",
  "2001::/32",
  "2002::/16",
  "fd00:ec2::254",
  "fe80::/10",
  "fec0::/10",
  "ff00::/8",
];

/** IPv6 networks whose addresses end in the IPv4 address that is reached (RFC 4291 section 2.5.5, RFC 6052). */
const CARRYING_IPV4 = ["::ffff:0:0/96", "64:ff9b::/96"];

/** Whether an address may only be reached when it is listed. Anything that is no address counts as such. */
export function isSpecialAddress(address: string): boolean {
  const bytes = isIP(address) === 0 ? null : parseAddress(address.replace(/%.*$/, ""));
  if (bytes === null) return true;
  if (isWithin(address, CARRYING_IPV4)) return isSpecialAddress(bytes.slice(12).join("."));
  return isWithin(address, SPECIAL);
}

/** Whether a target that the estate does not have may be checked. */
export function refuseTarget(
  { host, port }: Pick<Endpoint, "host" | "port">,
  allow: readonly AllowPattern[],
): Refusal | null {
  if (allow.some((pattern) => fitsAllowPattern(pattern, host, port))) return null;
  return refusal(
    "target-refused",
    "The target is neither an endpoint of the estate nor listed under http.allow",
  );
}

/** Whether an address that the name of such a target led to may be dialled. */
export function refuseAddress(
  address: string,
  port: number,
  allow: readonly AllowPattern[],
): Refusal | null {
  if (!isSpecialAddress(address)) return null;
  if (allow.some((pattern) => fitsAllowPattern(pattern, address, port))) return null;
  return refusal(
    "target-refused",
    "The name leads to an address of this machine, this network link or a cloud's own services, which http.allow does not list",
  );
}
