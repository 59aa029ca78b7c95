import type { FindingCode } from "../../../src/diagnosis/finding-codes.ts";
import type { Severity } from "../../../src/diagnosis/finding.ts";
import type { ProfileName } from "../../../src/trust/profile-names.ts";
import type { Lab } from "./lab.ts";

/** A truststore as a client loads it. */
export interface StoreFile {
  readonly path: string;
  /** Null for a file without a password, and for a client that gives none. */
  readonly password: string | null;
}

/** A key and its chain with which a client answers a request for a certificate: a PKCS#12 file and its PEM forms. */
export interface Identity {
  readonly keystore: StoreFile;
  readonly certificate: string;
  readonly key: string;
}

/** What stands in the lab once a scenario is built: a server, the files of its clients, how to ask about it. */
export interface Estate {
  /** As `check` takes it, e.g. `https://service.lab.example`. */
  readonly target: string;
  /** Name that clients mean. */
  readonly host: string;
  /** Port on 127.0.0.1 where the server listens. */
  readonly port: number;
  /** Truststore of Java clients; the one of the others where it is absent. */
  readonly javaStore?: StoreFile;
  /** Truststore of all other clients; null: no such client takes part. */
  readonly store: StoreFile | null;
  /** Other truststores of the estate by name; the check then goes by an estate file. */
  readonly others?: Readonly<Record<string, StoreFile>>;
  /** The real clients' own certificate; `check` gets it through `arguments`. */
  readonly identity?: Identity;
  /** Further arguments of `check`, e.g. `["--cert", path, "--key", path]`. */
  readonly arguments?: readonly string[];
}

/** What is expected for one client. */
export interface Expectation {
  readonly accepted: boolean;
  /** Null: no finding of severity warning or above, and none as headline. */
  readonly headline: FindingCode | null;
  /** Further findings that must be there; every other one of severity warning or above is a failure. */
  readonly others?: Partial<Record<FindingCode, Severity>>;
}

/** One situation of the failure catalogue: how to build it, and what has to be said about it. */
export interface Scenario {
  /** Case of the catalogue, with a variant behind a hyphen: `A1`, `B4-unordered`. */
  readonly id: string;
  readonly title: string;
  readonly build: (lab: Lab) => Estate | Promise<Estate>;
  /** What every client is expected to make of it … */
  readonly expected: Expectation;
  /** … and those that differ. */
  readonly except?: Partial<Record<ProfileName, Expectation>>;
  /** Clients that `check` judges as. @default USUAL_PROFILES */
  readonly profiles?: readonly ProfileName[];
  /** Profiles whose real client connects, too; it must agree in verdict and words. @default every one that is here */
  readonly realClients?: readonly ProfileName[];
  /** Whether the real clients are asked for their verdict only, because nothing predicts their words. @default false */
  readonly verdictOnly?: boolean;
  /** Words that the headline must contain, e.g. the alias that another store holds the anchor under. */
  readonly says?: readonly (string | RegExp)[];
}

/** The clients of a scenario that names none. */
export const USUAL_PROFILES: readonly ProfileName[] = [
  "openjdk-17",
  "openjdk-17-sunx509",
  "openssl-3",
  "nodejs-24",
  "go",
];

/** The client accepts and nothing needs saying. */
export const fine: Expectation = { accepted: true, headline: null };

/** The client accepts; something is worth saying first. */
export const works = (headline: FindingCode, others: Expectation["others"] = {}): Expectation => ({
  accepted: true,
  headline,
  others,
});

/** The client refuses. */
export const broken = (headline: FindingCode, others: Expectation["others"] = {}): Expectation => ({
  accepted: false,
  headline,
  others,
});
