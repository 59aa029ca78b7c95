import { type CertificateSpec, type ExtensionSpec, keyAt } from "./certificate-spec.ts";
import { boundaryTime, odd, type Themes } from "./defects.ts";
import { leafNames, type ServerName, serverName } from "./server-names.ts";
import {
  authorityKeyIdentifier,
  basicConstraints,
  extendedKeyUsage,
  keyUsage,
  subjectAltName,
  subjectKeyIdentifier,
} from "./extension-specs.ts";
import { STRONG_KEYS, WEAK_KEYS } from "./keys.ts";
import { attribute, nameOf, type NameSpec } from "./names.ts";
import { type Random, randomFrom } from "./random.ts";

/** One question to a client: what was sent, what it trusts, whom it meant, when. */
export interface EstateCase {
  readonly seed: number;
  /** As sent, leaf first. */
  readonly chain: readonly CertificateSpec[];
  readonly anchors: readonly CertificateSpec[];
  readonly host: string | null;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** An authority: a name and a key; several certificates may speak of it. */
export interface Authority {
  readonly name: NameSpec;
  readonly key: number;
}

const DAY = 86_400_000;

/** A certificate without oddities, valid from a year before to a year after `at`. */
function plain(
  random: Random,
  at: number,
  role: "root" | "intermediate" | "leaf",
  subject: Authority,
  issuer: Authority,
  names: ServerName | null,
): CertificateSpec {
  const isCa = role !== "leaf";
  const isRoot = role === "root" && subject.key === issuer.key;
  const extensions: readonly (ExtensionSpec | null)[] = [
    isCa || random.chance(0.5) ? basicConstraints(isCa, null, isCa || random.chance(0.5)) : null,
    random.chance(0.85) ? keyUsage(isCa ? [5, 6] : [0, 2]) : null,
    role === "leaf" && random.chance(0.8)
      ? extendedKeyUsage(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"])
      : null,
    names === null || names.names.length === 0 ? null : subjectAltName(names.names),
    random.chance(0.8) ? subjectKeyIdentifier(keyAt(subject.key).identifier) : null,
    (isRoot ? random.chance(0.3) : random.chance(0.75))
      ? authorityKeyIdentifier({ key: keyAt(issuer.key).identifier })
      : null,
  ];
  return {
    label: role,
    version: 3,
    serial: Uint8Array.of(0x40 | random.below(0x3f), random.below(256), random.below(256)),
    issuer: issuer.name,
    subject: subject.name,
    key: subject.key,
    signer: issuer.key,
    hash: "sha256",
    notBefore: at - random.between(1, 400) * DAY,
    notAfter: at + random.between(1, 400) * DAY,
    extensions: extensions.filter((each) => each !== null),
    damage: "none",
  };
}

/** Makes the case of a seed around a moment (ms since 1970, whole seconds). */
export function estateCase(seed: number, around: number): EstateCase {
  const random = randomFrom(seed);
  const themes: Themes = {
    dates: random.chance(0.25),
    usages: random.chance(0.2),
    pathLength: random.chance(0.15),
    constraints: random.chance(0.22),
    policies: random.chance(0.12),
    identifiers: random.chance(0.2),
    names: random.chance(0.15),
    form: random.chance(0.12),
    algorithms: random.chance(0.12),
  };
  const keys = random.shuffle(random.chance(0.8) ? STRONG_KEYS.slice(0, 15) : STRONG_KEYS);
  let used = 0;
  const nextKey = (): number =>
    themes.algorithms && random.chance(0.25)
      ? random.pick(WEAK_KEYS)
      : (keys[used++ % keys.length] ?? 0);
  const authority = (title: string): Authority => ({
    name: nameOf(attribute("O", "Lab"), attribute("CN", title)),
    key: nextKey(),
  });
  const roots = Array.from({ length: random.between(1, 3) }, (_, i) => authority(`Root ${i}`));
  const middles = Array.from(
    { length: random.pick([0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 6, 7]) },
    (_, i) => authority(`Issuing ${i}`),
  );
  const names = serverName(random);
  const leaf: Authority = { name: names.subject, key: nextKey() };

  const make = (
    role: "root" | "intermediate" | "leaf",
    subject: Authority,
    issuer: Authority,
  ): CertificateSpec =>
    odd(plain(random, around, role, subject, issuer, role === "leaf" ? names : null), {
      random,
      themes,
      at: around,
      role,
      leafNames: leafNames(names),
      issuer,
    });

  const [home = leaf] = roots;
  const path: CertificateSpec[] = [];
  let issuer = home;
  for (const middle of middles) {
    path.unshift(make("intermediate", middle, issuer));
    issuer = middle;
  }
  const leafCertificate = make("leaf", leaf, random.chance(0.06) ? leaf : issuer);
  const rootCertificates = roots.map((root) => make("root", root, root));
  const strays = strayCertificates(random, { roots, middles, make, nextKey });
  const own = rootCertificates[0];

  let sent: readonly CertificateSpec[] = path;
  if (random.chance(0.12)) sent = sent.filter(() => random.chance(0.7));
  if (own !== undefined && random.chance(0.3)) sent = [...sent, own];
  if (random.chance(0.35)) sent = [...sent, ...strays.filter(() => random.chance(0.5))];
  if (sent.length > 0 && random.chance(0.1)) sent = [...sent, random.pick(sent)];
  if (random.chance(0.05)) sent = [...sent, leafCertificate];
  if (random.chance(0.3)) sent = random.shuffle(sent);

  const anchors = anchorsOf(random, {
    own,
    others: rootCertificates.slice(1),
    path,
    strays,
    leaf: leafCertificate,
  });
  const chain = [leafCertificate, ...sent].slice(0, 10);
  return {
    seed,
    chain,
    anchors,
    host: random.chance(0.07) ? null : names.host,
    at: themes.dates && random.chance(0.3) ? boundaryTime(random, [...chain, ...anchors]) : around,
  };
}

/** Cross-certificates, re-issued and re-keyed authorities, certificates of strangers. */
function strayCertificates(
  random: Random,
  parts: {
    readonly roots: readonly Authority[];
    readonly middles: readonly Authority[];
    readonly make: (
      role: "root" | "intermediate" | "leaf",
      subject: Authority,
      issuer: Authority,
    ) => CertificateSpec;
    readonly nextKey: () => number;
  },
): readonly CertificateSpec[] {
  const { roots, middles, make, nextKey } = parts;
  const authorities = [...roots, ...middles];
  return Array.from({ length: random.between(0, 4) }, () => {
    const subject = random.pick(authorities);
    const issuer = random.pick(random.chance(0.7) ? roots : authorities);
    switch (random.below(4)) {
      case 0:
        return make("root", subject, subject);
      case 1: {
        const rekeyed: Authority = { name: subject.name, key: nextKey() };
        return make("intermediate", rekeyed, random.chance(0.5) ? rekeyed : issuer);
      }
      default:
        return make("intermediate", subject, issuer);
    }
  });
}

function anchorsOf(
  random: Random,
  parts: {
    readonly own: CertificateSpec | undefined;
    readonly others: readonly CertificateSpec[];
    readonly path: readonly CertificateSpec[];
    readonly strays: readonly CertificateSpec[];
    readonly leaf: CertificateSpec;
  },
): readonly CertificateSpec[] {
  const { own, others, path, strays, leaf } = parts;
  const anchors = [
    ...(own !== undefined && random.chance(0.85) ? [own] : []),
    ...others.filter(() => random.chance(0.5)),
    ...(random.chance(0.15) ? path.filter(() => random.chance(0.4)) : []),
    ...(random.chance(0.25) ? strays.filter(() => random.chance(0.5)) : []),
    ...(random.chance(0.04) ? [leaf] : []),
  ];
  return random.chance(0.3) ? random.shuffle(anchors) : anchors;
}
