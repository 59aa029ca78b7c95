import type { Certificate } from "../../x509/certificate.ts";
import { bytesEqual } from "../../x509/der-values.ts";
import { formatAddress, parseAddress, unmapAddress } from "../../x509/general-name.ts";
import { COMMON_NAME } from "../../x509/oids.ts";
import { MATCHES, mismatch, type NameMatch } from "../name-match.ts";
import { goAddresses, goDnsNames, goNames } from "./alt-names.ts";

/** Certificate.VerifyHostname: no CN, a wildcard only as the whole left-most label, trailing dot of the host ignored. */
export function matchHostName(leaf: Certificate, host: string): NameMatch {
  const bare = host.replace(/^\[(.+)\]$/, "$1");
  const address = parseAddress(bare);
  if (address !== null) {
    // net.IP.Equal calls an IPv4 address and its mapped form equal
    const wanted = unmapAddress(address);
    return goAddresses(leaf).some((each) => bytesEqual(unmapAddress(each), wanted))
      ? MATCHES
      : mismatch(hostNameError(leaf, bare));
  }
  const name = host.toLowerCase();
  const isPlain = isHostName(name, false);
  const matches = goDnsNames(leaf).some((pattern) =>
    isPlain && isHostName(pattern, true)
      ? labelsMatch(pattern, name)
      : pattern !== "" && pattern !== "." && name !== "" && pattern.toLowerCase() === name,
  );
  return matches ? MATCHES : mismatch(hostNameError(leaf, host));
}

/** HostnameError.Error. */
function hostNameError(leaf: Certificate, host: string): string {
  if (goNames(leaf) === null && labelsMatch(commonNameOf(leaf), host))
    return "x509: certificate relies on legacy Common Name field, use SANs instead";
  let valid = goDnsNames(leaf).join(", ");
  if (parseAddress(host) !== null) {
    const addresses = goAddresses(leaf);
    if (addresses.length === 0)
      return `x509: cannot validate certificate for ${host} because it doesn't contain any IP SANs`;
    valid = addresses.map(addressText).join(", ");
  }
  return valid === ""
    ? `x509: certificate is not valid for any names, but wanted to match ${host}`
    : `x509: certificate is valid for ${valid}, not ${host}`;
}

/** net.IP.String: an IPv4-mapped address as IPv4. */
export function addressText(address: Uint8Array): string {
  return formatAddress(unmapAddress(address)) ?? "";
}

/** pkix.Name.CommonName: the last one. */
export function commonNameOf({ subject }: Certificate): string {
  return subject.rdns.flat().findLast(({ type }) => type === COMMON_NAME)?.text ?? "";
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
  const name = host.replace(/\.$/, "").toLowerCase();
  if (pattern === "" || name === "") return false;
  const patterns = pattern.toLowerCase().split(".");
  const labels = name.split(".");
  return (
    patterns.length === labels.length &&
    patterns.every((part, index) => (index === 0 && part === "*") || part === labels[index])
  );
}
