import type { RequestPlan } from "../probe/follow-up/request-record.ts";
import type { Endpoint } from "../probe/handshake.ts";
import type { KeyManager } from "../trust/key-policy.ts";
import type { ProfileName } from "../trust/profile-names.ts";
import type { ClientSystem, ServerSystem } from "../trust/system-names.ts";
import type { NameCheck, PeerCheck } from "../trust/verdict.ts";
import type { EstateAlerts, EstateNotifier } from "./alerts/alerts.ts";
import type { EstateHttp } from "./http/http.ts";
import type { EstateRoute } from "./route.ts";
import type { Threshold } from "./duration.ts";
import type { EstateImport } from "./systems/estate-imports.ts";
import type { TimeWindow } from "./windows/time-window.ts";

/** Where a password is kept; never the password itself. Paths are absolute. */
export type SecretReference =
  | { readonly kind: "env"; readonly name: string }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "stash"; readonly path: string }
  /** As a system encodes it: `{xor}...` or `{aes}...`; `key` is what the encryption's key is derived from. */
  | { readonly kind: "encoded"; readonly text: string; readonly key: SecretReference | null }
  /** Inside a system's own configuration, plain or encoded; see estate/systems/secret/locator.ts for `at`. */
  | {
      readonly kind: "config";
      readonly path: string;
      readonly at: string;
      readonly key: SecretReference | null;
    };

/** A named truststore and the files that it is read from. */
export interface EstateTruststore {
  readonly name: string;
  /** Absolute paths, in the order written. */
  readonly paths: readonly string[];
  readonly password: SecretReference | null;
}

/** What a client authenticates itself with. */
export type EstateIdentity = (PemIdentity | KeystoreIdentity) & {
  /** The key manager of a Java client; null: the JDK's default. */
  readonly keyManager: KeyManager | null;
};

/** The private keys of a keystore. */
export interface KeystoreIdentity {
  readonly kind: "keystore";
  /** Absolute path of a JKS, JCEKS, PKCS#12 or PEM file. */
  readonly path: string;
  readonly password: SecretReference | null;
  /** Password of the keys; null: that of the store. */
  readonly keyPassword: SecretReference | null;
  /** The one entry to use; null: all, among which the client chooses. */
  readonly alias: string | null;
}

/** A certificate and its key in PEM files. */
export interface PemIdentity {
  readonly kind: "pem";
  /** Absolute path of a PEM file, leaf first. */
  readonly certificate: string;
  /** Absolute path of a PEM file. */
  readonly key: string;
  /** Password of an encrypted key. */
  readonly password: SecretReference | null;
}

/** A relying party of the estate. */
export interface EstateClient {
  readonly name: string;
  readonly profile: ProfileName;
  /** What it runs in; null when nobody says. */
  readonly system: ClientSystem | null;
  /** Names of truststores; every one exists. Empty only where `peerCheck` is `none`. */
  readonly truststores: readonly string[];
  /** Whether it checks chains. @default chain */
  readonly peerCheck?: PeerCheck;
  readonly nameCheck: NameCheck;
  readonly identity: EstateIdentity | null;
  /** When its process was started. @default null, nobody says */
  readonly started?: EstateStart | null;
}

/** When a client's process was started: a moment (ms since 1970), or the file in which it writes its number. */
export type EstateStart =
  | { readonly kind: "time"; readonly time: number }
  | { readonly kind: "pid-file"; readonly path: string };

/** What an endpoint is expected to ask of its clients. */
export type ClientAuthExpectation = "none" | "requested" | "required";

/** Something that speaks TLS, as the estate describes it. */
export interface EstateEndpoint {
  readonly name: string;
  /** As written. */
  readonly url: string;
  /** What answers there; null when nobody says. */
  readonly system: ServerSystem | null;
  readonly target: Endpoint;
  /** Name to send and to check instead of the host; null when it is the host. */
  readonly serverName: string | null;
  /** Where to dial instead of the host; a null port is the target's own. */
  readonly connect: { readonly host: string; readonly port: number | null } | null;
  readonly labels: Readonly<Record<string, string>>;
  /** Milliseconds between probes. */
  readonly every: number;
  /** Share (0 to 0.5) of `every` by which each probe is moved at random, both ways. @default 0.05 */
  readonly jitter?: number;
  /** Milliseconds for one handshake. */
  readonly timeout: number;
  /** Milliseconds from one handshake with an address to the next, at least. @default 0 */
  readonly pace?: number;
  /** Times in which it is not probed. @default none */
  readonly quiet?: readonly TimeWindow[];
  /** Milliseconds for each phase of one; null: as long as there is time for the whole. */
  readonly phaseTimeout: number | null;
  readonly route: EstateRoute;
  /** Request that is made after the handshake; null for none. */
  readonly request: RequestPlan | null;
  readonly expect: {
    readonly clientAuth: ClientAuthExpectation | null;
    /** Addresses and networks (CIDR) of the server. @default it may be anywhere */
    readonly addresses?: readonly string[];
  };
}

/** One client that depends on one endpoint; both exist. */
export interface EstateLink {
  readonly client: string;
  readonly endpoint: string;
}

/** Limits of probing. */
export interface EstateSchedule {
  /** Handshakes in flight at most. */
  readonly concurrency: number;
  /** Handshakes in flight at most with one host. */
  readonly perHost: number;
}

/** An estate file, checked and complete: defaults filled in, paths absolute, references sound. */
export interface Estate {
  /** Absolute path of the file. */
  readonly file: string;
  readonly truststores: readonly EstateTruststore[];
  readonly clients: readonly EstateClient[];
  readonly endpoints: readonly EstateEndpoint[];
  /** Every link once, in the order written. */
  readonly links: readonly EstateLink[];
  readonly schedule: EstateSchedule;
  readonly thresholds: { readonly warning: Threshold; readonly critical: Threshold };
  readonly history: {
    /** Absolute path of the database. */
    readonly path: string;
    /** Milliseconds for which records are kept. */
    readonly keep: number;
  };
  readonly http: EstateHttp;
  readonly alerts: EstateAlerts;
  readonly notifiers: readonly EstateNotifier[];
  /** What was read from systems' own configuration; its entries are among those above. */
  readonly imports: readonly EstateImport[];
  /** What is worth knowing though the estate can be used: sections that have no effect, links stated twice. */
  readonly notices: readonly EstateProblem[];
}

/** One mistake in an estate file. */
export interface EstateProblem {
  /** Path of the file as it was given. */
  readonly file: string;
  /** From 1; null when the mistake is about the file as a whole. */
  readonly line: number | null;
  /** From 1; null when the mistake is about the file as a whole. */
  readonly column: number | null;
  /** Where in the document, e.g. `endpoints.bpm-east.url` or `links[2].to[0]`; empty for the whole. */
  readonly path: string;
  /** What is wrong, without a trailing full stop. Never holds a secret. */
  readonly message: string;
  /** What would be right; null when the message says it all. */
  readonly hint: string | null;
}

/** One line for people and editors: `file:line:column path: message (hint)`. */
export function formatProblem(problem: EstateProblem): string {
  const { file, line, column, path, message, hint } = problem;
  const position = line === null || column === null ? file : `${file}:${line}:${column}`;
  const where = path === "" ? position : `${position} ${path}`;
  return `${where}: ${message}${hint === null ? "" : ` (${hint})`}`;
}
