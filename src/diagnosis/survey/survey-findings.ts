import type { Endpoint, KeyExchangeRecord } from "../../probe/handshake.ts";
import { knownHello } from "../../probe/hellos/known-hellos.ts";
import type {
  AddressSurvey,
  ChainSurvey,
  Survey,
  SuiteSurvey,
} from "../../probe/survey/survey-record.ts";
import { cipherSuiteFacts } from "../../probe/tls/cipher-suite-facts.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { hostPort, printable, shortName } from "../words.ts";
import { fieldWeakness } from "./field-weakness.ts";
import { leafOf } from "./rate-survey.ts";

/** What an administrator should change at one address, the most pressing first. */
export function surveyFindings(endpoint: Endpoint, survey: AddressSurvey): readonly Finding[] {
  const place = hostPort(endpoint);
  return [
    ...obsoleteVersions(place, survey),
    ...weakSuites(place, survey),
    ...weakFields(place, survey),
    ...missingProtections(place, survey),
    ...intolerances(place, survey),
    ...varyingCertificates(place, survey),
    ...excludedClients(place, survey),
    ...unclearVersions(place, survey),
  ];
}

const OBSOLETE: ReadonlySet<string> = new Set(["TLSv1.1", "TLSv1.0", "SSLv3", "SSLv2"]);

function obsoleteVersions(place: string, { versions }: AddressSurvey): readonly Finding[] {
  const obsolete = versions.filter(
    ({ version, state }) => state === "offered" && OBSOLETE.has(version),
  );
  if (obsolete.length === 0) return [];
  const names = obsolete.map(({ version }) => version).join(", ");
  return [
    makeFinding("handshake.obsolete-version", {
      severity: "warning",
      summary: `${place} still speaks ${names}, which RFC 8996 and RFC 7568 retired`,
      remedy: [
        `Find out who still needs ${names}: most servers can log the version of each connection`,
        "Allow TLSv1.2 and TLSv1.3 alone (nginx: ssl_protocols; Apache: SSLProtocol; Java: jdk.tls.disabledAlgorithms; Liberty: sslProtocol)",
      ],
    }),
  ];
}

/** Why a suite should go; null for one that may stay. */
function weaknessOf({ code }: SuiteSurvey): string | null {
  const facts = cipherSuiteFacts(code);
  if (facts === undefined) return null;
  if (facts.authentication === "none") return "proves nobody's identity";
  if (facts.export) return "was weakened for export";
  if (facts.cipher === "NULL") return "encrypts nothing";
  if (facts.cipher.startsWith("RC4")) return "uses RC4 (RFC 7465)";
  if (/^(?:DES|RC2|IDEA)/.test(facts.cipher)) return "has keys or blocks that are too short";
  if (facts.cipher.startsWith("3DES")) return "has blocks of 64 bits (CVE-2016-2183)";
  if (facts.hash === "MD5") return "authenticates with MD5";
  return null;
}

function weakSuites(place: string, { versions }: AddressSurvey): readonly Finding[] {
  const weak = new Map<string, string>();
  for (const suite of versions.flatMap(({ cipherSuites }) => cipherSuites)) {
    const weakness = weaknessOf(suite);
    if (weakness !== null) weak.set(suite.name, weakness);
  }
  const [first] = weak;
  if (first === undefined) return [];
  const [name, weakness] = first;
  const others = weak.size === 1 ? "" : `, and ${weak.size - 1} more are no better`;
  return [
    makeFinding("handshake.weak-cipher-suite", {
      severity: "warning",
      summary: `${place} takes up cipher suites that protect little: ${name} ${weakness}${others}`,
      remedy: [
        `Remove ${[...weak.keys()].join(", ")}`,
        "Keep suites with ECDHE and AES-GCM or ChaCha20-Poly1305",
      ],
    }),
  ];
}

function weakFields(place: string, { versions }: AddressSurvey): readonly Finding[] {
  const fields = new Map<
    string,
    { readonly name: string; readonly keyExchange: KeyExchangeRecord }
  >();
  for (const { name, keyExchange } of versions.flatMap(({ cipherSuites }) => cipherSuites)) {
    if (keyExchange?.kind !== "dhe" || name.includes("_anon_")) continue;
    const field = keyExchange.field?.prime ?? `${keyExchange.group} ${keyExchange.bits}`;
    if (!fields.has(field)) fields.set(field, { name, keyExchange });
  }
  const weaknesses = new Map<string, string>();
  for (const { name, keyExchange } of fields.values()) {
    const weakness = fieldWeakness(keyExchange);
    if (weakness !== null && !weaknesses.has(weakness)) weaknesses.set(weakness, name);
  }
  return Array.from(weaknesses, ([weakness, suite]) =>
    makeFinding("handshake.weak-key-exchange", {
      severity: "warning",
      summary: `${place} agrees on keys with ${suite} in a finite field that ${weakness}`,
      remedy: [
        "Remove the suites with DHE: every client of the last decade has ECDHE",
        "Or use a field of RFC 7919 with at least 2048 bits (Java: -Djdk.tls.ephemeralDHKeySize=2048; nginx: ssl_dhparam)",
      ],
    }),
  );
}

function missingProtections(place: string, { features }: AddressSurvey): readonly Finding[] {
  const findings: Finding[] = [];
  if (features.secureRenegotiation === false)
    findings.push(
      makeFinding("handshake.insecure-renegotiation", {
        severity: "warning",
        summary: `${place} does not say that it renegotiates securely (RFC 5746): OpenSSL 3 and others refuse such servers`,
        remedy: ["Update the TLS library of the server"],
      }),
    );
  if (features.compression === true)
    findings.push(
      makeFinding("handshake.compression", {
        severity: "warning",
        summary: `${place} compresses records, which lets an observer guess secrets (CRIME)`,
        remedy: ["Switch TLS compression off (Apache: SSLCompression off)"],
      }),
    );
  if (features.heartbeat === true)
    findings.push(
      makeFinding("handshake.heartbeat", {
        severity: "info",
        summary: `${place} offers the heartbeat extension, which hardly anybody needs and OpenSSL 1.0.1 to 1.0.1f got wrong`,
        remedy: ["Update the TLS library of the server, or build it without heartbeats"],
      }),
    );
  if (features.fallbackSignal === false)
    findings.push(
      makeFinding("handshake.no-fallback-signal", {
        severity: "info",
        summary: `${place} accepts a hello that says it fell back to an older version (RFC 7507)`,
        remedy: ["Switch off versions before TLSv1.2: then nothing is left to fall back to"],
      }),
    );
  return findings;
}

const PECULIARITIES: Readonly<Record<string, string>> = {
  "hello-of-600-bytes": "a hello of 600 bytes",
  "hello-of-5000-bytes": "a hello of 5,000 bytes, as post-quantum key shares make it",
  "hello-in-two-records": "a hello that needs two records",
  "unknown-extension": "an extension that it does not know",
  "unknown-cipher-suite": "a cipher suite that it does not know",
  "unknown-version": "a version that it does not know",
  "tls13-offered": "a hello that offers TLSv1.3",
};

function intolerances(place: string, { tolerances }: AddressSurvey): readonly Finding[] {
  const found = tolerances.flatMap(({ peculiarity, tolerated }) => {
    const words = PECULIARITIES[peculiarity];
    return tolerated === false && words !== undefined ? [words] : [];
  });
  if (found.length === 0) return [];
  return [
    makeFinding("handshake.intolerance", {
      severity: "warning",
      summary: `${place} stumbles over ${found.join(" and ")}`,
      remedy: [
        "Probe the server from its own network: a firewall or load balancer in between may be what stumbles",
        "Update the TLS library of the server, or that of the device in between",
      ],
    }),
  ];
}

/** Certificates of one key type that depend on what was asked for; one of each key type is as it should be. */
function varyingCertificates(place: string, { chains }: AddressSurvey): readonly Finding[] {
  const byKey = new Map<string, Map<string, ChainSurvey>>();
  for (const chain of chains) {
    const leaf = leafOf(chain);
    if (leaf === null) continue;
    const ofKey = byKey.get(leaf.publicKey.type) ?? new Map<string, ChainSurvey>();
    if (!ofKey.has(leaf.sha256)) ofKey.set(leaf.sha256, chain);
    byKey.set(leaf.publicKey.type, ofKey);
  }
  const varying = [...byKey.values()].find((ofKey) => ofKey.size > 1);
  if (varying === undefined) return [];
  const list = Array.from(varying.values(), (chain) => {
    const leaf = leafOf(chain);
    return `${leaf === null ? "?" : shortName(leaf.subject)} ${askedFor(chain)}`;
  });
  return [
    makeFinding("handshake.certificate-varies", {
      severity: "info",
      summary: `${place} does not show everybody the same certificate: ${list.join("; ")}`,
      remedy: [
        "Judge each of them: clients that send no server name, or speak another version, get another certificate",
        "Where that is not intended, give the default host of the server the same certificate",
      ],
    }),
  ];
}

function askedFor({ versions, serverNames }: ChainSurvey): string {
  const names = serverNames.map((name) => (name === null ? "no name" : printable(name)));
  return `for ${names.join(" and ")} in ${versions.join(", ")}`;
}

function excludedClients(place: string, { clients }: AddressSurvey): readonly Finding[] {
  const excluded = clients.filter(({ connects }) => connects === false);
  const [first] = excluded;
  if (first === undefined) return [];
  const names = excluded.map(({ client }) => knownHello(client).title).join(", ");
  return [
    makeFinding("handshake.excluded-clients", {
      severity: "info",
      summary: `${place} has nothing in common with ${names}`,
      remedy: [
        `What it says to the first of them: ${printable(first.failure?.message ?? "nothing")}`,
        "Offer what they can do if they are to connect; otherwise this is as it should be",
      ],
    }),
  ];
}

function unclearVersions(place: string, { versions }: AddressSurvey): readonly Finding[] {
  const unclear = versions.filter(({ state }) => state === "unclear");
  const [first] = unclear;
  if (first === undefined) return [];
  return [
    makeFinding("handshake.survey-incomplete", {
      severity: "info",
      summary: `${place} did not answer everything: ${unclear.map(({ version }) => version).join(", ")} remained unclear (${printable(first.failure?.message ?? "no answer")})`,
      remedy: ["Ask more slowly, with --rate 2 --concurrency 1"],
    }),
  ];
}

/** What differs between the addresses of one name. */
export function addressFindings({ endpoint, addresses }: Survey): readonly Finding[] {
  const reached = addresses.filter(({ failure }) => failure === null);
  const [first, ...others] = reached;
  if (first === undefined) return [];
  const differing = others.filter((other) => signature(other) !== signature(first));
  if (differing.length === 0) return [];
  return [
    makeFinding("topology.addresses-differ", {
      severity: "warning",
      summary: `${hostPort(endpoint)} is not the same everywhere: ${differing.map(({ address }) => address).join(", ")} ${differing.length === 1 ? "differs" : "differ"} from ${first.address}`,
      remedy: [
        "Compare the addresses in the report: versions, cipher suites and certificates",
        "Bring the configuration of every node behind the name to the same state",
      ],
    }),
  ];
}

/** What should be the same at every address. */
function signature({ versions, chains }: AddressSurvey): string {
  return JSON.stringify([
    versions.map(({ version, state, cipherSuites }) => [
      version,
      state,
      cipherSuites.map(({ name }) => name).toSorted(),
    ]),
    chains
      .map(({ certificates }) =>
        certificates.map((der) => Buffer.from(der).toString("base64")).join(),
      )
      .toSorted(),
  ]);
}
