import type { Certificate } from "../../x509/certificate.ts";
import { hex } from "../../x509/der-values.ts";
import {
  authorityInfoAccess,
  authorityKeyIdentifier,
  basicConstraints,
  type Decoded,
  extendedKeyUsage,
  keyUsage,
  nameConstraints,
  subjectAltName,
  subjectKeyIdentifier,
} from "../../x509/extensions.ts";
import { crlDistributionPoints } from "../../x509/distribution-points.ts";
import { formatGeneralName } from "../../x509/general-name.ts";
import { policyExtensions } from "../../x509/policies.ts";

/** An extension as a person reads it. */
export interface ExtensionText {
  /** Name of RFC 5280, or the dotted identifier. */
  readonly name: string;
  readonly oid: string;
  readonly critical: boolean;
  /** Its value in words; hexadecimal, cut short, where nothing is known about it. */
  readonly value: string;
}

/** Most members of a list that are written out. */
const MAX_MEMBERS = 50;

/** Most octets of an unknown extension that are shown. */
const MAX_OCTETS = 24;

const NAMES: Readonly<Record<string, string>> = {
  "2.5.29.14": "subjectKeyIdentifier",
  "2.5.29.15": "keyUsage",
  "2.5.29.17": "subjectAltName",
  "2.5.29.18": "issuerAltName",
  "2.5.29.19": "basicConstraints",
  "2.5.29.30": "nameConstraints",
  "2.5.29.31": "cRLDistributionPoints",
  "2.5.29.32": "certificatePolicies",
  "2.5.29.33": "policyMappings",
  "2.5.29.35": "authorityKeyIdentifier",
  "2.5.29.36": "policyConstraints",
  "2.5.29.37": "extKeyUsage",
  "2.5.29.54": "inhibitAnyPolicy",
  "1.3.6.1.5.5.7.1.1": "authorityInfoAccess",
  "1.3.6.1.5.5.7.1.24": "tlsFeature",
  "1.3.6.1.4.1.11129.2.4.2": "signedCertificateTimestamps",
  "2.16.840.1.113730.1.1": "netscapeCertType",
};

const PURPOSES: Readonly<Record<string, string>> = {
  "2.5.29.37.0": "any",
  "1.3.6.1.5.5.7.3.1": "serverAuth",
  "1.3.6.1.5.5.7.3.2": "clientAuth",
  "1.3.6.1.5.5.7.3.3": "codeSigning",
  "1.3.6.1.5.5.7.3.4": "emailProtection",
  "1.3.6.1.5.5.7.3.8": "timeStamping",
  "1.3.6.1.5.5.7.3.9": "OCSPSigning",
};

const METHODS: Readonly<Record<string, string>> = {
  "1.3.6.1.5.5.7.48.1": "OCSP",
  "1.3.6.1.5.5.7.48.2": "CA issuers",
};

/** The extensions of a certificate in encoded order. */
export function extensionTexts(certificate: Certificate): readonly ExtensionText[] {
  return certificate.extensions.map(({ oid, critical, value }) => ({
    name: NAMES[oid] ?? oid,
    oid,
    critical,
    value: describe(oid, certificate) ?? octets(value),
  }));
}

/** The value of an extension that is understood; null for others. */
function describe(oid: string, certificate: Certificate): string | null {
  switch (oid) {
    case "2.5.29.14":
      return words(subjectKeyIdentifier(certificate), (id) => pairs(id));
    case "2.5.29.15":
      return words(keyUsage(certificate), (bits) => list([...bits]));
    case "2.5.29.17":
      return words(subjectAltName(certificate), (names) => list(names.map(formatGeneralName)));
    case "2.5.29.19":
      return words(basicConstraints(certificate), ({ ca, pathLength }) =>
        !ca
          ? "no CA"
          : pathLength === null
            ? "CA"
            : `CA, at most ${pathLength} further CA${pathLength === 1 ? "" : "s"} below it`,
      );
    case "2.5.29.30":
      return words(nameConstraints(certificate), ({ permitted, excluded }) =>
        [
          permitted === null ? null : `permitted: ${list(permitted.map(subtree))}`,
          excluded === null ? null : `excluded: ${list(excluded.map(subtree))}`,
        ]
          .filter((part) => part !== null)
          .join("; "),
      );
    case "2.5.29.31":
      return words(crlDistributionPoints(certificate), (points) =>
        list(
          points.flatMap(({ name }) =>
            name?.kind === "full"
              ? name.names.map((each) => formatGeneralName(each).replace(/^URI:/, ""))
              : [],
          ),
        ),
      );
    case "2.5.29.32":
      return words(policyExtensions(certificate).policies, (policies) =>
        list(policies.map(({ policy }) => (policy === "2.5.29.32.0" ? "any policy" : policy))),
      );
    case "2.5.29.35":
      return words(authorityKeyIdentifier(certificate), ({ keyIdentifier, issuer, serialNumber }) =>
        [
          keyIdentifier === null ? null : pairs(keyIdentifier),
          issuer === null ? null : list(issuer.map(formatGeneralName)),
          serialNumber === null ? null : `serial ${pairs(serialNumber)}`,
        ]
          .filter((part) => part !== null)
          .join("; "),
      );
    case "2.5.29.37":
      return words(extendedKeyUsage(certificate), (purposes) =>
        list(purposes.map((purpose) => PURPOSES[purpose] ?? purpose)),
      );
    case "1.3.6.1.5.5.7.1.1":
      return words(authorityInfoAccess(certificate), (descriptions) =>
        list(
          descriptions.map(
            ({ method, location }) =>
              `${METHODS[method] ?? method} ${formatGeneralName(location).replace(/^URI:/, "")}`,
          ),
        ),
      );
    default:
      return null;
  }
}

function subtree({ base }: { readonly base: Parameters<typeof formatGeneralName>[0] }): string {
  if (base.kind !== "ip") return formatGeneralName(base);
  const half = base.value.length / 2;
  const part = (bytes: Uint8Array): string =>
    formatGeneralName({ kind: "ip", value: bytes }).replace(/^IP:/, "");
  return `IP:${part(base.value.subarray(0, half))}/${part(base.value.subarray(half))}`;
}

function words<T>(decoded: Decoded<T>, say: (value: T) => string): string | null {
  if (decoded.state === "absent") return null;
  return decoded.state === "present" ? say(decoded.value) : `malformed: ${decoded.message}`;
}

function list(members: readonly string[]): string {
  if (members.length === 0) return "(empty)";
  const shown = members.slice(0, MAX_MEMBERS).join(", ");
  return members.length > MAX_MEMBERS ? `${shown} and ${members.length - MAX_MEMBERS} more` : shown;
}

function octets(value: Uint8Array): string {
  const shown = pairs(hex(value.subarray(0, MAX_OCTETS)));
  return value.length > MAX_OCTETS ? `${shown}… (${value.length} octets)` : shown;
}

/** Upper-case pairs of hexadecimal digits joined by colons. */
export function pairs(digits: string): string {
  return digits.toUpperCase().match(/../g)?.join(":") ?? "";
}
