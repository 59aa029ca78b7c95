import type { Certificate } from "../../x509/certificate.ts";
import { bytesEqual } from "../../x509/der-values.ts";
import { subjectAltName, valueOf } from "../../x509/extensions.ts";
import { parseAddress } from "../../x509/general-name.ts";
import { MATCHES, mismatch, type NameMatch } from "../name-match.ts";

/** RFC 9525: subjectAltName only, a wildcard only as the whole left-most label above at least two others. */
export function matchHostName(leaf: Certificate, host: string): NameMatch {
  const names = valueOf(subjectAltName(leaf)) ?? [];
  const address = parseAddress(host.replace(/^\[(.*)\]$/, "$1"));
  const wanted = host.replace(/\.$/, "").toLowerCase();
  const found = names.some((name) => {
    if (address !== null) return name.kind === "ip" && bytesEqual(name.value, address);
    return name.kind === "dns" && patternMatches(name.value.toLowerCase(), wanted);
  });
  return found ? MATCHES : mismatch(`no subjectAltName matches ${host}`);
}

function patternMatches(pattern: string, host: string): boolean {
  if (!pattern.startsWith("*.")) return !pattern.includes("*") && pattern === host;
  const suffix = pattern.slice(1);
  const first = host.slice(0, host.length - suffix.length);
  return (
    suffix.split(".").length > 2 && host.endsWith(suffix) && first !== "" && !first.includes(".")
  );
}
