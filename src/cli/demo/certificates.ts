import type { ExtendedKeyUsage } from "./extensions.ts";
import type { KeyKind } from "./keys.ts";
import type { Name } from "./name.ts";

/** Every certificate of the demo. */
export type CertificateId =
  | "bpm-root"
  | "bpm-issuing"
  | "bpm-west"
  | "federation-index"
  | "web-root"
  | "web-policy"
  | "web-issuing"
  | "bpm-east"
  | "corporate-root"
  | "corporate-issuing"
  | "api-gateway"
  | "provisioning-ca"
  | "im-connector"
  | "im-console"
  | "im-console-test"
  | "gateway-client"
  | "connector-client"
  | "sample-ca"
  | "sample-server"
  | "sm-root-old"
  | "sm-root"
  | "sm-issuing"
  | "sm-gateway"
  | "archive-root"
  | "sm-archive";

/** One certificate as it shall be issued when the demo starts. */
export interface CertificatePlan {
  readonly subject: Name;
  readonly key: KeyKind;
  /** Undefined: it signs itself. The issuer stands above it in the table. */
  readonly issuer?: CertificateId;
  /** Validity in days from the start of the demo; negative days are past. */
  readonly days: readonly [from: number, to: number];
  readonly ca?: { readonly pathLen?: number };
  readonly san?: readonly string[];
  readonly eku?: readonly ExtendedKeyUsage[];
  readonly issuerUrl?: string;
}

const example = (unit: string, commonName: string): Name => [
  ["C", "GB"],
  ["O", "Example Group"],
  ["OU", unit],
  ["CN", commonName],
];

/** The names that the products give to their own certificates: a client's has no locality, its CA's has one. */
const provisioning: Name = [
  ["C", "US"],
  ["ST", "NY"],
  ["L", "Islandia"],
  ["O", "Identity Management"],
  ["OU", "Provisioning Services"],
];
const provisioned = (commonName: string): Name => [
  ...provisioning.filter(([attribute]) => attribute !== "L"),
  ["CN", commonName],
];

const serviceManagerRoot: Name = example("Service Manager", "Service Manager Root CA");

const server = (host: string, unit: string): Pick<CertificatePlan, "subject" | "san" | "eku"> => ({
  subject: example(unit, host),
  san: [host],
  eku: ["serverAuth"],
});

/** The demo's PKI, each issuer before what it issues. */
export const CERTIFICATES: Readonly<Record<CertificateId, CertificatePlan>> = {
  "bpm-root": {
    subject: example("Process Federation", "BPM Cell Root CA"),
    key: "p-256",
    days: [-900, 4500],
    ca: {},
  },
  "bpm-issuing": {
    subject: example("Process Federation", "BPM Cell Issuing CA"),
    key: "p-256",
    issuer: "bpm-root",
    days: [-800, 2000],
    ca: { pathLen: 0 },
  },
  "bpm-west": {
    ...server("bpm-west.example.com", "Process Federation"),
    key: "rsa-2048",
    issuer: "bpm-issuing",
    days: [-80, 285],
  },
  "federation-index": {
    ...server("federation-index.example.com", "Process Federation"),
    key: "p-256",
    issuer: "bpm-issuing",
    days: [-40, 325],
    issuerUrl: "http://pki.example.com/bpm-cell-issuing.cer",
  },
  "web-root": {
    subject: example("Web Operations", "Example Web Root CA G1"),
    key: "p-384",
    days: [-1500, 5800],
    ca: {},
  },
  "web-policy": {
    subject: example("Web Operations", "Example Web Policy CA"),
    key: "p-384",
    issuer: "web-root",
    days: [-1400, 2200],
    ca: { pathLen: 1 },
  },
  "web-issuing": {
    subject: example("Web Operations", "Example Web Issuing CA 3"),
    key: "p-256",
    issuer: "web-policy",
    days: [-700, 1100],
    ca: { pathLen: 0 },
  },
  "bpm-east": {
    ...server("bpm-east.example.com", "Web Operations"),
    key: "p-256",
    issuer: "web-issuing",
    days: [-12, 186],
  },
  "corporate-root": {
    subject: example("Corporate Security", "Example Corporate Root CA G2"),
    key: "p-384",
    days: [-600, 6700],
    ca: {},
  },
  "corporate-issuing": {
    subject: example("Corporate Security", "Example Corporate Issuing CA 2"),
    key: "p-384",
    issuer: "corporate-root",
    days: [-590, 3000],
    ca: { pathLen: 0 },
  },
  "api-gateway": {
    ...server("api-gateway.example.com", "Identity Manager"),
    key: "p-256",
    issuer: "corporate-issuing",
    days: [-150, 247],
  },
  "provisioning-ca": {
    subject: provisioning,
    key: "rsa-2048",
    days: [-2500, 4800],
    ca: {},
  },
  "im-connector": {
    ...server("imcs.example.com", "Identity Manager"),
    key: "p-256",
    issuer: "provisioning-ca",
    days: [-360, 5],
  },
  "im-console": {
    ...server("imcs-console.example.com", "Identity Manager"),
    key: "rsa-2048",
    issuer: "provisioning-ca",
    days: [-368, -3],
  },
  "im-console-test": {
    ...server("imcs-test.example.com", "Identity Manager"),
    key: "p-256",
    issuer: "provisioning-ca",
    days: [-100, 630],
  },
  "gateway-client": {
    subject: provisioned("eta_gateway"),
    key: "p-256",
    issuer: "provisioning-ca",
    days: [-200, 530],
    eku: ["clientAuth"],
  },
  "connector-client": {
    subject: provisioned("eta_server"),
    key: "p-256",
    issuer: "provisioning-ca",
    days: [-742, -12],
    eku: ["clientAuth"],
  },
  "sample-ca": {
    subject: [
      ["C", "US"],
      ["O", "Service Manager Samples"],
      ["CN", "Sample CA"],
    ],
    key: "rsa-2048",
    days: [-3000, 4300],
    ca: {},
  },
  "sample-server": {
    subject: [
      ["C", "US"],
      ["O", "Service Manager Samples"],
      ["CN", "smserver"],
    ],
    key: "rsa-2048",
    issuer: "sample-ca",
    days: [-2990, 660],
  },
  "sm-root-old": {
    subject: serviceManagerRoot,
    key: "p-256",
    days: [-2900, 750],
    ca: {},
  },
  "sm-root": {
    subject: serviceManagerRoot,
    key: "p-256",
    days: [-30, 7200],
    ca: {},
  },
  "sm-issuing": {
    subject: example("Service Manager", "Service Manager Issuing CA"),
    key: "p-256",
    issuer: "sm-root",
    days: [-29, 3600],
    ca: { pathLen: 0 },
  },
  "sm-gateway": {
    ...server("sm-gateway.example.com", "Service Manager"),
    key: "p-384",
    issuer: "sm-issuing",
    days: [-28, 337],
  },
  "archive-root": {
    subject: example("Service Manager", "Archive Root CA"),
    key: "p-256",
    days: [-3670, -20],
    ca: {},
  },
  "sm-archive": {
    ...server("sm-archive.example.com", "Service Manager"),
    key: "p-256",
    issuer: "archive-root",
    days: [-60, 305],
  },
};
