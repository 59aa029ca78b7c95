import type { Certificate } from "../../x509/certificate.ts";
import { bytesEqual } from "../../x509/der-values.ts";
import { subjectAltName, valueOf } from "../../x509/extensions.ts";
import { formatAddress, parseAddress } from "../../x509/general-name.ts";
import { COMMON_NAME } from "../../x509/oids.ts";
import { MATCHES, mismatch, type NameMatch } from "../name-match.ts";

/** tls.checkServerIdentity of Node.js: trailing dots ignored, wildcards in the first label of at least three. */
export function matchNodeHostName(leaf: Certificate, host: string): NameMatch {
  const names = valueOf(subjectAltName(leaf)) ?? [];
  const address = parseAddress(host.replace(/^\[(.*)\]$/, "$1"));
  if (address !== null) {
    const addresses = names.flatMap((name) => (name.kind === "ip" ? [name.value] : []));
    return addresses.some((each) => bytesEqual(each, address))
      ? MATCHES
      : refuse(
          `IP: ${host} is not in the cert's list: ${addresses.map((each) => formatAddress(each) ?? "").join(", ")}`,
        );
  }
  const labels = split(host);
  const dnsNames = names.flatMap((name) => (name.kind === "dns" ? [name.value] : []));
  if (dnsNames.length > 0)
    return dnsNames.some((pattern) => labelsMatch(labels, pattern))
      ? MATCHES
      : refuse(
          `Host: ${host}. is not in the cert's altnames: ${dnsNames.map((name) => `DNS:${name}`).join(", ")}`,
        );
  const commonNames = leaf.subject.rdns
    .flat()
    .flatMap(({ type, text }) => (type === COMMON_NAME ? [text] : []));
  if (commonNames.length === 0) return refuse("Cert does not contain a DNS name");
  return commonNames.some((pattern) => labelsMatch(labels, pattern))
    ? MATCHES
    : refuse(`Host: ${host}. is not cert's CN: ${commonNames.join(", ")}`);
}

const refuse = (text: string): NameMatch =>
  mismatch(
    `ERR_TLS_CERT_ALTNAME_INVALID: Hostname/IP does not match certificate's altnames: ${text}`,
  );

function split(name: string): readonly string[] {
  return name.replace(/\.$/, "").toLowerCase().split(".");
}

function labelsMatch(host: readonly string[], pattern: string): boolean {
  const labels = split(pattern);
  if (labels.length !== host.length || labels.includes("")) return false;
  if (!/^[\u0021-\u007f]*$/.test(pattern)) return false;
  if (labels.slice(1).some((label, index) => label !== host[index + 1])) return false;
  const [first = ""] = labels;
  const [name = ""] = host;
  const parts = first.split("*");
  if (parts.length === 1 || first.includes("xn--")) return first === name;
  if (parts.length > 2 || labels.length <= 2) return false;
  const [prefix = "", suffix = ""] = parts;
  return (
    prefix.length + suffix.length <= name.length && name.startsWith(prefix) && name.endsWith(suffix)
  );
}
