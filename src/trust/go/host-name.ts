import type { Certificate } from "../../x509/certificate.ts";
import { bytesEqual } from "../../x509/der-values.ts";
import { formatAddress, parseAddress, unmapAddress } from "../../x509/general-name.ts";
import { COMMON_NAME } from "../../x509/oids.ts";
import { MATCHES, mismatch, type NameMatch } from "../name-match.ts";
import { type GoAltNames, goAltNames } from "./alt-names.ts";

/** Certificate.VerifyHostname: no CN, a wildcard only as the whole left-most label, trailing dot of the host ignored. */
export function matchHostName(leaf: Certificate, host: string): NameMatch {
  const found = goAltNames(leaf);
  const names = found === null || typeof found === "string" ? null : found;
  const bare = host.replace(/^\[(.+)\]$/, "$1");
  const address = parseAddress(bare);
  if (address !== null) return matchAddress(names, address, bare);
  const matches = names?.dns.some((pattern) =>
    isHostName(host, false) && isHostName(pattern, true)
      ? labelsMatch(pattern, host)
      : pattern !== "" && pattern !== "." && pattern.toLowerCase() === host.toLowerCase(),
  );
  if (matches === true) return MATCHES;
  const commonName = leaf.subject.rdns.flat().findLast(({ type }) => type === COMMON_NAME)?.text;
  if (names === null && commonName !== undefined && labelsMatch(commonName, host))
    return mismatch("x509: certificate relies on legacy Common Name field, use SANs instead");
  return (names?.dns.length ?? 0) === 0
    ? mismatch(`x509: certificate is not valid for any names, but wanted to match ${host}`)
    : mismatch(`x509: certificate is valid for ${names?.dns.join(", ") ?? ""}, not ${host}`);
}

function matchAddress(names: GoAltNames | null, address: Uint8Array, host: string): NameMatch {
  const addresses = names?.addresses ?? [];
  // net.IP.Equal calls an IPv4 address and its mapped form equal
  if (addresses.some((each) => bytesEqual(unmapAddress(each), unmapAddress(address))))
    return MATCHES;
  return addresses.length === 0
    ? mismatch(
        `x509: cannot validate certificate for ${host} because it doesn't contain any IP SANs`,
      )
    : mismatch(
        `x509: certificate is valid for ${addresses.map(formatAddress).join(", ")}, not ${host}`,
      );
}

function isHostName(text: string, isPattern: boolean): boolean {
  const name = isPattern ? text : text.replace(/\.$/, "");
  return name
    .split(".")
    .every(
      (label, index) =>
        (isPattern && index === 0 && label === "*") || /^[A-Za-z0-9_][A-Za-z0-9_-]*$/.test(label),
    );
}

function labelsMatch(pattern: string, host: string): boolean {
  const patterns = pattern.toLowerCase().split(".");
  const labels = host.replace(/\.$/, "").toLowerCase().split(".");
  return (
    pattern !== "" &&
    patterns.length === labels.length &&
    patterns.every((part, index) => (index === 0 && part === "*") || part === labels[index])
  );
}
