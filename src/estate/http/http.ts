import type { SecretReference } from "../estate.ts";
import type { AllowPattern } from "./allow-pattern.ts";

/** What somebody may do: `operate` includes `read`. */
export type HttpRole = "read" | "operate";

/** Somebody who may ask, known by the hash of a token. */
export interface EstateToken {
  readonly name: string;
  readonly role: HttpRole;
  /** SHA-256 of the token, lower-case hexadecimal. */
  readonly sha256: string;
  /** Milliseconds since 1970 from when it is refused; null: never. */
  readonly expires: number | null;
}

/** Somebody who may ask, known by a client certificate; at least one of `subject` and `spki` is there. */
export interface EstateHttpClient {
  readonly name: string;
  readonly role: HttpRole;
  /** As RFC 4514 writes it; null: any. */
  readonly subject: string | null;
  /** SHA-256 of the SubjectPublicKeyInfo, lower-case hexadecimal; null: any. */
  readonly spki: string | null;
}

/** Where and to whom the page, the metrics and the API are open. Paths are absolute. */
export interface EstateHttp {
  readonly host: string;
  readonly port: number;
  readonly tls: {
    /** PEM file, leaf first. */
    readonly certificate: string;
    /** PEM file. */
    readonly key: string;
    readonly password: SecretReference | null;
  } | null;
  /** Whether other machines may be answered without TLS. */
  readonly unencrypted: boolean;
  readonly tokens: readonly EstateToken[];
  readonly clientAuth: {
    /** Name of a truststore of the estate. */
    readonly truststore: string;
    readonly clients: readonly EstateHttpClient[];
  } | null;
  /** Names under which this daemon is reached, beside those of this machine. */
  readonly hosts: readonly string[];
  /** What may be checked beside the endpoints of the estate. */
  readonly allow: readonly AllowPattern[];
}
