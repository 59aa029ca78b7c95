import type { GeneralNameSpec } from "./extension-specs.ts";
import { attribute, nameOf, type NameSpec } from "./names.ts";
import type { Random } from "./random.ts";

/** Whom a client means, and what the server's certificate says about itself. */
export interface ServerName {
  readonly host: string;
  readonly subject: NameSpec;
  /** subjectAltName; empty leaves the extension out. */
  readonly names: readonly GeneralNameSpec[];
}

const dns = (text: string): GeneralNameSpec => ({ kind: "dns", text });
const ip = (...octets: readonly number[]): GeneralNameSpec => ({ kind: "ip", octets });

const HOSTS = [
  "www.lab.example",
  "a.b.lab.example",
  "lab.example",
  "srv-1.corp.test",
  "host",
] as const;

/** Hosts that clients read differently. */
const ODD_HOSTS = [
  "www.lab.example.",
  "WWW.Lab.Example",
  "under_score.lab.example",
  "xn--bcher-kva.lab.example",
  "a..lab.example",
  "-x.lab.example",
  "192.0.2.1",
  "10.1.2.3",
  "2001:db8::1",
  "::ffff:10.1.2.3",
  "1.2.3",
] as const;

const MAPPED = [...Array.from({ length: 10 }, () => 0), 255, 255, 10, 1, 2, 3];
const V6 = [0x20, 1, 0x0d, 0xb8, ...Array.from({ length: 11 }, () => 0), 1];

function patternsFor(random: Random, host: string): readonly GeneralNameSpec[] {
  const labels = host.split(".");
  const rest = labels.slice(1).join(".");
  return [
    random.pick([
      dns(host),
      dns(host),
      dns(host.toUpperCase()),
      dns(`*.${rest}`),
      dns(`*.${rest}`),
      dns(`${(labels[0] ?? "").slice(0, 1)}*.${rest}`),
      dns(`*.*.${labels.slice(2).join(".")}`),
      dns(`${labels[0] ?? ""}.*.${labels.slice(2).join(".")}`),
      dns(`${host}.`),
      dns("*"),
      dns(`*${host}`),
      dns("other.example"),
    ]),
  ];
}

/** Names that are no host names but may stand beside one. */
function company(random: Random): GeneralNameSpec {
  return random.pick<GeneralNameSpec>([
    { kind: "email", text: "ops@lab.example" },
    { kind: "uri", text: "https://www.lab.example/x" },
    { kind: "directory", name: nameOf(attribute("O", "Lab"), attribute("CN", "alias")) },
    { kind: "registered-id", oid: "1.2.3.4" },
    { kind: "other", text: "ops@lab.example" },
    dns("second.lab.example"),
    ip(192, 0, 2, 9),
  ]);
}

/** A host and a certificate that mostly fits it. */
export function serverName(random: Random): ServerName {
  const host = random.chance(0.8) ? random.pick(HOSTS) : random.pick(ODD_HOSTS);
  const isAddress = /^[\d.]+$|:/.test(host);
  const commonName = random.pick([host, host, "server", "", "other.example", `*.${host}`]);
  const subject =
    commonName === ""
      ? random.pick([nameOf(), nameOf(attribute("O", "Lab"))])
      : nameOf(
          attribute("O", "Lab"),
          ...(random.chance(0.05) ? [attribute("CN", "first.example")] : []),
          attribute("CN", commonName),
        );
  const own: readonly GeneralNameSpec[] = isAddress
    ? [addressOf(random, host)]
    : random.chance(0.65)
      ? [dns(host)]
      : patternsFor(random, host);
  const names = random.chance(0.1)
    ? []
    : [...own, ...(random.chance(0.25) ? [company(random), company(random)] : [])];
  return { host, subject, names: random.chance(0.05) ? names.slice(1) : names };
}

function addressOf(random: Random, host: string): GeneralNameSpec {
  if (random.chance(0.1)) return dns(host);
  if (random.chance(0.1)) return ip(192, 0, 2, 77);
  if (host === "2001:db8::1") return ip(...V6);
  if (host.startsWith("::ffff")) return random.chance(0.5) ? ip(...MAPPED) : ip(10, 1, 2, 3);
  if (host === "10.1.2.3" && random.chance(0.2)) return ip(...MAPPED);
  const octets = host.split(".").map(Number);
  return octets.length === 4 ? ip(...octets) : dns(host);
}

/** What name constraints could be about: the names of the leaf. */
export function leafNames({ names, subject }: ServerName): readonly GeneralNameSpec[] {
  return [...names, { kind: "directory", name: subject }];
}
