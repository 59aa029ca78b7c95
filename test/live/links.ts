/** A link as the daemon's API tells it, loosely typed: tests also send what no daemon would. */
export type LinkFixture = Readonly<Record<string, unknown>> & {
  readonly client: string;
  readonly endpoint: string;
};

/** Date that lies the given days from now, RFC 3339. */
export const inDays = (days: number): string =>
  new Date(Date.now() + days * 86_400_000).toISOString();

const certificate = (subject: string, issuer: string, from: number, until: number): object => ({
  sha256: "4f06f81d1b2c7a9e83d25a1c6b0e94f7d8a3c25e617f0b94ad3e8c1276f5b0aa",
  subject,
  issuer,
  notBefore: inDays(from),
  notAfter: inDays(until),
});

/** A link that is fine, with whatever the test wants to be different. */
export const link = (
  client: string,
  endpoint: string,
  different: Readonly<Record<string, unknown>> = {},
): LinkFixture => ({
  client,
  endpoint,
  profile: "openjdk-17",
  url: `https://${endpoint}.example.com:9443`,
  state: "ok",
  ok: true,
  trusted: true,
  nameMatch: true,
  headline: null,
  findings: [],
  breaksAt: inDays(200),
  checkedAt: inDays(0),
  since: inDays(-12),
  clientMessage: null,
  addresses: [
    {
      address: "192.0.2.17",
      outcome: "completed",
      version: "TLSv1.3",
      cipherSuite: "TLS_AES_256_GCM_SHA384",
      group: "x25519",
      failure: null,
    },
  ],
  labels: { estate: "Process Federation" },
  chain: [
    certificate(`CN=${endpoint}.example.com`, "CN=Corporate Issuing CA 2, O=Example", -100, 200),
    certificate(
      "CN=Corporate Issuing CA 2, O=Example",
      "CN=Corporate Root G1, O=Example",
      -900,
      900,
    ),
  ],
  ...different,
});

const remedy = [
  "Compare with the owner of Corporate Root G1 that its SHA-256 fingerprint is 4F:06:F8:1D:1B:2C:7A:9E:83:D2:5A:1C:6B:0E:94:F7:D8:A3:C2:5E:61:7F:0B:94:AD:3E:8C:12:76:F5:B0:AA",
  "keytool -importcert -trustcacerts -alias corporate-root-g1 -file ca.cer -keystore /opt/pfs/resources/security/trust.p12",
  "Restart the client, or let it reload its truststore",
  "anchorwatch check https://bpm-west.example.com:9443 --truststore /opt/pfs/resources/security/trust.p12 --as openjdk-17",
];

/** A link that is broken because the client lacks the anchor. */
export const brokenLink = (client: string, endpoint: string): LinkFixture => {
  const headline =
    "The truststore pfs-trust has no anchor for Corporate Root G1, which signed this chain";
  const clientMessage =
    "javax.net.ssl.SSLHandshakeException: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target";
  return link(client, endpoint, {
    state: "broken",
    ok: false,
    trusted: false,
    headline,
    breaksAt: null,
    since: inDays(-3),
    clientMessage,
    findings: [
      {
        code: "truststore.anchor-missing",
        severity: "critical",
        summary: headline,
        remedy,
        clientMessage,
      },
      {
        code: "chain.superfluous",
        severity: "info",
        summary: "The server sends a certificate that no path needs",
        remedy: ["Remove CN=Old Root from the server's chain file"],
        clientMessage: null,
      },
    ],
  });
};

/** An estate of some size with every state in it. */
export const estate = (): readonly LinkFixture[] => [
  link("pfs", "bpm-east"),
  brokenLink("pfs", "bpm-west"),
  link("pfs", "bpm-archive", {
    state: "warning",
    headline: "The certificate of bpm-archive.example.com expires in 12 days",
    breaksAt: inDays(12.5),
    findings: [
      {
        code: "leaf.expiring",
        severity: "warning",
        summary: "The certificate of bpm-archive.example.com expires in 12 days",
        remedy: ["Renew the certificate before it expires"],
        clientMessage: null,
      },
    ],
  }),
  link("api-gateway", "im-connector", {
    profile: "layer7",
    url: "ldaps://imcs.example.com:20411",
    labels: { estate: "Identity" },
  }),
  link("connector-xpress", "im-connector", {
    profile: "openjdk-8",
    url: "ldaps://imcs.example.com:20411",
    labels: { estate: "Identity" },
    state: "broken",
    ok: false,
    nameMatch: false,
    headline: "The certificate is for eta2_server, not for imcs.example.com",
    breaksAt: null,
    findings: [
      {
        code: "name.mismatch",
        severity: "critical",
        summary: "The certificate is for eta2_server, not for imcs.example.com",
        remedy: ["Issue a certificate with the subject alternative name imcs.example.com"],
        clientMessage: "No subject alternative DNS name matching imcs.example.com found.",
      },
    ],
  }),
  link("windows-client", "sm-server", {
    profile: "dotnet-windows",
    labels: { estate: "Service Manager" },
    state: "pending",
    ok: null,
    trusted: null,
    nameMatch: null,
    breaksAt: null,
    checkedAt: null,
    since: null,
    addresses: [],
    chain: [],
  }),
  link("web-tier", "sm-server", { labels: { estate: "Service Manager" } }),
];
