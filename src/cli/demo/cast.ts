import type {
  ClientName,
  ClientPlan,
  EndpointName,
  EndpointPlan,
  LinkPlan,
  StorePlan,
  TruststoreName,
} from "./plans.ts";

const federation = { estate: "process-federation", zone: "core" };
const identity = { estate: "identity-manager", zone: "core" };
const service = { estate: "service-manager", zone: "core" };

/** Truststores by name; several files are one store. */
export const TRUSTSTORES: Readonly<Record<TruststoreName, readonly StorePlan[]>> = {
  "pfs-trust": [
    {
      path: "pfs/trust.p12",
      format: "keytool",
      entries: [
        ["bpm-cell-root", "bpm-root"],
        ["corporate-root-g2", "corporate-root"],
      ],
    },
  ],
  "corp-roots": [
    { path: "corp/root-g1.pem", format: "pem", entries: [["root-g1", "web-root"]] },
    { path: "corp/root-g2.pem", format: "pem", entries: [["root-g2", "corporate-root"]] },
  ],
  "edge-ca": [{ path: "edge/ca.pem", format: "pem", entries: [["issuing", "bpm-issuing"]] }],
  "gw-trust": [
    {
      path: "gw/trusted-certs.p12",
      format: "keytool",
      entries: [["provisioning services ca", "provisioning-ca"]],
    },
  ],
  "cs-trust": [
    {
      path: "cs/ssl.keystore",
      format: "jks",
      entries: [
        ["corporate_root_g2", "corporate-root"],
        ["eta2_ca", "provisioning-ca"],
      ],
    },
  ],
  "xpress-cacerts": [
    {
      path: "xpress/cacerts",
      format: "jks",
      entries: [
        ["api_gateway_cert", "api-gateway"],
        ["eta2_server", "provisioning-ca"],
      ],
    },
  ],
  "xpress-test-trust": [
    {
      path: "xpress-test/trust.p12",
      format: "openssl",
      entries: [["provisioning-ca", "provisioning-ca"]],
    },
  ],
  "sm-webtier-cacerts": [
    {
      path: "sm-webtier/cacerts",
      format: "jks",
      entries: [
        ["servicemanager", "sample-ca"],
        ["corporate-root-g1", "web-root"],
        ["corporate-root-g2", "corporate-root"],
      ],
    },
  ],
  "sm-client-cacerts": [
    { path: "sm-client/cacerts", format: "jks", entries: [["servicemanager", "sample-ca"]] },
  ],
  "sm-reporting-ca": [
    { path: "sm-reporting/ca.pem", format: "pem", entries: [["root", "sm-root-old"]] },
  ],
  "sm-mobile-ca": [
    { path: "sm-mobile/ca.pem", format: "pem", entries: [["archive", "archive-root"]] },
  ],
  "sm-batch-trust": [
    { path: "sm-batch/trust.p12", format: "keytool", entries: [["archive", "archive-root"]] },
  ],
};

/** Clients by name. */
export const CLIENTS: Readonly<Record<ClientName, ClientPlan>> = {
  pfs: { profile: "openjdk-17", trust: ["pfs-trust"], nameCheck: "https" },
  browser: { profile: "openssl-3", trust: ["corp-roots"], nameCheck: "https" },
  "edge-haproxy": { profile: "openssl-3", trust: ["edge-ca"], nameCheck: "https" },
  "api-gateway": {
    profile: "openjdk-17",
    trust: ["gw-trust"],
    nameCheck: "https",
    identity: { chain: ["gateway-client"], cert: "gw/client.pem", key: "gw/client.key" },
  },
  "connector-server": {
    profile: "openjdk-17",
    trust: ["cs-trust"],
    nameCheck: "https",
    identity: { chain: ["connector-client"], cert: "cs/client.pem", key: "cs/client.key" },
  },
  "connector-xpress": { profile: "openjdk-8", trust: ["xpress-cacerts"], nameCheck: "https" },
  "connector-xpress-test": {
    profile: "openjdk-17",
    trust: ["xpress-test-trust"],
    nameCheck: "https",
  },
  "sm-webtier": { profile: "openjdk-17", trust: ["sm-webtier-cacerts"], nameCheck: "https" },
  "sm-windows-client": {
    profile: "openjdk-17-sunx509",
    trust: ["sm-client-cacerts"],
    nameCheck: "none",
  },
  "sm-reporting": { profile: "openssl-3", trust: ["sm-reporting-ca"], nameCheck: "https" },
  "sm-mobile": { profile: "openssl-3", trust: ["sm-mobile-ca"], nameCheck: "https" },
  "sm-batch": { profile: "openjdk-17", trust: ["sm-batch-trust"], nameCheck: "https" },
};

/** Endpoints by name. */
export const ENDPOINTS: Readonly<Record<EndpointName, EndpointPlan>> = {
  "bpm-west": {
    url: "https://bpm-west.example.com:9443",
    kind: "web",
    chain: ["bpm-west", "bpm-issuing"],
    labels: federation,
  },
  "bpm-east": {
    url: "https://bpm-east.example.com:9443",
    kind: "web",
    chain: ["bpm-east", "web-issuing", "web-policy"],
    labels: { ...federation, zone: "edge" },
  },
  "federation-index": {
    url: "https://federation-index.example.com:9200",
    kind: "web",
    chain: ["federation-index"],
    labels: federation,
  },
  "im-connector": {
    url: "ldaps://imcs.example.com:20411",
    kind: "silent",
    chain: ["im-connector", "provisioning-ca"],
    clientAuthorities: ["provisioning-ca"],
    labels: identity,
  },
  "im-console": {
    url: "https://imcs-console.example.com:20443",
    kind: "web",
    chain: ["im-console", "provisioning-ca"],
    labels: identity,
  },
  "im-console-test": {
    url: "https://imcs-test.example.com:20443",
    kind: "web",
    chain: ["im-console-test"],
    labels: { ...identity, zone: "test" },
  },
  "api-gateway": {
    url: "https://api-gateway.example.com:9443",
    kind: "web",
    chain: ["api-gateway", "corporate-issuing"],
    clientAuthorities: ["provisioning-ca"],
    labels: { ...identity, zone: "edge" },
  },
  "api-gateway-console": {
    url: "https://api-gateway.example.com:8443",
    kind: "web",
    chain: ["api-gateway", "corporate-issuing"],
    labels: { ...identity, zone: "edge" },
  },
  "sm-server": {
    url: "https://smapp.example.com:13443",
    kind: "web",
    chain: ["sample-server", "sample-ca"],
    maxVersion: "TLSv1.2",
    labels: service,
  },
  "sm-server-plain": {
    url: "https://smapp.example.com:13080",
    kind: "plain",
    chain: [],
    labels: service,
  },
  "sm-gateway": {
    url: "https://sm-gateway.example.com:443",
    kind: "web",
    chain: ["sm-gateway", "sm-issuing"],
    labels: { ...service, zone: "edge" },
  },
  "sm-archive": {
    url: "https://sm-archive.example.com:8443",
    kind: "web",
    chain: ["sm-archive"],
    labels: service,
  },
};

/** All endpoints, in the order in which their servers start. */
export const ENDPOINT_NAMES: readonly EndpointName[] = Object.keys(ENDPOINTS).filter(
  (name): name is EndpointName => Object.hasOwn(ENDPOINTS, name),
);

/** Which client depends on which endpoints. */
export const LINKS: readonly LinkPlan[] = [
  { from: "pfs", to: ["bpm-west", "bpm-east", "federation-index"] },
  { from: "browser", to: ["bpm-east", "api-gateway-console"] },
  { from: "edge-haproxy", to: ["bpm-west"] },
  { from: "api-gateway", to: ["im-connector"] },
  { from: "connector-server", to: ["api-gateway"] },
  { from: "connector-xpress", to: ["api-gateway-console", "im-console", "im-connector"] },
  { from: "connector-xpress-test", to: ["im-console-test"] },
  { from: "sm-webtier", to: ["sm-server", "sm-server-plain"] },
  { from: "sm-windows-client", to: ["sm-server"] },
  { from: "sm-reporting", to: ["sm-gateway"] },
  { from: "sm-mobile", to: ["sm-archive"] },
  { from: "sm-batch", to: ["sm-archive"] },
];
