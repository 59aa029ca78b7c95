import { checkEnd, type Note } from "./anomaly-note.ts";
import type { Certificate } from "./certificate.ts";
import { type Element, inside, Tag } from "./der.ts";
import {
  authorityInfoAccess,
  authorityKeyIdentifier,
  basicConstraints,
  type Decoded,
  extendedKeyUsage,
  keyUsage,
  nameConstraints,
  netscapeCertType,
  subjectAltName,
  subjectKeyIdentifier,
  valueOf,
} from "./extensions.ts";
import { parseAddress } from "./general-name.ts";
import { ExtensionOid } from "./oids.ts";
import { oidText } from "./der-values.ts";

const DECODERS: ReadonlyMap<string, (certificate: Certificate) => Decoded<unknown>> = new Map<
  string,
  (certificate: Certificate) => Decoded<unknown>
>([
  [ExtensionOid.basicConstraints, basicConstraints],
  [ExtensionOid.keyUsage, keyUsage],
  [ExtensionOid.extendedKeyUsage, extendedKeyUsage],
  [ExtensionOid.subjectAltName, subjectAltName],
  [ExtensionOid.subjectKeyIdentifier, subjectKeyIdentifier],
  [ExtensionOid.authorityKeyIdentifier, authorityKeyIdentifier],
  [ExtensionOid.nameConstraints, nameConstraints],
  [ExtensionOid.authorityInfoAccess, authorityInfoAccess],
  [ExtensionOid.netscapeCertType, netscapeCertType],
]);

/** Notes what is odd about the extensions of a certificate that can be read. */
export function extensionAnomalies(wrapped: Element, certificate: Certificate, note: Note): void {
  const outer = inside(wrapped);
  const list = outer.enter(Tag.sequence, "Extensions");
  if (list.done) note("empty-extensions", wrapped.start);
  const seen = new Set<string>();
  while (!list.done) {
    const extension = list.next();
    const reader = inside(extension);
    const { buffer, start, content, end } = reader.next();
    const oid = oidText(buffer, start, content, end);
    if (seen.has(oid)) note("duplicate-extension", extension.start);
    else if (DECODERS.get(oid)?.(certificate).state === "malformed")
      note("extension-malformed", extension.start);
    seen.add(oid);
    const flag = reader.optional(Tag.boolean);
    if (flag !== undefined) {
      const octet = flag.buffer[flag.content];
      if (octet === 0) note("default-encoded", flag.start);
      else if (octet !== 0xff) note("boolean-not-canonical", flag.start);
    }
    const value = reader.next();
    if (value.tag !== Tag.octetString) note("constructed-string", value.start);
    if (oid === ExtensionOid.subjectAltName && hasOddName(certificate))
      note("general-name", extension.start);
    checkEnd(reader, note);
  }
  checkEnd(outer, note);
}

/** Names whose form does not fit their kind: addresses of other lengths, addresses and blanks as DNS names. */
function hasOddName(certificate: Certificate): boolean {
  const names = valueOf(subjectAltName(certificate)) ?? [];
  return names.some((name) => {
    switch (name.kind) {
      case "ip":
        return name.value.length !== 4 && name.value.length !== 16;
      case "dns":
        return parseAddress(name.value) !== null || !/^[!-~]+$/.test(name.value);
      case "uri":
        return !/^[A-Za-z][A-Za-z0-9+.-]*:/.test(name.value);
      case "email":
        return !/^[!-~]+@[!-~]+$/.test(name.value);
      case "directory":
      case "registered-id":
      case "other":
      case "x400":
      case "edi-party":
        return false;
    }
  });
}
