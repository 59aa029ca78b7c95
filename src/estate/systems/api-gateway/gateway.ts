import type { Certificate } from "../../../x509/certificate.ts";
import type { ClientAuthExpectation } from "../../estate.ts";
import { javaCipherSuites } from "../cipher-suite-lists.ts";
import { type Place, type Sourced, written } from "../origin.ts";

/** What a trusted certificate of a gateway may be used for; every flag that is absent is off. */
export interface TrustedCertificateFlags {
  readonly trustAnchor: boolean;
  /** As the certificate of a server itself. */
  readonly ssl: boolean;
  /** As issuer of servers' certificates. */
  readonly signingServer: boolean;
  /** As issuer of clients' certificates. */
  readonly signingClient: boolean;
  readonly saml: boolean;
  readonly verifyHostname: boolean;
}

/** An entry of the gateway's list of trusted certificates. */
export interface GatewayTrustedCertificate {
  readonly name: string;
  /** Identifiers by which other parts of a bundle refer to it. */
  readonly ids: readonly string[];
  /** Null when the bundle holds none that can be read. */
  readonly certificate: Certificate | null;
  /** The subject as the bundle writes it beside the certificate. */
  readonly subject: string | null;
  readonly flags: TrustedCertificateFlags;
  readonly place: Place;
  /** Where the check of host names is set, or the entry where it is not. */
  readonly hostnamePlace: Place;
}

/** A port on which the gateway listens. */
export interface GatewayListenPort {
  readonly name: string;
  readonly enabled: boolean;
  /** As written, e.g. `HTTPS` or `l7.raw.tcp`. */
  readonly protocol: string;
  readonly port: Sourced<number>;
  readonly clientAuth: Sourced<ClientAuthExpectation> | null;
  readonly keyAlias: Sourced<string> | null;
  readonly protocols: Sourced<readonly string[]> | null;
  /** Registered names; null where none are written. */
  readonly cipherSuites: Sourced<readonly string[]> | null;
  readonly place: Place;
}

/** The public part of a private key. */
export interface GatewayKey {
  readonly alias: string;
  readonly chain: readonly Certificate[];
  readonly place: Place;
}

/** Something that the gateway dials. */
export interface GatewayRoute {
  /** What dials: name of a service, policy or configuration. */
  readonly owner: string;
  readonly url: Sourced<string>;
  /** The key to present; null: none is named. */
  readonly keyAlias: Sourced<string> | null;
  /** Names or identifiers of the only certificates that count; empty: all trusted ones. */
  readonly trustedOnly: readonly string[];
  readonly protocols: Sourced<readonly string[]> | null;
  /** Registered names; null where none are written. */
  readonly cipherSuites: Sourced<readonly string[]> | null;
  /** False where the route itself switches the check off. */
  readonly verifyServer: Sourced<boolean> | null;
  readonly verifyHostname: Sourced<boolean> | null;
}

/** A federated identity provider. */
export interface GatewayProvider {
  readonly name: string;
  readonly ids: readonly string[];
  /** Names or identifiers of the trusted certificates that issue for it. */
  readonly issuers: readonly string[];
  readonly place: Place;
}

/** A user that is recognised by a client certificate. */
export interface GatewayFederatedUser {
  readonly name: string;
  readonly provider: string;
  readonly subject: Sourced<string> | null;
  readonly certificate: Certificate | null;
  readonly place: Place;
}

/** What a bundle says about TLS. */
export interface GatewayConfiguration {
  readonly trusted: readonly GatewayTrustedCertificate[];
  readonly ports: readonly GatewayListenPort[];
  readonly keys: readonly GatewayKey[];
  readonly routes: readonly GatewayRoute[];
  readonly providers: readonly GatewayProvider[];
  readonly users: readonly GatewayFederatedUser[];
  readonly properties: ReadonlyMap<string, Sourced<string>>;
}

/** A configuration that is being read. */
export interface GatewayParts {
  readonly trusted: GatewayTrustedCertificate[];
  readonly ports: GatewayListenPort[];
  readonly keys: GatewayKey[];
  readonly routes: GatewayRoute[];
  readonly providers: GatewayProvider[];
  readonly users: GatewayFederatedUser[];
  readonly properties: Map<string, Sourced<string>>;
  /** Says what of the bundle could not be understood. */
  readonly note: (message: string, place: Place | null) => void;
}

const CLIENT_AUTH: ReadonlyMap<string, ClientAuthExpectation> = new Map([
  ["none", "none"],
  ["optional", "requested"],
  ["required", "required"],
]);

/** What a port asks of its clients, from the words of either kind of bundle; null for an unknown word. */
export const clientAuthOf = (text: string): ClientAuthExpectation | null =>
  CLIENT_AUTH.get(text.toLowerCase()) ?? null;

/** Cipher suites of a list in a bundle; null where there are none, or words that are not understood. */
export function suitesOf(
  texts: readonly string[],
  place: Place | null,
): Sourced<readonly string[]> | null {
  const suites = javaCipherSuites(texts.join(","));
  return suites === null || place === null ? null : written(suites, place);
}

/** Versions as the kinds of bundles write them (`TLSv1.2`, `TLS1.2`, `TLSV1_2`), in the words of Java; `any` is none. */
export const protocolsOf = (texts: readonly string[]): readonly string[] =>
  texts.flatMap((text) => {
    const [, major, minor = "0"] = /^TLS_?v?_?(\d)(?:[._]?(\d))?$/iu.exec(text.trim()) ?? [];
    if (major === undefined) return [];
    return [minor === "0" ? `TLSv${major}` : `TLSv${major}.${minor}`];
  });
