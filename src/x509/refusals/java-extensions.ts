import { Tag } from "../der.ts";
import { ExtensionOid } from "../oids.ts";
import { checkJavaGeneralName, checkJavaNames, checkJavaRdn } from "./java-names.ts";
import { JavaException } from "./java-exception.ts";
import { checkJavaTime } from "./java-time.ts";
import {
  javaBits,
  javaBoolean,
  javaInteger,
  javaOctets,
  javaOid,
  type JavaRelease,
  javaSmallInteger,
  JavaValue,
} from "./java-values.ts";

/** Reads the value of one extension as the class that the JDK registers for it. @throws {JavaException} */
type Check = (
  value: Uint8Array,
  how: { readonly critical: boolean; readonly release: JavaRelease },
) => void;

const sequence = (value: Uint8Array, text: string, release: JavaRelease): JavaValue => {
  const outer = JavaValue.of(value, release);
  if (outer.tag !== Tag.sequence) throw new JavaException(text);
  return outer;
};

const each = (container: JavaValue, check: (value: JavaValue) => void): void => {
  while (container.available !== 0) check(container.next());
};

/** Fails when a field comes twice. */
function once(seen: Set<string>, field: string, text: string): void {
  if (seen.has(field)) throw new JavaException(text);
  seen.add(field);
}

const authorityKeyIdentifier: Check = (value, { release }) => {
  const outer = sequence(value, "Invalid encoding for AuthorityKeyIdentifierExtension.", release);
  const seen = new Set<string>();
  each(outer, (field) => {
    if (field.isContext(0) && !field.isConstructed) {
      once(seen, "id", "Duplicate KeyIdentifier in AuthorityKeyIdentifier.");
      javaOctets(field.as(Tag.octetString));
    } else if (field.isContext(1) && field.isConstructed) {
      once(seen, "names", "Duplicate GeneralNames in AuthorityKeyIdentifier.");
      checkJavaNames(field.as(Tag.sequence));
    } else if (field.isContext(2) && !field.isConstructed) {
      once(seen, "serial", "Duplicate SerialNumber in AuthorityKeyIdentifier.");
      javaInteger(field.as(Tag.integer));
    } else throw new JavaException("Invalid encoding of AuthorityKeyIdentifierExtension.");
  });
};

const keyUsage: Check = (value, { release }) => {
  if (value.length === 0)
    throw new JavaException("Index 0 out of bounds for length 0", {
      type: "java.lang.ArrayIndexOutOfBoundsException",
    });
  const inner = value[0] === Tag.octetString ? javaOctets(JavaValue.of(value, release)) : value;
  javaBits(JavaValue.of(inner, release));
};

const basicConstraints: Check = (value, { release }) => {
  const outer = sequence(value, "Invalid encoding of BasicConstraints", release);
  if (outer.available === 0) return;
  const flag = outer.next();
  if (flag.tag !== Tag.boolean) return;
  javaBoolean(flag);
  if (outer.available === 0) return;
  const length = outer.next();
  if (length.tag !== Tag.integer) throw new JavaException("Invalid encoding of BasicConstraints");
  javaSmallInteger(length);
};

const nameConstraints: Check = (value, { release }) => {
  const outer = sequence(value, "Invalid encoding for NameConstraintsExtension.", release);
  const seen = new Set<string>();
  each(outer, (field) => {
    const isPermitted = field.isContext(0);
    if ((!isPermitted && !field.isContext(1)) || !field.isConstructed)
      throw new JavaException("Invalid encoding of NameConstraintsExtension.");
    const list = isPermitted ? "permitted" : "excluded";
    once(seen, list, `Duplicate ${list} GeneralSubtrees in NameConstraintsExtension.`);
    each(field.as(Tag.sequence), (subtree) => checkSubtree(subtree));
  });
};

function checkSubtree(subtree: JavaValue): void {
  if (subtree.tag !== Tag.sequence) throw new JavaException("Invalid encoding for GeneralSubtree.");
  checkJavaGeneralName(subtree.next(), true);
  each(subtree, (field) => {
    if ((!field.isContext(0) && !field.isContext(1)) || field.isConstructed)
      throw new JavaException("Invalid encoding of GeneralSubtree.");
    javaSmallInteger(field.as(Tag.integer));
  });
}

const certificatePolicies: Check = (value, { release }) => {
  each(sequence(value, "Invalid encoding for CertificatePoliciesExtension.", release), (policy) => {
    const invalid = "Invalid encoding of PolicyInformation";
    if (policy.tag !== Tag.sequence) throw new JavaException(invalid);
    javaOid(policy.next());
    if (policy.available === 0) return;
    const qualifiers = policy.next();
    if (qualifiers.tag !== Tag.sequence) throw new JavaException(invalid);
    if (qualifiers.available === 0)
      throw new JavaException("No data available in policyQualifiers");
    each(qualifiers, checkQualifier);
  });
};

/** java.security.cert.PolicyQualifierInfo. */
function checkQualifier(qualifier: JavaValue): void {
  if (qualifier.tag !== Tag.sequence)
    throw new JavaException("Invalid encoding for PolicyQualifierInfo");
  javaOid(qualifier.next());
}

const policyMappings: Check = (value, { release }) => {
  each(sequence(value, "Invalid encoding for PolicyMappingsExtension.", release), (mapping) => {
    if (mapping.tag !== Tag.sequence)
      throw new JavaException("Invalid encoding for CertificatePolicyMap");
    javaOid(mapping.next());
    javaOid(mapping.next());
  });
};

const policyConstraints: Check = (value, { release }) => {
  const outer = sequence(value, "Sequence tag missing for PolicyConstraint.", release);
  const found: [number, number] = [-1, -1];
  const names = ["requireExplicitPolicy", "inhibitPolicyMapping"] as const;
  each(outer, (field) => {
    const index = field.isContext(0) ? 0 : field.isContext(1) ? 1 : null;
    if (index === null || field.isConstructed)
      throw new JavaException("Invalid encoding of PolicyConstraint");
    if (found[index] !== -1)
      throw new JavaException(`Duplicate ${names[index]} found in the PolicyConstraintsExtension`);
    found[index] = javaSmallInteger(field.as(Tag.integer));
  });
};

const inhibitAnyPolicy: Check = (value, { critical, release }) => {
  if (!critical) throw new JavaException("Criticality cannot be false for InhibitAnyPolicy");
  const number = JavaValue.of(value, release);
  if (number.tag !== Tag.integer)
    throw new JavaException("Invalid encoding of InhibitAnyPolicy: data not integer");
  if (javaSmallInteger(number) < -1) throw new JavaException("Invalid value for skipCerts");
};

const distributionPoints =
  (name: string): Check =>
  (value, { release }) => {
    each(sequence(value, `Invalid encoding for ${name} extension.`, release), (point) => {
      if (point.tag !== Tag.sequence)
        throw new JavaException("Invalid encoding of DistributionPoint.");
      checkPoint(point);
    });
  };

function checkPoint(point: JavaValue): void {
  const seen = new Set<string>();
  each(point, (field) => {
    if (field.isContext(0) && field.isConstructed) {
      once(seen, "name", "Duplicate DistributionPointName in DistributionPoint.");
      const inner = field.next();
      if (inner.isContext(0) && inner.isConstructed) checkJavaNames(inner.as(Tag.sequence));
      else if (inner.isContext(1) && inner.isConstructed) checkJavaRdn(inner.as(Tag.set));
      else throw new JavaException("Invalid DistributionPointName in DistributionPoint");
    } else if (field.isContext(1) && !field.isConstructed) {
      once(seen, "reasons", "Duplicate Reasons in DistributionPoint.");
      javaBits(field.as(Tag.bitString));
    } else if (field.isContext(2) && field.isConstructed) {
      once(seen, "issuer", "Duplicate CRLIssuer in DistributionPoint.");
      checkJavaNames(field.as(Tag.sequence));
    } else throw new JavaException("Invalid encoding of DistributionPoint.");
  });
  if (!seen.has("name") && !seen.has("issuer"))
    throw new JavaException("One of fullName, relativeName,  and crlIssuer has to be set");
}

const accessDescriptions =
  (name: string): Check =>
  (value, { release }) => {
    each(sequence(value, `Invalid encoding for ${name}.`, release), (description) => {
      javaOid(description.next());
      checkJavaGeneralName(description.next());
    });
  };

const privateKeyUsage: Check = (value, { release }) => {
  const seen = new Set<string>();
  for (const field of JavaValue.of(value, release).all(Tag.sequence)) {
    const which = field.isContext(0) ? "notBefore" : field.isContext(1) ? "notAfter" : null;
    if (which === null || field.isConstructed)
      throw new JavaException("Invalid encoding of PrivateKeyUsageExtension");
    if (seen.has(which))
      throw new JavaException(`Duplicate ${which} in PrivateKeyUsage.`, {
        type: "java.security.cert.CertificateParsingException",
      });
    seen.add(which);
    checkJavaTime(field.as(Tag.generalizedTime));
  }
};

const altNames: Check = (value, { release }) => {
  checkJavaNames(JavaValue.of(value, release));
};

/** IssuingDistributionPointExtension: an extension of revocation lists, decoded wherever it stands. */
const issuingDistributionPoint: Check = (value, { release }) => {
  each(
    sequence(value, "Invalid encoding for IssuingDistributionPointExtension.", release),
    (field) => {
      const number = (field.tag & 0xc0) === 0x80 ? field.tag & 0x1f : -1;
      if (number === 0 && field.isConstructed) checkPointName(field.next());
      else if (number === 3 && !field.isConstructed) javaBits(field.as(Tag.bitString));
      else if ([1, 2, 4, 5].includes(number) && !field.isConstructed) javaBoolean(field);
      else throw new JavaException("Invalid encoding of IssuingDistributionPoint");
    },
  );
};

function checkPointName(name: JavaValue): void {
  if (name.isContext(0) && name.isConstructed) checkJavaNames(name.as(Tag.sequence));
  else if (name.isContext(1) && name.isConstructed) checkJavaRdn(name.as(Tag.set));
  else throw new JavaException("Invalid encoding for DistributionPointName");
}

/** The extensions that the JDK decodes while it reads a certificate (sun.security.x509.OIDMap). */
export const JAVA_EXTENSIONS: ReadonlyMap<string, Check> = new Map<string, Check>([
  [
    ExtensionOid.subjectKeyIdentifier,
    (value, { release }) => javaOctets(JavaValue.of(value, release)),
  ],
  [ExtensionOid.keyUsage, keyUsage],
  ["2.5.29.16", privateKeyUsage],
  [ExtensionOid.subjectAltName, altNames],
  [ExtensionOid.issuerAltName, altNames],
  [ExtensionOid.basicConstraints, basicConstraints],
  ["2.5.29.20", (value, { release }) => javaInteger(JavaValue.of(value, release))],
  ["2.5.29.21", checkReasonCode],
  [ExtensionOid.nameConstraints, nameConstraints],
  [ExtensionOid.policyMappings, policyMappings],
  [ExtensionOid.authorityKeyIdentifier, authorityKeyIdentifier],
  [ExtensionOid.policyConstraints, policyConstraints],
  [ExtensionOid.netscapeCertType, (value, { release }) => javaBits(JavaValue.of(value, release))],
  [ExtensionOid.certificatePolicies, certificatePolicies],
  [
    ExtensionOid.extendedKeyUsage,
    (value, { release }) =>
      each(sequence(value, "Invalid encoding for ExtendedKeyUsageExtension.", release), (usage) =>
        javaOid(usage),
      ),
  ],
  [ExtensionOid.inhibitAnyPolicy, inhibitAnyPolicy],
  [ExtensionOid.crlDistributionPoints, distributionPoints("CRLDistributionPoints")],
  ["2.5.29.28", issuingDistributionPoint],
  ["2.5.29.29", altNames],
  ["1.3.6.1.5.5.7.1.11", accessDescriptions("SubjectInfoAccessExtension")],
  [ExtensionOid.authorityInfoAccess, accessDescriptions("AuthorityInfoAccessExtension")],
  ["2.5.29.27", (value, { release }) => javaInteger(JavaValue.of(value, release))],
  ["2.5.29.46", distributionPoints("FreshestCRL")],
  ["1.3.6.1.5.5.7.48.1.5", () => undefined],
]);

/** CRLReasonCodeExtension: an ENUMERATED of 32 bits. */
function checkReasonCode(value: Uint8Array, { release }: { readonly release: JavaRelease }): void {
  const reason = JavaValue.of(value, release);
  if (reason.tag !== 0x0a)
    throw new JavaException(`DerValue.getBigIntegerInternal, not expected ${reason.printedTag}`);
  javaSmallInteger(reason.as(Tag.integer));
}
