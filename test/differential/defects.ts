import type { CertificateSpec, ExtensionSpec } from "./certificate-spec.ts";
import { keyAt } from "./certificate-spec.ts";
import { randomConstraints } from "./constraint-specs.ts";
import type { Authority } from "./estate.ts";
import {
  authorityKeyIdentifier,
  basicConstraints,
  certificatePolicies,
  extendedKeyUsage,
  type GeneralNameSpec,
  inhibitAnyPolicy,
  keyUsage,
  netscapeCertType,
  policyConstraints,
  policyMappings,
  rawExtension,
  subjectAltName,
  subjectKeyIdentifier,
  unknownExtension,
} from "./extension-specs.ts";
import { type AttributeSpec, attribute, nameOf, type NameSpec } from "./names.ts";
import type { Random } from "./random.ts";

/** What may be odd in a case; each theme touches some of its certificates. */
export interface Themes {
  readonly dates: boolean;
  readonly usages: boolean;
  readonly pathLength: boolean;
  readonly constraints: boolean;
  readonly policies: boolean;
  readonly identifiers: boolean;
  readonly names: boolean;
  readonly form: boolean;
  readonly algorithms: boolean;
}

/** Circumstances of one certificate. */
export interface Circumstances {
  readonly random: Random;
  readonly themes: Themes;
  readonly at: number;
  readonly role: "root" | "intermediate" | "leaf";
  readonly leafNames: readonly GeneralNameSpec[];
  readonly issuer: Authority;
}

const DAY = 86_400_000;
const OID = {
  basicConstraints: "2.5.29.19",
  keyUsage: "2.5.29.15",
  extendedKeyUsage: "2.5.29.37",
  authority: "2.5.29.35",
  own: "2.5.29.14",
  names: "2.5.29.17",
} as const;

const without = (spec: CertificateSpec, identifier: string): CertificateSpec => ({
  ...spec,
  extensions: spec.extensions.filter(({ oid }) => oid !== identifier),
});

const withExtension = (spec: CertificateSpec, extension: ExtensionSpec): CertificateSpec => {
  const rest = without(spec, extension.oid);
  return { ...rest, extensions: [...rest.extensions, extension] };
};

/** The certificate with the oddities that the themes of its case bring. */
export function odd(spec: CertificateSpec, where: Circumstances): CertificateSpec {
  const { themes, random } = where;
  let changed = spec;
  for (const [theme, change] of CHANGES)
    if (themes[theme] && random.chance(theme === "policies" ? 0.8 : 0.35))
      changed = change(changed, where);
  return random.chance(0.012) ? { ...changed, damage: "signature" } : changed;
}

type Change = (spec: CertificateSpec, where: Circumstances) => CertificateSpec;

const CHANGES: readonly (readonly [keyof Themes, Change])[] = [
  ["dates", changeDates],
  ["usages", changeUsages],
  ["pathLength", changePathLength],
  ["constraints", changeConstraints],
  ["policies", changePolicies],
  ["identifiers", changeIdentifiers],
  ["names", changeNames],
  ["form", changeForm],
  ["algorithms", changeAlgorithms],
];

function changeDates(spec: CertificateSpec, { random, at }: Circumstances): CertificateSpec {
  return random.pick<CertificateSpec>([
    { ...spec, notAfter: at - random.between(1, 200) * DAY, notBefore: at - 300 * DAY },
    { ...spec, notBefore: at + random.between(1, 200) * DAY },
    { ...spec, notAfter: at },
    { ...spec, notBefore: at },
    { ...spec, notAfter: at - 1000 },
    { ...spec, notBefore: at + 1000 },
    { ...spec, notAfter: Date.UTC(2055, 0, 1) },
    { ...spec, notAfter: spec.notAfter + 30 * DAY },
  ]);
}

/** A moment at an end of some certificate, a second beside it, or in its middle by milliseconds. */
export function boundaryTime(random: Random, specs: readonly CertificateSpec[]): number {
  const { notBefore, notAfter } = random.pick(specs.length === 0 ? [] : specs);
  return random.pick([notBefore, notAfter]) + random.pick([-1000, 0, 0, 1000, 500, -500, 5]);
}

const PURPOSES = [
  ["1.3.6.1.5.5.7.3.2"],
  ["2.5.29.37.0"],
  ["1.3.6.1.5.5.7.3.4"],
  ["1.3.6.1.5.5.7.3.1"],
  ["1.3.6.1.5.5.7.3.2", "2.5.29.37.0"],
  ["1.3.6.1.4.1.311.10.3.3"],
  ["2.16.840.1.113730.4.1"],
  ["1.3.6.1.5.5.7.3.9", "1.3.6.1.4.1.99999.2"],
  [],
] as const;

function changeUsages(spec: CertificateSpec, { random, role }: Circumstances): CertificateSpec {
  const bits = random.pick([
    [],
    [0],
    [1],
    [2],
    [3],
    [4],
    [5],
    [6],
    [7],
    [8],
    [4, 7],
    [0, 2],
    [0, 5],
  ]);
  switch (random.below(6)) {
    case 0:
      return withExtension(spec, keyUsage(bits, random.chance(0.7)));
    case 1:
      return withExtension(spec, extendedKeyUsage(random.pick(PURPOSES), random.chance(0.3)));
    case 2:
      return withExtension(spec, netscapeCertType(random.pick([0x40, 0x80, 0x04, 0x02, 0x07, 0])));
    case 3:
      return without(spec, OID.keyUsage);
    case 4:
      return role === "leaf"
        ? withExtension(spec, basicConstraints(true, random.pick([null, 0])))
        : withExtension(spec, basicConstraints(false, null, random.chance(0.5)));
    default:
      return without(spec, random.pick([OID.basicConstraints, OID.extendedKeyUsage]));
  }
}

function changePathLength(spec: CertificateSpec, { random, role }: Circumstances): CertificateSpec {
  const length = random.pick([0, 0, 1, 1, 2, 3, 7]);
  return withExtension(
    spec,
    basicConstraints(role !== "leaf" || random.chance(0.2), length, random.chance(0.8)),
  );
}

function changeConstraints(spec: CertificateSpec, where: Circumstances): CertificateSpec {
  if (where.role === "leaf" && !where.random.chance(0.1)) return spec;
  return withExtension(spec, randomConstraints(where.random, where.leafNames));
}

const POLICIES = ["1.2.3.1", "1.2.3.2", "1.2.3.3", "2.5.29.32.0"] as const;

function changePolicies(spec: CertificateSpec, { random, role }: Circumstances): CertificateSpec {
  let changed = spec;
  if (random.chance(0.75)) {
    const policies = random.shuffle(POLICIES).slice(0, random.between(1, 3));
    changed = withExtension(changed, certificatePolicies(policies, random.chance(0.3)));
  }
  if (random.chance(0.35))
    changed = withExtension(
      changed,
      policyConstraints(random.pick([0, 0, 1, 2, null]), random.pick([null, null, 0, 1])),
    );
  if (role === "leaf" && !random.chance(0.05)) return changed;
  if (random.chance(0.25))
    changed = withExtension(
      changed,
      policyMappings(
        Array.from({ length: random.between(1, 2) }, () => [
          random.pick(random.chance(0.1) ? POLICIES : POLICIES.slice(0, 3)),
          random.pick(random.chance(0.1) ? POLICIES : POLICIES.slice(0, 3)),
        ]),
        random.chance(0.3),
      ),
    );
  if (random.chance(0.2))
    changed = withExtension(changed, inhibitAnyPolicy(random.pick([0, 0, 1, 2])));
  return changed;
}

function changeIdentifiers(
  spec: CertificateSpec,
  { random, issuer }: Circumstances,
): CertificateSpec {
  const key = keyAt(issuer.key).identifier;
  const wrong = Buffer.from("00112233", "hex");
  switch (random.below(7)) {
    case 0:
      return withExtension(spec, authorityKeyIdentifier({ key: wrong }));
    case 1:
      return withExtension(spec, subjectKeyIdentifier(wrong));
    case 2:
      return withExtension(spec, authorityKeyIdentifier({ key, serial: Uint8Array.of(1) }));
    case 3:
      return withExtension(
        spec,
        authorityKeyIdentifier({ issuer: issuer.name, serial: spec.serial }),
      );
    case 4:
      return withExtension(
        spec,
        authorityKeyIdentifier({
          key,
          issuer: nameOf(attribute("CN", "Nobody")),
          serial: spec.serial,
        }),
      );
    case 5:
      return withExtension(spec, authorityKeyIdentifier({}, random.chance(0.3)));
    default:
      return without(without(spec, OID.authority), OID.own);
  }
}

function respell(random: Random, name: NameSpec): NameSpec {
  const change = (each: AttributeSpec): AttributeSpec =>
    random.pick<AttributeSpec>([
      each,
      { ...each, text: each.text.toUpperCase() },
      { ...each, text: each.text.toLowerCase() },
      { ...each, text: ` ${each.text.replaceAll(" ", "  ")} ` },
      { ...each, as: random.pick(["printable", "teletex", "ia5", "bmp"]) },
      { ...each, as: "printable", text: each.text.toUpperCase() },
    ]);
  return name.map((rdn) => rdn.map(change));
}

/** Names that clients compare or print differently. */
const EXTRA: readonly AttributeSpec[] = [
  attribute("DC", "lab", "ia5"),
  attribute("DC", "Lab", "utf8"),
  attribute("serialNumber", "A-1", "printable"),
  attribute("title", "Root"),
  attribute("emailAddress", "ops@lab.example", "ia5"),
  attribute("emailAddress", "ops@LAB.example", "utf8"),
  attribute("UID", "u1"),
  attribute("C", "DE", "printable"),
  attribute("ST", "Straße"),
  attribute("L", 'a, b; c+d="e"'),
  attribute("OU", "#lead"),
  attribute("OU", "tail "),
  attribute("OU", ""),
  attribute("unknown", "x"),
  attribute("givenName", "Ann", "teletex"),
];

function changeNames(spec: CertificateSpec, { random, role }: Circumstances): CertificateSpec {
  switch (random.below(7)) {
    case 0:
    case 1:
      return { ...spec, issuer: respell(random, spec.issuer) };
    case 2:
      return { ...spec, subject: respell(random, spec.subject) };
    case 3:
      return role === "leaf"
        ? { ...spec, subject: [...spec.subject, [random.pick(EXTRA)]] }
        : { ...spec, subject: [[random.pick(EXTRA)], ...spec.subject] };
    case 4: {
      const [first, ...rest] = spec.subject;
      return { ...spec, subject: [[...(first ?? []), random.pick(EXTRA)], ...rest] };
    }
    case 5:
      return random.chance(0.3)
        ? { ...spec, issuer: [] }
        : { ...spec, issuer: spec.issuer.slice(1) };
    default:
      return { ...spec, subject: [] };
  }
}

function changeForm(spec: CertificateSpec, { random }: Circumstances): CertificateSpec {
  switch (random.below(14)) {
    case 0:
      return { ...spec, version: 1, extensions: [] };
    case 1:
      return { ...spec, version: random.pick([1, 2]) };
    case 2:
      return { ...spec, version: 2, extensions: [] };
    case 3:
      return withExtension(spec, unknownExtension(true));
    case 4:
      return withExtension(spec, unknownExtension(false));
    case 5: {
      const twice = spec.extensions[0];
      return twice === undefined ? spec : { ...spec, extensions: [...spec.extensions, twice] };
    }
    case 6:
      return { ...spec, damage: "inner-algorithm" };
    case 7:
      return { ...spec, extensions: [] };
    case 8:
      return {
        ...spec,
        serial: random.pick([Uint8Array.of(0), Uint8Array.of(0x80), new Uint8Array(22).fill(0x11)]),
      };
    case 9:
      return {
        ...spec,
        extensions: spec.extensions.map((each) => ({ ...each, critical: !each.critical })),
      };
    case 10: {
      const oid = random.pick(Object.values(OID));
      const junk = random.pick([Uint8Array.of(), Uint8Array.of(0x30, 5, 1), Uint8Array.of(5, 0)]);
      return withExtension(spec, rawExtension(oid, random.chance(0.5), junk, `junk in ${oid}`));
    }
    case 11: {
      const name = random.pick<GeneralNameSpec>([
        { kind: "raw", tag: 0x87, octets: [1, 2, 3] },
        { kind: "raw", tag: 0x82, octets: [0x77, 0xff] },
        { kind: "raw", tag: 0x8b, octets: [1] },
        { kind: "raw", tag: 0x86, octets: [0x78] },
        { kind: "dns", text: "" },
        { kind: "dns", text: " " },
        { kind: "email", text: "nobody" },
        { kind: "uri", text: "//no-scheme" },
      ]);
      return withExtension(spec, subjectAltName([name], random.chance(0.3)));
    }
    case 12:
      return withExtension(spec, subjectAltName([], random.chance(0.5)));
    default:
      return { ...spec, extensions: spec.extensions.slice(1) };
  }
}

function changeAlgorithms(spec: CertificateSpec, { random }: Circumstances): CertificateSpec {
  return { ...spec, hash: random.pick(["sha1", "md5", "sha224", "sha384", "sha512", "pss"]) };
}
