import type { FindingCode } from "../../src/diagnosis/finding-codes.ts";

/** What is to be said about one link of the demo. */
export interface ExpectedLink {
  readonly client: string;
  readonly endpoint: string;
  /** Whether the client gets through. */
  readonly ok: boolean;
  /** Code of the headline finding; null when there is nothing to report above `info`. */
  readonly headline: FindingCode | null;
  /** Other codes above `info` that are true of this link too, after the headline. */
  readonly also?: readonly FindingCode[];
  /** What the real client (OpenJDK 17, OpenSSL 3) says; null when it is content. */
  readonly says: RegExp | null;
  /** Case of the failure catalogue; null when there is none. */
  readonly catalogue: string | null;
}

const noPath = /unable to find valid certification path to requested target/;

/** Every link of the demo, in the order of the estate file. */
export const CAST: readonly ExpectedLink[] = [
  {
    client: "pfs",
    endpoint: "bpm-west",
    ok: true,
    headline: null,
    says: null,
    catalogue: null,
  },
  {
    client: "pfs",
    endpoint: "bpm-east",
    ok: false,
    headline: "truststore.anchor-elsewhere",
    says: noPath,
    catalogue: "A3",
  },
  {
    client: "pfs",
    endpoint: "federation-index",
    ok: false,
    headline: "chain.incomplete",
    says: noPath,
    catalogue: "B1",
  },
  {
    client: "browser",
    endpoint: "bpm-east",
    ok: true,
    headline: null,
    says: null,
    catalogue: null,
  },
  {
    client: "browser",
    endpoint: "api-gateway-console",
    ok: true,
    headline: null,
    says: null,
    catalogue: null,
  },
  {
    client: "edge-haproxy",
    endpoint: "bpm-west",
    ok: false,
    headline: "truststore.intermediate-only",
    says: /unable to get issuer certificate/,
    catalogue: "A13",
  },
  {
    client: "api-gateway",
    endpoint: "im-connector",
    ok: true,
    headline: "leaf.expiring",
    says: null,
    catalogue: "C4",
  },
  {
    client: "connector-server",
    endpoint: "api-gateway",
    ok: false,
    headline: "client-auth.expired",
    says: null,
    catalogue: "F4",
  },
  {
    client: "connector-xpress",
    endpoint: "api-gateway-console",
    ok: true,
    headline: "truststore.leaf-pinned",
    says: null,
    catalogue: "A11",
  },
  {
    client: "connector-xpress",
    endpoint: "im-console",
    ok: false,
    headline: "leaf.expired",
    says: /validity check failed/,
    catalogue: "C1",
  },
  {
    client: "connector-xpress",
    endpoint: "im-connector",
    ok: false,
    headline: "client-auth.required",
    also: ["leaf.expiring"],
    says: /certificate_required/,
    catalogue: "F2",
  },
  {
    client: "connector-xpress-test",
    endpoint: "im-console-test",
    ok: false,
    headline: "truststore.no-java-anchors",
    says: /the trustAnchors parameter must be non-empty/,
    catalogue: "A9",
  },
  {
    client: "sm-webtier",
    endpoint: "sm-server",
    ok: false,
    headline: "name.mismatch",
    also: ["name.common-name-only"],
    says: /No name matching smapp\.example\.com found/,
    catalogue: "C5",
  },
  {
    client: "sm-webtier",
    endpoint: "sm-server-plain",
    ok: false,
    headline: "topology.not-tls",
    says: /Unsupported or unrecognized SSL message/,
    catalogue: "D7",
  },
  {
    client: "sm-windows-client",
    endpoint: "sm-server",
    ok: true,
    headline: "name.unchecked-mismatch",
    also: ["name.common-name-only"],
    says: null,
    catalogue: "C18",
  },
  {
    client: "sm-reporting",
    endpoint: "sm-gateway",
    ok: false,
    headline: "truststore.anchor-rekeyed",
    says: /unable to get local issuer certificate/,
    catalogue: "A15",
  },
  {
    client: "sm-mobile",
    endpoint: "sm-archive",
    ok: false,
    headline: "truststore.anchor-expired",
    says: /certificate has expired/,
    catalogue: "A14",
  },
  {
    client: "sm-batch",
    endpoint: "sm-archive",
    ok: true,
    headline: "truststore.anchor-expired",
    says: null,
    catalogue: "A14",
  },
];
