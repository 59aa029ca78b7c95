import { latin1 } from "../der-values.ts";
import { Tag } from "../der.ts";
import { parseAddress } from "../general-name.ts";
import { ExtensionOid } from "../oids.ts";
import { goUriComplaint, isGoDomain, quote } from "./go-url.ts";
import { goBits, GoComplaint, goOid, goSmallInteger, GoString, isAscii } from "./go-values.ts";

type Check = (value: GoString) => void;

const fail = (text: string): never => {
  throw new GoComplaint(text);
};

const CONTEXT_0 = 0x80;
const URI = 0x86;

const keyUsage: Check = (value) => {
  if (goBits(value.read(Tag.bitString)) === null) fail("x509: invalid key usage");
};

const basicConstraints: Check = (value) => {
  const sequence = value.expect(Tag.sequence, "x509: invalid basic constraints a");
  if (sequence.sees(Tag.boolean) && !isGoBoolean(sequence.read(Tag.boolean)))
    fail("x509: invalid basic constraints b");
  if (sequence.sees(Tag.integer) && goSmallInteger(sequence.read(Tag.integer)) === null)
    fail("x509: invalid basic constraints c");
};

/** ReadASN1Boolean: one octet, 00 or FF. */
export function isGoBoolean(content: Uint8Array | null): boolean {
  return content?.length === 1 && (content[0] === 0 || content[0] === 0xff);
}

const subjectAltName: Check = (value) => {
  const names = value.expect(Tag.sequence, "x509: invalid subject alternative names");
  while (!names.isEmpty) {
    const name = names.any();
    if (name === null) return fail("x509: invalid subject alternative name");
    const { tag, content } = name;
    if (tag === 0x81 && !isAscii(content)) fail("x509: SAN rfc822Name is malformed");
    if (tag === 0x82 && !isAscii(content)) fail("x509: SAN dNSName is malformed");
    if (tag === URI) checkUri(content);
    if (tag === 0x87 && content.length !== 4 && content.length !== 16)
      fail(`x509: cannot parse IP address of length ${content.length}`);
  }
};

function checkUri(content: Uint8Array): void {
  if (!isAscii(content)) fail("x509: SAN uniformResourceIdentifier is malformed");
  const complaint = goUriComplaint(latin1(content));
  if (complaint !== null) fail(complaint);
}

const extendedKeyUsage: Check = (value) => {
  const text = "x509: invalid extended key usages";
  const usages = value.expect(Tag.sequence, text);
  while (!usages.isEmpty) if (goOid(usages.read(Tag.oid)) === null) fail(text);
};

const certificatePolicies: Check = (value) => {
  const text = "x509: invalid certificate policies";
  const policies = value.expect(Tag.sequence, text);
  while (!policies.isEmpty) {
    const policy = policies.expect(Tag.sequence, text);
    if (goOid(policy.read(Tag.oid)) === null) fail(text);
  }
};

const nameConstraints: Check = (value) => {
  const text = "x509: invalid NameConstraints extension";
  const sequence = value.expect(Tag.sequence, text);
  if (!value.isEmpty) fail(text);
  const lists = [Tag.constructed0, Tag.constructed1].map((tag) =>
    sequence.sees(tag) ? sequence.expect(tag, text) : new GoString(new Uint8Array()),
  );
  if (!sequence.isEmpty) fail(text);
  if (lists.every(({ isEmpty }) => isEmpty)) fail("x509: empty name constraints extension");
  for (const list of lists)
    while (!list.isEmpty) {
      const base = list.expect(Tag.sequence, text).any();
      if (base === null) return fail(text);
      checkConstraint(base.tag, base.content);
    }
};

function checkConstraint(tag: number, content: Uint8Array): void {
  if (tag === 0x87) return checkNetwork(content);
  if (tag !== 0x81 && tag !== 0x82 && tag !== URI) return undefined;
  const text = latin1(content);
  if (!isAscii(content))
    fail(
      `x509: invalid constraint value: x509: ${quoteLatin1(content)} cannot be encoded as an IA5String`,
    );
  if (tag === URI && parseAddress(text) !== null)
    fail(`x509: failed to parse URI constraint ${quote(text)}: cannot be IP address`);
  const isMailbox = tag === 0x81 && text.includes("@");
  const isValid = isMailbox ? isGoMailbox(text) : isGoDomain(text.replace(/^\./, ""));
  const kind = tag === 0x82 ? "dnsName" : tag === 0x81 ? "rfc822Name" : "URI";
  if (!isValid) fail(`x509: failed to parse ${kind} constraint ${quote(text)}`);
  return undefined;
}

/** strconv.Quote of octets that are not UTF-8. */
function quoteLatin1(content: Uint8Array): string {
  const text = [...content]
    .map((octet) =>
      octet < 0x80 ? String.fromCharCode(octet) : `\\x${octet.toString(16).padStart(2, "0")}`,
    )
    .join("");
  return `"${text}"`;
}

/** parseRFC2821Mailbox: an atom or a quoted string, and a domain. */
function isGoMailbox(text: string): boolean {
  const quoted =
    /^"(?:\\[\u0001-\u0009\u000b\u000c\u000e-\u007f]|[\u0001-\u0008\u000b\u000c\u000e-!#-[\]-\u007f])*"@/s;
  const atoms = /^(?:\\?[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~.]|\\\\)+@/;
  const local = (quoted.exec(text) ?? atoms.exec(text))?.[0];
  if (local === undefined) return false;
  const isAtom = !local.startsWith('"');
  const plain = local.slice(0, -1).replaceAll("\\", "");
  if (isAtom && (plain.startsWith(".") || plain.endsWith(".") || plain.includes("..")))
    return false;
  return isGoDomain(text.slice(local.length));
}

function checkNetwork(content: Uint8Array): void {
  if (content.length !== 8 && content.length !== 32)
    fail(`x509: IP constraint contained value of length ${content.length}`);
  const mask = content.subarray(content.length / 2);
  const bits = [...mask].map((octet) => octet.toString(2).padStart(8, "0")).join("");
  if (!/^1*0*$/.test(bits))
    fail(`x509: IP constraint contained invalid mask ${Buffer.from(mask).toString("hex")}`);
}

const crlDistributionPoints: Check = (value) => {
  const one = "x509: invalid CRL distribution point";
  const points = value.expect(Tag.sequence, `${one}s`);
  while (!points.isEmpty) {
    const point = points.expect(Tag.sequence, one);
    if (!point.sees(Tag.constructed0)) continue;
    const names = point.expect(Tag.constructed0, one).expect(Tag.constructed0, one);
    while (names.sees(URI)) names.expect(URI, one);
  }
};

const authorityKeyIdentifier: Check = (value) => {
  const text = "x509: invalid authority key identifier";
  const identifier = value.expect(Tag.sequence, text);
  if (identifier.sees(CONTEXT_0)) identifier.expect(CONTEXT_0, text);
};

const subjectKeyIdentifier: Check = (value) => {
  value.expect(Tag.octetString, "x509: invalid subject key identifier");
};

const authorityInfoAccess: Check = (value) => {
  const text = "x509: invalid authority info access";
  const descriptions = value.expect(Tag.sequence, text);
  while (!descriptions.isEmpty) {
    const description = descriptions.expect(Tag.sequence, text);
    if (goOid(description.read(Tag.oid)) === null) fail(text);
    if (description.sees(URI)) description.expect(URI, text);
  }
};

/** The extensions that crypto/x509 decodes while it reads a certificate (processExtensions). */
export const GO_EXTENSIONS: ReadonlyMap<string, Check> = new Map<string, Check>([
  [ExtensionOid.keyUsage, keyUsage],
  [ExtensionOid.basicConstraints, basicConstraints],
  [ExtensionOid.subjectAltName, subjectAltName],
  [ExtensionOid.nameConstraints, nameConstraints],
  [ExtensionOid.crlDistributionPoints, crlDistributionPoints],
  [ExtensionOid.authorityKeyIdentifier, authorityKeyIdentifier],
  [ExtensionOid.extendedKeyUsage, extendedKeyUsage],
  [ExtensionOid.subjectKeyIdentifier, subjectKeyIdentifier],
  [ExtensionOid.certificatePolicies, certificatePolicies],
  [ExtensionOid.authorityInfoAccess, authorityInfoAccess],
]);
