import { finding, type Given } from "./fixture.ts";

/** What is checked. */
export const TARGET = "https://svc.corp.example";

const missing = finding({
  summary:
    "The issuer of Int A, CN=Root A, O=Corp, is missing in trust; the server's chain is in order up to there",
  remedy: [
    "Get the CA certificate CN=Root A, O=Corp from its owner, not from the connection",
    "keytool -importcert -trustcacerts -alias root-a -file root-a.cer -keystore /etc/pki/client/truststore-of-the-portal.jks",
    "Restart the client, or let it reload its truststore",
    `anchorwatch check ${TARGET} --truststore /etc/pki/client/truststore-of-the-portal.jks --as openjdk-17`,
  ],
  clientMessage:
    "javax.net.ssl.SSLHandshakeException: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target",
});

const forOpenSsl = finding({
  ...missing,
  remedy: missing.remedy.map((step) => step.replace("--as openjdk-17", "--as openssl-3")),
  clientMessage: "verify error:num=20:unable to get local issuer certificate (depth 1)",
});

const expiring = finding({
  code: "leaf.expiring",
  severity: "warning",
  summary:
    "Works now, but OpenJDK 17 will refuse the connection in 10 days: svc.corp.example expires",
  remedy: ["Renew svc.corp.example and install it on the server before 2026-12-01 12:00 UTC"],
});

const oddOrder = finding({
  code: "chain.out-of-order",
  severity: "info",
  summary: "The server sends its certificates out of order; simple Java trust managers refuse that",
  remedy: ["Send the server's own certificate first, then each one's issuer"],
});

const java = (...findings: Given["clients"][number]["findings"]): Given["clients"] => [
  { profile: "openjdk-17", findings },
];

/** Situations with what is said about them. */
export const SITUATIONS = {
  "anchor-missing": { sent: ["leaf", "intA"], held: ["rootB"], clients: java(missing) },
  "anchor-rekeyed": {
    sent: ["leaf", "intA"],
    held: ["rootA_newkey"],
    clients: java(finding({ code: "truststore.anchor-rekeyed", summary: "Root A has a new key" })),
  },
  "shared-cause": {
    sent: ["leaf", "intA"],
    held: ["rootB"],
    clients: [
      { profile: "openjdk-17", findings: [missing] },
      { profile: "openssl-3", findings: [forOpenSsl] },
      {
        profile: "go",
        name: "batch-job",
        findings: [finding({ ...forOpenSsl, clientMessage: null })],
      },
    ],
    addresses: ["10.1.2.3", "10.1.2.4", "10.1.2.5"],
  },
  "odd-order": {
    sent: ["leaf", "rootA", "intA", "intA", "intB"],
    held: ["rootA"],
    clients: java(oddOrder),
  },
  expiring: { sent: ["leaf_soon", "intA"], held: ["rootA"], clients: java(expiring) },
  fine: { sent: ["leaf", "intA"], held: ["rootA"], clients: java() },
  "no-connection": {
    sent: [],
    held: ["rootA"],
    clients: java(
      finding({
        code: "topology.unreachable",
        summary: "No connection to 10.1.2.3:443: the connection was refused",
        remedy: ["Start the server, or correct the port"],
      }),
    ),
    changes: {
      outcome: "failed",
      stage: "dns",
      version: null,
      cipherSuite: null,
      group: null,
      signatureScheme: null,
      failure: { code: "connect-refused", message: "Connection refused" },
      phases: { dns: 0, connect: null, proxy: null, dialog: null, hello: null, complete: null },
    },
  },
} as const satisfies Readonly<Record<string, Given>>;
