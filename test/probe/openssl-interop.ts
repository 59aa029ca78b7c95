import { readFileSync } from "node:fs";
import t from "tap";
import type { Handshake } from "../../src/probe/handshake.ts";
import { probe, type ProbeOptions } from "../../src/probe/probe.ts";
import { readPemBlocks } from "../../src/x509/pem.ts";
import {
  createIssuer,
  type IssuedCertificate,
  type LabKeyType,
  startOpensslServer,
} from "../lab/openssl.ts";
import { requireTool } from "../tools.ts";

/** DER certificates of a PEM file. */
function derOf(path: string): readonly Uint8Array[] {
  const blocks = readPemBlocks(readFileSync(path, "utf8"));
  return blocks.ok ? blocks.value.map(({ der }) => new Uint8Array(der)) : [];
}

interface Lab {
  readonly openssl: string;
  readonly ca: IssuedCertificate;
  certificate(keyType: LabKeyType): Promise<IssuedCertificate>;
  /** Probes a fresh server with these options. */
  handshake(
    certificate: IssuedCertificate,
    options: readonly string[],
    probeOptions?: ProbeOptions,
  ): Promise<Handshake>;
}

function createLab(openssl: string, directory: string, ca: IssuedCertificate): Lab {
  const issue = createIssuer(openssl, directory);
  const issued = new Map<LabKeyType, Promise<IssuedCertificate>>();
  return {
    openssl,
    ca,
    certificate: (keyType) => {
      const known = issued.get(keyType) ?? issue({ name: keyType, keyType, issuer: ca });
      issued.set(keyType, known);
      return known;
    },
    handshake: async (certificate, options, probeOptions) => {
      const server = await startOpensslServer(openssl, certificate, options);
      try {
        return await probe(
          { scheme: "tls", host: "localhost", port: server.port },
          { address: "127.0.0.1", ...probeOptions },
        );
      } finally {
        await server.process.stop();
      }
    },
  };
}

/** One cell of the matrix: what the server is told, and what the record must then say. */
interface Cell {
  readonly name: string;
  readonly keyType: LabKeyType;
  readonly options: readonly string[];
  readonly expect: Partial<Handshake>;
}

const schemes13: Readonly<Record<LabKeyType, string>> = {
  rsa: "rsa_pss_rsae_sha256",
  "rsa-3072": "rsa_pss_rsae_sha256",
  "rsa-pss": "rsa_pss_pss_sha256",
  p256: "ecdsa_secp256r1_sha256",
  p384: "ecdsa_secp384r1_sha384",
  p521: "ecdsa_secp521r1_sha512",
  ed25519: "ed25519",
  ed448: "ed448",
};

const keyTypes = Object.keys(schemes13) as readonly LabKeyType[];

/** Types of which a certificate may be chosen by any scheme with its algorithm in TLS 1.2. */
const looseIn12: ReadonlySet<LabKeyType> = new Set(["p256", "p384", "p521"]);

const keyCells: readonly Cell[] = keyTypes.flatMap((keyType) => [
  {
    name: `a ${keyType} certificate in TLS 1.3`,
    keyType,
    options: ["-tls1_3"],
    expect: { version: "TLSv1.3", signatureScheme: schemes13[keyType] },
  },
  {
    name: `a ${keyType} certificate in TLS 1.2`,
    keyType,
    options: ["-tls1_2"],
    expect: looseIn12.has(keyType)
      ? { version: "TLSv1.2" }
      : { version: "TLSv1.2", signatureScheme: schemes13[keyType] },
  },
]);

const suiteCells: readonly Cell[] = [
  ["TLS_AES_128_GCM_SHA256", "rsa", ["-tls1_3", "-ciphersuites", "TLS_AES_128_GCM_SHA256"]],
  ["TLS_AES_256_GCM_SHA384", "rsa", ["-tls1_3", "-ciphersuites", "TLS_AES_256_GCM_SHA384"]],
  [
    "TLS_CHACHA20_POLY1305_SHA256",
    "rsa",
    ["-tls1_3", "-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"],
  ],
  [
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "rsa",
    ["-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"],
  ],
  [
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "rsa",
    ["-tls1_2", "-cipher", "ECDHE-RSA-AES256-GCM-SHA384"],
  ],
  [
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    "rsa",
    ["-tls1_2", "-cipher", "ECDHE-RSA-CHACHA20-POLY1305"],
  ],
  [
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "p256",
    ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"],
  ],
  [
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "p256",
    ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-GCM-SHA384"],
  ],
  [
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "p256",
    ["-tls1_2", "-cipher", "ECDHE-ECDSA-CHACHA20-POLY1305"],
  ],
].map(([cipherSuite, keyType, options]) => ({
  name: String(cipherSuite),
  keyType: keyType as LabKeyType,
  options: options as readonly string[],
  expect: { cipherSuite: String(cipherSuite) },
}));

const groups = {
  x25519: "X25519",
  secp256r1: "P-256",
  secp384r1: "P-384",
  secp521r1: "P-521",
  x448: "X448",
} as const;

/** Groups that only one version knows, or that this server can only use in it. */
const versionGroups = {
  "-tls1_3": {
    ffdhe2048: "ffdhe2048",
    ffdhe3072: "ffdhe3072",
    ffdhe4096: "ffdhe4096",
    ffdhe6144: "ffdhe6144",
    ffdhe8192: "ffdhe8192",
  },
  "-tls1_2": {
    brainpoolp256r1: "brainpoolP256r1",
    brainpoolp384r1: "brainpoolP384r1",
    brainpoolp512r1: "brainpoolP512r1",
    secp256k1: "secp256k1",
    secp224r1: "P-224",
  },
} as const;

const groupCells: readonly Cell[] = (["-tls1_3", "-tls1_2"] as const).flatMap((version) =>
  Object.entries({ ...groups, ...versionGroups[version] }).map(([group, name]) => ({
    name: `${group} with ${version}`,
    keyType: "rsa" as const,
    options: [version, "-groups", name],
    expect: { group },
  })),
);

const otherCells: readonly Cell[] = [
  {
    name: "PKCS#1 signatures in TLS 1.2",
    keyType: "rsa",
    options: ["-tls1_2", "-sigalgs", "RSA+SHA512"],
    expect: { signatureScheme: "rsa_pkcs1_sha512" },
  },
  {
    name: "SHA-1 signatures in TLS 1.2",
    keyType: "rsa",
    options: ["-tls1_2", "-cipher", "DEFAULT@SECLEVEL=0", "-sigalgs", "RSA+SHA1"],
    expect: { signatureScheme: "rsa_pkcs1_sha1" },
  },
  {
    name: "ALPN",
    keyType: "rsa",
    options: ["-alpn", "http/1.1,h2"],
    expect: { version: "TLSv1.3", alpn: "http/1.1" },
  },
  {
    name: "ALPN in TLS 1.2",
    keyType: "rsa",
    options: ["-tls1_2", "-alpn", "h2"],
    expect: { version: "TLSv1.2", alpn: "h2" },
  },
  {
    name: "small records",
    keyType: "rsa",
    options: ["-tls1_3", "-max_send_frag", "512", "-split_send_frag", "512"],
    expect: { version: "TLSv1.3" },
  },
  {
    name: "a server without middlebox compatibility",
    keyType: "rsa",
    options: ["-tls1_3", "-no_middlebox"],
    expect: { version: "TLSv1.3" },
  },
  {
    name: "a server that cannot stop sending tickets",
    keyType: "rsa",
    options: ["-tls1_3", "-num_tickets", "50"],
    expect: { version: "TLSv1.3" },
  },
];

t.test("probe() against openssl s_server", async (t) => {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return;
  const directory = t.testdir();
  const issue = createIssuer(openssl, directory);
  const lab = createLab(openssl, directory, await issue({ name: "ca", keyType: "p256" }));

  for (const cell of [...keyCells, ...suiteCells, ...groupCells, ...otherCells])
    await t.test(`probe() completes with ${cell.name}`, async (t) => {
      const certificate = await lab.certificate(cell.keyType);
      const handshake = await lab.handshake(certificate, cell.options, {
        alpn: ["h2", "http/1.1"],
      });
      t.equal(handshake.outcome, "complete", handshake.failure?.message ?? "complete");
      t.equal(handshake.stage, "complete");
      t.match(handshake, cell.expect);
      t.same(handshake.certificates, derOf(certificate.certificate));
      t.equal(handshake.alert, null);
      t.equal(handshake.clientCertificateRequested, false);
      for (const phase of ["connect", "hello", "complete"] as const)
        t.ok((handshake.phases[phase] ?? -1) >= 0, `${phase} is measured`);
    });

  await t.test("probe() records the chain as sent, with duplicates and strays", async (t) => {
    const leaf = await lab.certificate("rsa");
    const stray = await lab.certificate("ed25519");
    const chain = [stray, lab.ca, lab.ca, leaf].map(({ certificate }) => certificate);
    const file = t.testdir({ "chain.pem": chain.map((path) => readFileSync(path)).join("") });
    const sent = [leaf.certificate, ...chain].flatMap(derOf);
    for (const version of ["-tls1_3", "-tls1_2"]) {
      const { certificates } = await lab.handshake(leaf, [
        version,
        "-cert_chain",
        `${file}/chain.pem`,
      ]);
      t.same(certificates, sent, version);
    }
  });

  await t.test("probe() records a stapled OCSP response", async (t) => {
    const staple = Buffer.from("30030a0106", "hex");
    const file = `${t.testdir({ "staple.der": staple })}/staple.der`;
    const leaf = await lab.certificate("rsa");
    for (const version of ["-tls1_3", "-tls1_2"]) {
      const { ocspStaple } = await lab.handshake(leaf, [version, "-status_file", file]);
      t.same(ocspStaple, new Uint8Array(staple), version);
    }
  });

  const refusals: Readonly<Record<string, readonly [readonly string[], Partial<Handshake>]>> = {
    "a server that is too old": [
      ["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"],
      {
        failure: { code: "version-unsupported", message: "" },
        alert: { direction: "received", level: "fatal", code: 70, description: "protocol_version" },
      },
    ],
    "a server that knows only static RSA": [
      ["-tls1_2", "-cipher", "AES128-GCM-SHA256"],
      { failure: { code: "alert-received", message: "" } },
    ],
    "a server that knows no such name": [
      ["-servername", "other.example", "-servername_fatal"],
      {
        failure: { code: "alert-received", message: "" },
        alert: {
          direction: "received",
          level: "fatal",
          code: 112,
          description: "unrecognized_name",
        },
      },
    ],
  };

  for (const [what, [options, expected]] of Object.entries(refusals))
    await t.test(`probe() says why it fails with ${what}`, async (t) => {
      const leaf = await lab.certificate("rsa");
      const second = options.includes("-servername")
        ? ["-cert2", leaf.certificate, "-key2", leaf.key]
        : [];
      const hello = "openjdk-25";
      const handshake = await lab.handshake(leaf, [...options, ...second], { hello });
      t.equal(handshake.outcome, "failed");
      t.equal(handshake.hello, hello);
      t.equal(handshake.failure?.code, expected.failure?.code, handshake.failure?.message ?? "");
      if (expected.alert !== undefined) t.same(handshake.alert, expected.alert);
      t.equal(handshake.alert?.direction, "received");
    });
});
