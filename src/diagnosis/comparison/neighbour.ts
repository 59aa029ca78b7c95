import type { Handshake } from "../../probe/handshake.ts";
import { internCertificate } from "../../x509/certificate-cache.ts";

/** What the diagnosis of other endpoints of the same run needs to know of one. */
export interface Neighbour {
  readonly host: string;
  /** Name of the issuer of the server's own certificate. */
  readonly issuer: string;
}

/** A conversation as the neighbour of others; null where no readable certificate came. */
export function neighbourOf({ endpoint, certificates: [der] }: Handshake): Neighbour | null {
  const parsed = der === undefined ? null : internCertificate(der);
  if (parsed?.ok !== true) return null;
  return { host: endpoint.host, issuer: parsed.value.issuer.text };
}

/** The last two labels of a host: close enough to tell unrelated names. */
export function domainOf(host: string): string {
  return host.toLowerCase().replace(/\.$/, "").split(".").slice(-2).join(".");
}
