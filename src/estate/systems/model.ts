import type { Certificate } from "../../x509/certificate.ts";
import type { NameCheck, PeerCheck } from "../../trust/verdict.ts";
import type { ProfileName } from "../../trust/profile-names.ts";
import type { ClientAuthExpectation, SecretReference } from "../estate.ts";
import type { ImportIssueCode } from "./issue-codes.ts";
import type { Place, Sourced } from "./origin.ts";

/**
 * A truststore or keystore that a configuration names. Names within one import are local; the empty
 * name is the system's main one. The framework puts the import's prefix in front.
 */
export interface ImportedTruststore {
  readonly name: string;
  /** Absolute paths, or locations such as `java-home:PATH`. At least one. */
  readonly paths: readonly Sourced<string>[];
  /** Never a password: where it is. */
  readonly password: Sourced<SecretReference> | null;
  /** Type that the configuration declares, e.g. `PKCS12`; absent when it declares none. */
  readonly type?: Sourced<string>;
}

/** What a client authenticates itself with. */
export type ImportedIdentity =
  | {
      readonly kind: "keystore";
      readonly path: Sourced<string>;
      readonly password: Sourced<SecretReference> | null;
      readonly keyPassword: Sourced<SecretReference> | null;
      readonly alias: Sourced<string> | null;
    }
  | {
      readonly kind: "pem";
      readonly certificate: Sourced<string>;
      readonly key: Sourced<string>;
      readonly password: Sourced<SecretReference> | null;
    };

/** A relying party that a configuration describes. */
export interface ImportedClient {
  readonly name: string;
  readonly profile: Sourced<ProfileName>;
  /** Local names of truststores, in the order in which the system asks them; empty only where it checks nothing. */
  readonly trust: readonly Sourced<string>[];
  /** Whether it checks chains; absent: it does. */
  readonly peerCheck?: Sourced<PeerCheck>;
  readonly nameCheck: Sourced<NameCheck>;
  readonly identity: ImportedIdentity | null;
  /** Versions that it offers, e.g. `TLSv1.2`, where the configuration limits them; absent: not known. */
  readonly protocols?: Sourced<readonly string[]>;
  /** Cipher suites that it offers by registered names, where the configuration limits them; absent: not known. */
  readonly cipherSuites?: Sourced<readonly string[]>;
  /** What it presents where it is asked for a certificate, leaf first; absent or empty: not known. */
  readonly ownChain?: readonly Certificate[];
}

/** Something that speaks TLS: dialled by the system, or the system's own listener. */
export interface ImportedEndpoint {
  readonly name: string;
  readonly direction: "dials" | "listens";
  /** As the estate takes it: `https://host:port`, `ldaps://host:636`, `tls://host:port`. */
  readonly url: Sourced<string>;
  /** Name to send and to check where it is not the host. */
  readonly serverName: Sourced<string> | null;
  /** What it asks of its clients, where the configuration says so. */
  readonly clientAuth: Sourced<ClientAuthExpectation> | null;
  readonly labels: Readonly<Record<string, string>>;
  /** Versions that it accepts, e.g. `TLSv1.2`, where the configuration limits them; absent: not known. */
  readonly protocols?: Sourced<readonly string[]>;
  /** Cipher suites that it accepts by registered names, where the configuration limits them; absent: not known. */
  readonly cipherSuites?: Sourced<readonly string[]>;
  /** The CAs of whose clients it accepts certificates; absent or empty: not known. */
  readonly clientAuthorities?: Sourced<readonly Certificate[]>;
  /** What it presents, leaf first; absent or empty: not known. */
  readonly ownChain?: readonly Certificate[];
}

/** One client that dials one endpoint; local names. */
export interface ImportedLink {
  readonly from: string;
  readonly to: string;
  /** Why: which element dials, and by which rule this client was chosen for it. */
  readonly origin: Sourced<null>["origin"];
}

/** What could not be derived and is not guessed, or what an operator should know of how it was. */
export interface ImportNote {
  /** One sentence without a trailing full stop; shows no secret. */
  readonly message: string;
  readonly place: Place | null;
}

/** What a cross-check found. */
export interface ImportIssue {
  readonly code: ImportIssueCode;
  readonly severity: "critical" | "warning" | "info";
  /** One sentence without a trailing full stop; shows no secret. */
  readonly summary: string;
  readonly place: Place | null;
  /** Steps in order; commands stand alone in their step. */
  readonly remedy: readonly string[];
  /** Path of the store that it is about, where it is about one as a whole. */
  readonly store?: string;
}

/** What an importer makes of a system's configuration. */
export interface SystemImport {
  /** What the system calls itself, e.g. the name of a server; becomes the prefix unless another is asked for. */
  readonly name: string;
  readonly truststores: readonly ImportedTruststore[];
  readonly clients: readonly ImportedClient[];
  readonly endpoints: readonly ImportedEndpoint[];
  readonly links: readonly ImportedLink[];
  readonly notes: readonly ImportNote[];
  readonly issues: readonly ImportIssue[];
}
