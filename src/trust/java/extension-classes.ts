import type { Certificate } from "../../x509/certificate.ts";
import { ExtensionOid } from "../../x509/oids.ts";
import {
  type DerValue,
  isConstructed,
  isContext,
  JavaParseError,
  onlyValue,
  valuesIn,
} from "./der-value.ts";
import { readGeneralNames } from "./general-names.ts";
import { checkConstraintsEncoding } from "./name-constraints.ts";

type Extension = Certificate["extensions"][number];

/** Reads an extension as the class that the JDK keeps for it; one that it has no class for is fine. @throws {JavaParseError} */
export function checkExtensionClass({ oid, critical, value }: Extension): void {
  switch (oid) {
    case ExtensionOid.basicConstraints:
      return checkBasicConstraints(value);
    case ExtensionOid.keyUsage:
      return checkKeyUsage(value);
    case ExtensionOid.extendedKeyUsage:
      return checkPurposes(value);
    case ExtensionOid.subjectAltName:
    case ExtensionOid.issuerAltName:
      readGeneralNames(onlyValue(value));
      return;
    case ExtensionOid.nameConstraints:
      return checkConstraintsEncoding(value);
    case ExtensionOid.authorityKeyIdentifier:
      return checkAuthorityKeyIdentifier(value);
    case ExtensionOid.subjectKeyIdentifier:
      return checkOctets(onlyValue(value));
    case ExtensionOid.inhibitAnyPolicy:
      if (!critical) throw new JavaParseError("Criticality cannot be false for InhibitAnyPolicy");
      if (onlyValue(value).tag !== 2)
        throw new JavaParseError("Invalid encoding of InhibitAnyPolicy: data not integer");
      return;
    default:
      return;
  }
}

function checkBasicConstraints(bytes: Uint8Array): void {
  const value = onlyValue(bytes);
  if (value.tag !== 0x30) throw new JavaParseError("Invalid encoding of BasicConstraints");
  const [ca, pathLength] = valuesIn(value.content);
  if (ca?.tag === 1 && pathLength !== undefined && pathLength.tag !== 2)
    throw new JavaParseError("Invalid encoding of BasicConstraints");
}

function checkKeyUsage(bytes: Uint8Array): void {
  if (bytes.length === 0) {
    const cause = "java.lang.ArrayIndexOutOfBoundsException: Index 0 out of bounds for length 0";
    throw new JavaParseError(cause, { causes: [cause] });
  }
  const value = onlyValue(bytes);
  if (value.tag !== 3)
    throw new JavaParseError(`DerValue.getBitString, not a bit string ${signed(value.tag)}`);
}

/** Java prints tags as signed octets. */
const signed = (tag: number): number => (tag << 24) >> 24;

function checkPurposes(bytes: Uint8Array): void {
  const value = onlyValue(bytes);
  if (value.tag !== 0x30)
    throw new JavaParseError("Invalid encoding for ExtendedKeyUsageExtension.");
  for (const { tag } of valuesIn(value.content))
    if (tag !== 6) throw new JavaParseError(`DerValue.getOID, not an OID ${signed(tag)}`);
}

function checkOctets({ tag }: DerValue): void {
  if (tag !== 4 && tag !== 0x24)
    throw new JavaParseError(`DerValue.getOctetString, not an Octet String: ${signed(tag)}`);
}

function checkAuthorityKeyIdentifier(bytes: Uint8Array): void {
  const value = onlyValue(bytes);
  if (value.tag !== 0x30)
    throw new JavaParseError("Invalid encoding for AuthorityKeyIdentifierExtension.");
  const seen = new Set<number>();
  for (const part of valuesIn(value.content)) {
    const number = part.tag & 0x1f;
    const isNames = number === 1;
    if (number > 2 || !isContext(part, number) || isConstructed(part) !== isNames)
      throw new JavaParseError("Invalid encoding of AuthorityKeyIdentifierExtension.");
    if (seen.has(number))
      throw new JavaParseError(`Duplicate ${PARTS[number] ?? ""} in AuthorityKeyIdentifier.`);
    seen.add(number);
    if (isNames) readGeneralNames({ tag: 0x30, content: part.content });
  }
}

const PARTS = ["KeyIdentifier", "GeneralNames", "SerialNumber"] as const;
