import type { Certificate } from "../../x509/certificate.ts";
import { DerError, onlyElement } from "../../x509/der.ts";
import { formatAddress } from "../../x509/general-name.ts";
import { type Name, readName } from "../../x509/name.ts";
import { javaAddress } from "./addresses.ts";
import {
  type DerValue,
  ia5Text,
  isConstructed,
  isContext,
  JavaParseError,
  onlyValue,
  valuesIn,
} from "./der-value.ts";
import { hex } from "../../x509/der-values.ts";
import { ExtensionOid } from "../../x509/oids.ts";

/** A GeneralName as sun.security.x509 keeps it. */
export type JavaName =
  | { readonly kind: "dns" | "email"; readonly value: string }
  /** `host` is null where there is none; `isAddress` when it is an IP literal. */
  | {
      readonly kind: "uri";
      readonly value: string;
      readonly host: string | null;
      readonly isAddress: boolean;
    }
  /** 4 or 16 octets, with a mask 8 or 32. */
  | { readonly kind: "ip"; readonly value: Uint8Array }
  | { readonly kind: "directory"; readonly value: Name }
  | { readonly kind: "registered-id"; readonly value: string }
  | { readonly kind: "other" | "x400" | "edi-party"; readonly value: string };

/** subjectAltName of a certificate: its names, none, or the exceptions that reading it raises. */
export type JavaAltNames =
  | { readonly state: "absent" }
  | { readonly state: "present"; readonly critical: boolean; readonly names: readonly JavaName[] }
  | { readonly state: "malformed"; readonly critical: boolean; readonly error: JavaParseError };

const memory = new WeakMap<Certificate, JavaAltNames>();

/** SubjectAlternativeNameExtension of a certificate. */
export function javaAltNames(certificate: Certificate): JavaAltNames {
  let known = memory.get(certificate);
  if (known === undefined) {
    known = readAltNames(certificate);
    memory.set(certificate, known);
  }
  return known;
}

function readAltNames({ extensions }: Certificate): JavaAltNames {
  const extension = extensions.find(({ oid }) => oid === ExtensionOid.subjectAltName);
  if (extension === undefined) return { state: "absent" };
  const { critical, value } = extension;
  try {
    return { state: "present", critical, names: readGeneralNames(onlyValue(value)) };
  } catch (error) {
    if (!(error instanceof JavaParseError)) throw error;
    return { state: "malformed", critical, error };
  }
}

/** new GeneralNames(DerValue). @throws {JavaParseError} */
export function readGeneralNames(value: DerValue): readonly JavaName[] {
  if (value.tag !== 0x30) throw new JavaParseError("Invalid encoding for GeneralNames.");
  if (value.content.length === 0)
    throw new JavaParseError("No data available in passed DER encoded value.");
  return valuesIn(value.content).map((each) => readJavaName(each, false));
}

const FORMS: Readonly<Record<number, readonly [constructed: boolean, what: string]>> = {
  0: [true, "Other-Name"],
  1: [false, "RFC822 name"],
  2: [false, "DNSName"],
  3: [true, "X400Address name"],
  4: [true, "Directory name"],
  5: [true, "EDI name"],
  6: [false, "URI"],
  7: [false, "IP address"],
  8: [false, "OID name"],
};

/** new GeneralName(DerValue, nameConstraint). @throws {JavaParseError} */
export function readJavaName(value: DerValue, isConstraint: boolean): JavaName {
  const number = value.tag & 0x1f;
  const form = FORMS[number];
  if (form === undefined) throw new JavaParseError(`Unrecognized GeneralName tag, (${number})`);
  if (!isContext(value, number) || isConstructed(value) !== form[0])
    throw new JavaParseError(`Invalid encoding of ${form[1]}`);
  switch (number) {
    case 1:
      return { kind: "email", value: mailbox(ia5Text(value)) };
    case 2:
      return { kind: "dns", value: ia5Text(value) };
    case 4:
      return { kind: "directory", value: directoryName(value) };
    case 6:
      return isConstraint ? uriConstraint(ia5Text(value)) : uriName(ia5Text(value));
    case 7:
      if (![4, 8, 16, 32].includes(value.content.length))
        throw new JavaParseError("Invalid IPAddressName");
      return { kind: "ip", value: value.content };
    case 8:
      return { kind: "registered-id", value: hex(value.content) };
    case 3:
      return { kind: "x400", value: hex(value.content) };
    case 5:
      valuesIn(value.content);
      return { kind: "edi-party", value: hex(value.content) };
    default:
      otherName(value);
      return { kind: "other", value: hex(value.content) };
  }
}

function mailbox(text: string): string {
  if (text === "") throw new JavaParseError("RFC822Name may not be null or empty");
  const domain = text.slice(text.indexOf("@") + 1);
  if (domain === "") throw new JavaParseError("RFC822Name may not end with @");
  if (domain === ".") throw new JavaParseError("RFC822Name domain may not be just .");
  return text;
}

function directoryName({ content }: DerValue): Name {
  try {
    return readName(onlyElement(content, 0x30, "a Name"));
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    onlyValue(content);
    throw new JavaParseError("X500Name: incorrect AVA");
  }
}

function otherName({ content }: DerValue): void {
  const [type, value] = valuesIn(content);
  if (type?.tag !== 6)
    throw new JavaParseError(`DerValue.getOID, not an OID ${((type?.tag ?? 0) << 24) >> 24}`);
  if (value === undefined || !isContext(value, 0) || !isConstructed(value))
    throw new JavaParseError("value is not EXPLICTly tagged [0]");
}

const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):/;

/** What java.net.URI does not accept anywhere: controls, blanks and the delimiters that RFC 2396 excludes. */
const ILLEGAL = /[\u0000-\u0020"<>\\^`{|}\u007f]|%(?![0-9A-Fa-f]{2})/;

/** URIName(String). */
function uriName(text: string): JavaName {
  const illegal = ILLEGAL.exec(text);
  if (illegal !== null)
    throw new JavaParseError(`invalid URI name:${text}`, {
      causes: [syntaxError(text, illegal.index)],
    });
  if (!SCHEME.test(text)) throw new JavaParseError(`URI name must include scheme:${text}`);
  const host = hostOf(text);
  if (host === null) return { kind: "uri", value: text, host, isAddress: false };
  if (host.startsWith("[") || !isDnsName(host)) {
    if (javaAddress(host.replace(/^\[(.*)\]$/, "$1")) === null)
      throw new JavaParseError(
        host.startsWith("[")
          ? `invalid URI name (host portion is not a valid IPv6 address):${text}`
          : `invalid URI name (host portion is not a valid DNSName, IPv4 address, or IPv6 address):${text}`,
      );
    return { kind: "uri", value: text, host, isAddress: true };
  }
  return { kind: "uri", value: text, host, isAddress: false };
}

/** Server-based authorities only: with any other one java.net.URI has no host. */
function hostOf(text: string): string | null {
  const authority = /^[^:]+:\/\/([^/?#]*)/.exec(text)?.[1] ?? "";
  const match = /^(?:[^@]*@)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::\d*)?$/.exec(authority);
  const host = match?.[1];
  if (host === undefined) return null;
  if (host.startsWith("[")) return host;
  const labels = host.replace(/\.$/, "").split(".");
  const isHostname =
    labels.every((label) => /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/.test(label)) &&
    /^[A-Za-z]/.test(labels.at(-1) ?? "");
  return isHostname || /^\d{1,3}(\.\d{1,3}){3}$/.test(host) ? host : null;
}

/** URIName.nameConstraint: a host, or a domain with a leading dot, without a scheme. */
function uriConstraint(text: string): JavaName {
  const illegal = ILLEGAL.exec(text);
  if (illegal !== null)
    throw new JavaParseError(`invalid URI name constraint:${text}`, {
      causes: [syntaxError(text, illegal.index)],
    });
  if (SCHEME.test(text))
    throw new JavaParseError(`invalid URI name constraint (should not include scheme):${text}`);
  const complaint = dnsComplaint(text.replace(/^\./, ""));
  if (complaint !== null)
    throw new JavaParseError(`invalid URI name constraint:${text}`, {
      causes: [`java.io.IOException: ${complaint}`],
    });
  return { kind: "uri", value: text, host: text, isAddress: false };
}

function syntaxError(text: string, index: number): string {
  return `java.net.URISyntaxException: Illegal character in path at index ${index}: ${text}`;
}

/** Whether the DNSName(String) constructor accepts a text. */
export function isDnsName(text: string): boolean {
  return dnsComplaint(text) === null;
}

function dnsComplaint(text: string): string | null {
  if (text === "") return "DNSName must not be null or empty";
  if (text.includes(" ")) return "DNSName with blank components is not permitted";
  if (text.startsWith(".") || text.endsWith(".")) return "DNSName may not begin or end with a .";
  for (const label of text.split(".")) {
    if (label === "") return "DNSName with empty components are not permitted";
    if (!/^[A-Za-z0-9]/.test(label)) return "DNSName components must begin with a letter or digit";
    if (!/^[A-Za-z0-9-]+$/.test(label))
      return "DNSName components must consist of letters, digits, and hyphens";
  }
  return null;
}

/** A name for people, in the form of formatGeneralName. */
export function nameText(name: JavaName): string {
  switch (name.kind) {
    case "dns":
      return `DNS:${name.value}`;
    case "email":
      return `email:${name.value}`;
    case "uri":
      return `URI:${name.value}`;
    case "ip":
      return `IP:${formatAddress(name.value) ?? "malformed"}`;
    case "directory":
      return `DirName:${name.value.text}`;
    case "registered-id":
      return `RID:${name.value}`;
    case "other":
    case "x400":
    case "edi-party":
      return name.kind;
  }
}
