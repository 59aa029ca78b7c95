import type { Certificate } from "./certificate.ts";
import { readOid, readSmallInteger } from "./der-values.ts";
import { DerError, type DerReader, inside, onlyElement, Tag } from "./der.ts";
import type { Decoded } from "./extensions.ts";
import { ExtensionOid } from "./oids.ts";

/** anyPolicy (RFC 5280 section 4.2.1.4). */
export const ANY_POLICY = "2.5.29.32.0";

/** One member of certificatePolicies (RFC 5280 section 4.2.1.4). */
export interface PolicyInformation {
  readonly policy: string;
  readonly hasQualifiers: boolean;
}

/** One pair of policyMappings (RFC 5280 section 4.2.1.5). */
export interface PolicyMapping {
  readonly issuerDomain: string;
  readonly subjectDomain: string;
}

/** policyConstraints (RFC 5280 section 4.2.1.11); null where the number is absent. */
export interface PolicyConstraints {
  readonly requireExplicitPolicy: number | null;
  readonly inhibitPolicyMapping: number | null;
}

const MAX_POLICIES = 1000;

/** Everything about policies that one certificate says. */
export interface PolicyExtensions {
  readonly policies: Decoded<readonly PolicyInformation[]>;
  readonly mappings: Decoded<readonly PolicyMapping[]>;
  readonly constraints: Decoded<PolicyConstraints>;
  /** inhibitAnyPolicy (RFC 5280 section 4.2.1.14): certificates below that may still use anyPolicy. */
  readonly inhibitAnyPolicy: Decoded<number>;
}

const memory = new WeakMap<Certificate, PolicyExtensions>();

/** The policy extensions of a certificate, decoded once. */
export function policyExtensions(certificate: Certificate): PolicyExtensions {
  let known = memory.get(certificate);
  if (known === undefined) {
    known = {
      policies: decode(certificate, ExtensionOid.certificatePolicies, readPolicies),
      mappings: decode(certificate, ExtensionOid.policyMappings, readMappings),
      constraints: decode(certificate, ExtensionOid.policyConstraints, readConstraints),
      inhibitAnyPolicy: decode(certificate, ExtensionOid.inhibitAnyPolicy, (value) =>
        readSmallInteger(onlyElement(value, Tag.integer, "InhibitAnyPolicy")),
      ),
    };
    memory.set(certificate, known);
  }
  return known;
}

function decode<T>(
  { extensions }: Certificate,
  oid: string,
  read: (value: Uint8Array) => T,
): Decoded<T> {
  const extension = extensions.find((each) => each.oid === oid);
  if (extension === undefined) return { state: "absent" };
  const { critical, value } = extension;
  try {
    return { state: "present", critical, value: read(value) };
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return { state: "malformed", critical, message: error.message };
  }
}

function readPolicies(value: Uint8Array): readonly PolicyInformation[] {
  return readPairs(value, "CertificatePolicies", (pair) => {
    const policy = readOid(pair.expect(Tag.oid, "a policy"));
    const hasQualifiers = pair.optional(Tag.sequence) !== undefined;
    return { policy, hasQualifiers };
  });
}

function readMappings(value: Uint8Array): readonly PolicyMapping[] {
  return readPairs(value, "PolicyMappings", (pair) => ({
    issuerDomain: readOid(pair.expect(Tag.oid, "an issuer domain policy")),
    subjectDomain: readOid(pair.expect(Tag.oid, "a subject domain policy")),
  }));
}

function readPairs<T>(value: Uint8Array, what: string, read: (pair: DerReader) => T): readonly T[] {
  const list = inside(onlyElement(value, Tag.sequence, what));
  const found: T[] = [];
  while (!list.done) {
    if (found.length >= MAX_POLICIES)
      throw new DerError("value-invalid", list.offset, `${what} has too many members`);
    const pair = list.enter(Tag.sequence, what);
    found.push(read(pair));
    pair.finish(what);
  }
  return found;
}

function readConstraints(value: Uint8Array): PolicyConstraints {
  const reader = inside(onlyElement(value, Tag.sequence, "PolicyConstraints"));
  const explicit = reader.optional(0x80);
  const inhibit = reader.optional(0x81);
  reader.finish("PolicyConstraints");
  return {
    requireExplicitPolicy: explicit === undefined ? null : readSmallInteger(explicit),
    inhibitPolicyMapping: inhibit === undefined ? null : readSmallInteger(inhibit),
  };
}
