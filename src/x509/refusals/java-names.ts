import { latin1 } from "../der-values.ts";
import { Tag } from "../der.ts";
import { parseAddress } from "../general-name.ts";
import { JavaException } from "./java-exception.ts";
import { javaOctets, javaOid, JavaValue } from "./java-values.ts";

/**
 * X500Name(DerInputStream): reads the next value of a container as a name.
 *
 * When that is no SEQUENCE the JDK takes all that is left for one; what follows then fails as an RDN.
 * @returns whether the name says anything: an RDN without attributes does not count
 * @throws {JavaException}
 */
export function checkJavaName(container: JavaValue): boolean {
  const before = container.rest;
  let rdns: readonly JavaValue[];
  try {
    rdns = container.next().all(Tag.sequence);
  } catch (error) {
    if (!(error instanceof JavaException)) throw error;
    rdns = JavaValue.content(Tag.sequence, before, container.release).all(Tag.sequence);
  }
  for (const rdn of rdns) checkJavaRdn(rdn);
  return rdns.some(({ length }) => length > 0);
}

/** RDN(DerValue). @throws {JavaException} */
export function checkJavaRdn(rdn: JavaValue): void {
  if (rdn.tag !== Tag.set) throw new JavaException("X500 RDN");
  for (const pair of rdn.copied().all(Tag.set)) {
    if (pair.tag !== Tag.sequence) throw new JavaException("AVA not a sequence");
    javaOid(pair.next());
    const value = pair.next();
    if (pair.available !== 0) throw new JavaException(`AVA, extra bytes = ${pair.available}`);
    if (rdn.release === "25" && value.tag === Tag.bmpString) checkBmp(value.octets);
  }
}

/** validateBMPString(), since JDK 25: no surrogates. */
function checkBmp(octets: Uint8Array): void {
  for (let at = 0; at + 1 < octets.length; at += 2)
    if (((octets[at] ?? 0) & 0xf8) === 0xd8)
      throw new JavaException(`Illegal character in BMPString, index: ${at / 2}`);
}

/** GeneralNames(DerValue). @throws {JavaException} */
export function checkJavaNames(value: JavaValue): number {
  if (value.tag !== Tag.sequence) throw new JavaException("Invalid encoding for GeneralNames.");
  if (value.length === 0) throw new JavaException("No data available in passed DER encoded value.");
  const names = value.all(Tag.sequence);
  for (const name of names) checkJavaGeneralName(name);
  return names.length;
}

/** What the constructors of the kinds of names call themselves when the form is wrong. */
const KINDS: readonly (readonly [constructed: boolean, text: string])[] = [
  [true, "Other-Name"],
  [false, "RFC822 name"],
  [false, "DNSName"],
  [true, "X400Address name"],
  [true, "Directory name"],
  [true, "EDI name"],
  [false, "URI"],
  [false, "IP address"],
  [false, "OID name"],
];

/** GeneralName(DerValue, boolean): one name, in a certificate or in name constraints. @throws {JavaException} */
export function checkJavaGeneralName(name: JavaValue, isConstraint = false): void {
  const number = name.tag & 0x1f;
  const kind = KINDS[number];
  if (kind === undefined) throw new JavaException(`Unrecognized GeneralName tag, (${number})`);
  if ((name.tag & 0xc0) !== 0x80 || name.isConstructed !== kind[0])
    throw new JavaException(`Invalid encoding of ${kind[1]}`);
  switch (number) {
    case 0:
      return checkOtherName(name);
    case 1:
      return checkMailbox(ascii(name.octets));
    case 4:
      checkJavaName(name.as(name.tag));
      return undefined;
    case 5:
      return checkEdiParty(name);
    case 6:
      return isConstraint ? checkUriConstraint(ascii(name.octets)) : checkUri(ascii(name.octets));
    case 7:
      if (![4, 8, 16, 32].includes(javaOctets(name.as(Tag.octetString)).length))
        throw new JavaException("Invalid IPAddressName");
      return undefined;
    case 8:
      javaOid(name.as(Tag.oid));
      return undefined;
    default:
      return undefined;
  }
}

/** IA5String as Java decodes it: what is no ASCII becomes U+FFFD. */
function ascii(octets: Uint8Array): string {
  return latin1(octets).replaceAll(/[\u0080-\u00ff]/g, "\ufffd");
}

function checkOtherName(name: JavaValue): void {
  const copy = name.as(Tag.sequence);
  javaOid(copy.next());
  const value = copy.next();
  if (!value.isContext(0) || !value.isConstructed)
    throw new JavaException("value is not EXPLICTly tagged [0]");
}

function checkMailbox(text: string): void {
  if (text === "") throw new JavaException("RFC822Name may not be null or empty");
  const domain = text.slice(text.indexOf("@") + 1);
  if (domain === "") throw new JavaException("RFC822Name may not end with @");
  if (domain === ".") throw new JavaException("RFC822Name domain may not be just .");
}

function checkEdiParty(name: JavaValue): void {
  const parts = name.as(Tag.sequence).copied().all(Tag.sequence);
  if (parts.length < 1 || parts.length > 2)
    throw new JavaException("Invalid encoding of EDIPartyName");
  const seen = [0, 1].map(
    (number) => parts.filter((part) => part.isContext(number) && !part.isConstructed).length,
  );
  for (const part of parts) if (!part.isConstructed && (part.tag & 0xc0) === 0x80) part.next();
  if ((seen[0] ?? 0) > 1) throw new JavaException("Duplicate nameAssigner found in EDIPartyName");
  if ((seen[1] ?? 0) > 1) throw new JavaException("Duplicate partyName found in EDIPartyName");
  if (seen[1] === 0) throw new JavaException("party cannot be missing");
}

/** A character that java.net.URI accepts outside brackets; beyond ASCII whatever is no control and no blank. */
const URI_CHARACTERS = /^(?:[A-Za-z0-9_\-!.~'()*;/?:@&=+$,#[\]]|%[0-9A-Fa-f]{2}|[\u00a1-\uffff])*$/;

function checkUri(text: string): void {
  const parts = splitUri(text);
  if (parts === null) throw new JavaException(`invalid URI name:${text}`);
  if (parts.scheme === null) throw new JavaException(`URI name must include scheme:${text}`);
  const { host } = parts;
  if (host === null) return;
  if (host.startsWith("[")) return;
  if (!isDnsName(host) && parseAddress(host) === null)
    throw new JavaException(
      `invalid URI name (host portion is not a valid DNSName, IPv4 address, or IPv6 address):${text}`,
    );
}

function checkUriConstraint(text: string): void {
  const parts = splitUri(text);
  if (parts === null) throw new JavaException(`invalid URI name constraint:${text}`);
  if (parts.scheme !== null)
    throw new JavaException(`invalid URI name constraint (should not include scheme):${text}`);
  if (!isDnsName(parts.rest.replace(/^\./, "")))
    throw new JavaException(`invalid URI name constraint:${text}`);
}

/** java.net.URI as far as certificates need it; null for a URISyntaxException. */
function splitUri(
  text: string,
): { scheme: string | null; host: string | null; rest: string } | null {
  if (!URI_CHARACTERS.test(text) || (text.match(/#/g) ?? []).length > 1) return null;
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text)?.[1] ?? null;
  const colon = text.search(/[:/?#]/);
  if (scheme === null && colon >= 0 && text.charAt(colon) === ":") return null;
  const rest = (scheme === null ? text : text.slice(scheme.length + 1)).replace(/#.*$/, "");
  if (scheme !== null && rest === "") return null;
  if (!rest.startsWith("//"))
    return /[[\]]/.test(rest.replace(/\?.*$/, "")) && rest.startsWith("/")
      ? null
      : { scheme, host: null, rest };
  const authority = /^\/\/([^/?]*)/.exec(rest)?.[1] ?? "";
  if (authority === "") return rest.length > 2 ? { scheme, host: null, rest } : null;
  const server =
    /^(?:[^@[\]]*@)?(\[[0-9A-Fa-f:.]+(?:%[A-Za-z0-9]+)?\]|[A-Za-z0-9.-]*)(?::(\d*))?$/.exec(
      authority,
    );
  const host = server?.[1] ?? null;
  if (host !== null && host.startsWith("[")) {
    const address = parseAddress(host.slice(1, -1));
    return address === null || address.length !== 16 ? null : { scheme, host, rest };
  }
  if (/[[\]]/.test(authority)) return null;
  // what is no server name is a registry-based authority without a host
  if (host === null || !isServerName(host)) return { scheme, host: null, rest };
  return { scheme, host, rest };
}

/** java.net.URI's host: labels of letters, digits and hyphens; the last one begins with a letter; or an IPv4 address. */
function isServerName(host: string): boolean {
  if (parseAddress(host) !== null) return true;
  return /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)*[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.?$/.test(
    host,
  );
}

/** sun.security.x509.DNSName(String). */
function isDnsName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9-]*(?:\.[A-Za-z0-9][A-Za-z0-9-]*)*$/.test(name);
}
