import type { StoreFacts } from "../situation.ts";
import type { NameRequest } from "./tools/certificate-request.ts";

/** A CA that is to be trusted. */
export interface Import {
  /** PEM file with it, as the working directory or `--extract` has it. */
  readonly file: string;
  readonly alias: string;
  readonly store: StoreFacts;
  /** `server`: the certificate stands for one server (self-signed) and signs nothing. */
  readonly role: "ca" | "server";
  /** Whether somebody said which system this is. */
  readonly isKnown: boolean;
}

/** An entry that is to go. */
export interface Removal {
  /** Null where the entry has none. */
  readonly alias: string | null;
  /** SHA-256, colon-separated. */
  readonly fingerprint: string;
  readonly store: StoreFacts;
}

/** What is done on the client's side of a link, in one system. Commands stand alone in their step. */
export interface ClientRemedies {
  /** Puts a CA where the client looks for it, up to and without the restart. */
  readonly importCa: (job: Import) => readonly string[];
  readonly remove: (job: Removal) => readonly string[];
  /** Makes the client look into another store. */
  readonly useStore: (path: string) => readonly string[];
  /** Where the client takes the password of its truststore from; `path` is the store's. */
  readonly storePassword: (path: string) => readonly string[];
  /** Gives the client a certificate of its own. */
  readonly useIdentity: readonly string[];
  /** Where the client has the name that it asks for and compares, and what decides whether it compares; may be empty. */
  readonly nameAsked: (host: string) => readonly string[];
  /** What makes it look at its store anew. */
  readonly restart: readonly string[];
}

/** What is done on the server's side of a link, in one system. Commands stand alone in their step. */
export interface ServerRemedies {
  /** Installs a chain, leaf first, for the key that is there already, up to and without the restart. */
  readonly installChain: (file: string) => readonly string[];
  /** Makes a request for a certificate that carries the names, for the key that is there already. */
  readonly requestCertificate: (request: NameRequest) => readonly string[];
  /** Which of its certificates it presents to clients that ask for a name, and where that is set. */
  readonly chooseByName: (host: string) => readonly string[];
  /** Accepts client certificates of a CA. */
  readonly acceptClientCa: (file: string) => readonly string[];
  readonly restart: readonly string[];
}

/** A system that is a client only. */
export interface ClientOnly {
  /** As an operator knows it. */
  readonly title: string;
  readonly client: ClientRemedies;
}

/** A system that is client and server. */
export interface BothSides extends ClientOnly {
  readonly server: ServerRemedies;
}
