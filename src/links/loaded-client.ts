import type { RelyingParty } from "../diagnosis/assessment.ts";
import type { Keyring } from "../probe/tls/client-options.ts";
import type { Result } from "../x509/result.ts";

/** What a client has to answer a server's request for a certificate (RFC 8446 section 4.4.2). */
export interface ClientIdentity {
  /** Of what it has and how it chooses: clients with the same one share a handshake. */
  readonly id: string;
  readonly keyring: Keyring;
}

/** A client of the estate, with everything it brings to a handshake and a verdict. */
export interface LoadedClient {
  readonly party: RelyingParty;
  /** Null for a client without a certificate of its own; an error when it cannot be read. */
  readonly identity: Result<ClientIdentity, string> | null;
}
