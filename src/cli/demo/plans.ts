import type { ProfileName } from "../../trust/profile-names.ts";
import type { CertificateId } from "./certificates.ts";

/** One truststore file: its path below the demo's folder, and its certificates under their aliases. */
export interface StorePlan {
  readonly path: string;
  /**
   * `keytool` and `openssl` are PKCS#12 as these programs write it; Java takes nothing of the second for
   * an anchor. PEM has neither aliases nor a password.
   */
  readonly format: "keytool" | "openssl" | "jks" | "pem";
  readonly entries: readonly (readonly [alias: string, certificate: CertificateId])[];
}

/** A client of the estate file; `identity` is the certificate that it shows to servers that ask. */
export interface ClientPlan {
  readonly profile: ProfileName;
  readonly trust: readonly TruststoreName[];
  readonly nameCheck: "https" | "none";
  readonly identity?: {
    readonly chain: readonly CertificateId[];
    readonly cert: string;
    readonly key: string;
  };
}

/** A local server, and what the estate file says about it. */
export interface EndpointPlan {
  /** The address that clients would use; the server itself listens on loopback. */
  readonly url: string;
  /**
   * `silent` accepts and waits, as an LDAP server does for its client; `plain` speaks HTTP without TLS.
   */
  readonly kind: "web" | "silent" | "plain";
  /** What the server sends, leaf first. */
  readonly chain: readonly CertificateId[];
  /** The CAs whose client certificates are required. */
  readonly clientAuthorities?: readonly CertificateId[];
  readonly maxVersion?: "TLSv1.2";
  readonly labels: { readonly estate: string; readonly zone: string };
}

/** Name of a truststore of the demo. */
export type TruststoreName =
  | "pfs-trust"
  | "corp-roots"
  | "edge-ca"
  | "gw-trust"
  | "cs-trust"
  | "xpress-cacerts"
  | "xpress-test-trust"
  | "sm-webtier-cacerts"
  | "sm-client-cacerts"
  | "sm-reporting-ca"
  | "sm-mobile-ca"
  | "sm-batch-trust";

/** Name of a client of the demo. */
export type ClientName =
  | "pfs"
  | "browser"
  | "edge-haproxy"
  | "api-gateway"
  | "connector-server"
  | "connector-xpress"
  | "connector-xpress-test"
  | "sm-webtier"
  | "sm-windows-client"
  | "sm-reporting"
  | "sm-mobile"
  | "sm-batch";

/** Name of an endpoint of the demo. */
export type EndpointName =
  | "bpm-west"
  | "bpm-east"
  | "federation-index"
  | "im-connector"
  | "im-console"
  | "im-console-test"
  | "api-gateway"
  | "api-gateway-console"
  | "sm-server"
  | "sm-server-plain"
  | "sm-gateway"
  | "sm-archive";

/** Which endpoints a client depends on. */
export interface LinkPlan {
  readonly from: ClientName;
  readonly to: readonly EndpointName[];
}
