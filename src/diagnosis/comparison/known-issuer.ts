import type { Certificate } from "../../x509/certificate.ts";

/** A CA certificate that neither the server sent nor the client has, and how it came to be known. */
export interface KnownIssuer {
  readonly certificate: Certificate;
  /** `fetched`: from the URL that a certificate names for its issuer (AIA); `seen`: another endpoint sends it. */
  readonly how: "fetched" | "seen";
  /** The URL, or the endpoint as `host:port`. */
  readonly where: string;
}
