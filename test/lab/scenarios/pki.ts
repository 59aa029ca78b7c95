import { internCertificate } from "../../../src/x509/certificate-cache.ts";
import type { Certificate } from "../../../src/x509/certificate.ts";
import {
  type CertificateSpec,
  encodeCertificate,
  type ExtensionSpec,
  keyAt,
} from "../../differential/certificate-spec.ts";
import {
  authorityKeyIdentifier,
  basicConstraints,
  extendedKeyUsage,
  type GeneralNameSpec,
  keyUsage,
  subjectAltName,
  subjectKeyIdentifier,
} from "../../differential/extension-specs.ts";
import { KEYS } from "../../differential/keys.ts";
import { attribute, nameOf, type NameSpec } from "../../differential/names.ts";

const DAY = 86_400_000;

/** Name that clients mean, unless a scenario says otherwise. */
export const HOST = "service.lab.example";

/** Dotted purposes of extendedKeyUsage. */
export const PURPOSES = { server: "1.3.6.1.5.5.7.3.1", client: "1.3.6.1.5.5.7.3.2" } as const;

/** Numbers of the bits of keyUsage (RFC 5280 section 4.2.1.3). */
export const USAGES = {
  digitalSignature: 0,
  keyEncipherment: 2,
  keyCertSign: 5,
  cRLSign: 6,
} as const;

/** A name with an organisation and a common name. */
export const labName = (commonName: string): NameSpec =>
  nameOf(attribute("O", "Lab"), attribute("CN", commonName));

/** Position of a key in the pool by its label, e.g. `p256-3`, `rsa-2048-0`, `rsa-1024`, `p224`. */
export function keyCalled(label: string): number {
  const position = KEYS.findIndex((key) => key.label === label);
  if (position < 0) throw new Error(`The pool has no key ${label}`);
  return position;
}

/** What a certificate of the lab says; everything has a default. */
export interface Wishes {
  /** Label of the key in the pool. @default a P-256 key that stands for the name */
  readonly key?: string;
  readonly subject?: NameSpec;
  /** Days from now. @default -100 */
  readonly from?: number;
  /** Days from now. @default 300 for leaves, 3000 for authorities */
  readonly until?: number;
  /** subjectAltName of a leaf: DNS names or GeneralNames. @default its host */
  readonly names?: readonly (string | GeneralNameSpec)[];
  /** Null leaves basicConstraints out. @default `{ ca: true }` for authorities, none for leaves */
  readonly constraints?: { readonly ca: boolean; readonly pathLength?: number } | null;
  /** Bits of keyUsage; null leaves it out. */
  readonly usages?: readonly number[] | null;
  /** Dotted purposes; null leaves extendedKeyUsage out. @default server for leaves, none for authorities */
  readonly purposes?: readonly string[] | null;
  /** Whether key identifiers are written. @default true */
  readonly identifiers?: boolean;
  /** Extensions added at the end. */
  readonly extensions?: readonly ExtensionSpec[];
  readonly hash?: CertificateSpec["hash"];
  readonly damage?: CertificateSpec["damage"];
  readonly version?: CertificateSpec["version"];
}

/** Keys by common name, so that a name keeps its key until a scenario asks for another. */
const keysOf = new Map<string, number>();

function keyFor(name: string): number {
  let key = keysOf.get(name);
  if (key === undefined) {
    const curve = 14;
    key = keysOf.size % curve;
    keysOf.set(name, key);
  }
  return key;
}

let serials = 0;

function make(
  role: "root" | "intermediate" | "leaf",
  name: string,
  issuer: CertificateSpec | null,
  wishes: Wishes,
): CertificateSpec {
  const isCa = role !== "leaf";
  const key = wishes.key === undefined ? keyFor(name) : keyCalled(wishes.key);
  const subject = wishes.subject ?? labName(name);
  const signer = issuer?.key ?? key;
  const constraints =
    wishes.constraints === undefined ? (isCa ? { ca: true } : null) : wishes.constraints;
  const usages =
    wishes.usages === undefined
      ? isCa
        ? [USAGES.keyCertSign, USAGES.cRLSign]
        : [USAGES.digitalSignature, USAGES.keyEncipherment]
      : wishes.usages;
  const purposes =
    wishes.purposes === undefined ? (isCa ? null : [PURPOSES.server]) : wishes.purposes;
  const names = (wishes.names ?? (isCa ? [] : [name])).map((each): GeneralNameSpec =>
    typeof each === "string" ? { kind: "dns", text: each } : each,
  );
  const identifiers = wishes.identifiers !== false;
  serials++;
  const now = Math.floor(Date.now() / 1000) * 1000;
  const extensions: readonly (ExtensionSpec | null)[] = [
    constraints === null ? null : basicConstraints(constraints.ca, constraints.pathLength ?? null),
    usages === null ? null : keyUsage(usages),
    purposes === null ? null : extendedKeyUsage(purposes),
    names.length === 0 ? null : subjectAltName(names),
    identifiers ? subjectKeyIdentifier(keyAt(key).identifier) : null,
    identifiers && issuer !== null
      ? authorityKeyIdentifier({ key: keyAt(signer).identifier })
      : null,
    ...(wishes.extensions ?? []),
  ];
  const isBare = wishes.version !== undefined && wishes.version < 3;
  return {
    label: `${role} ${name}`,
    version: wishes.version ?? 3,
    serial: Uint8Array.of(0x40, serials >> 8, serials & 0xff),
    issuer: issuer?.subject ?? subject,
    subject,
    key,
    signer,
    hash: wishes.hash ?? "sha256",
    notBefore: now + (wishes.from ?? -100) * DAY,
    notAfter: now + (wishes.until ?? (isCa ? 3000 : 300)) * DAY,
    extensions: isBare ? [] : extensions.filter((each) => each !== null),
    damage: wishes.damage ?? "none",
  };
}

/** A self-signed authority. */
export const root = (name: string, wishes: Wishes = {}): CertificateSpec =>
  make("root", name, null, wishes);

/** An authority below another one; with the name and key of a root it is a cross-certificate. */
export const intermediate = (
  name: string,
  issuer: CertificateSpec,
  wishes: Wishes = {},
): CertificateSpec => make("intermediate", name, issuer, wishes);

/** A server's certificate. */
export const leaf = (
  issuer: CertificateSpec,
  wishes: Wishes & { readonly host?: string } = {},
): CertificateSpec => make("leaf", wishes.host ?? HOST, issuer, wishes);

/** A server's certificate that signs itself. */
export const selfSigned = (wishes: Wishes & { readonly host?: string } = {}): CertificateSpec =>
  make("leaf", wishes.host ?? HOST, null, wishes);

/** The usual estate: a root, an authority below it, and the server's certificate. */
export interface Hierarchy {
  readonly root: CertificateSpec;
  readonly issuing: CertificateSpec;
  readonly leaf: CertificateSpec;
}

/** A hierarchy of its own for each title. */
export function hierarchy(title: string, wishes: Wishes = {}): Hierarchy {
  const top = root(`${title} Root`);
  const issuing = intermediate(`${title} Issuing`, top);
  return { root: top, issuing, leaf: leaf(issuing, wishes) };
}

/** PEM text of certificates. */
export const pemOf = (...specs: readonly CertificateSpec[]): string =>
  specs.map((spec) => pemBlock(encodeCertificate(spec))).join("");

/** One PEM block. */
export function pemBlock(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

/** PEM text of the private key of a certificate. */
export const keyPemOf = (spec: CertificateSpec): string =>
  keyAt(spec.key).privateKey.export({ type: "pkcs8", format: "pem" }).toString();

/** A certificate as the product reads it, for its fingerprint. @throws {Error} when it does not parse */
export function parsed(spec: CertificateSpec): Certificate {
  const certificate = internCertificate(encodeCertificate(spec));
  if (!certificate.ok) throw new Error(`${spec.label}: ${certificate.error.message}`);
  return certificate.value;
}
