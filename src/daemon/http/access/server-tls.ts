import type { SecureContextOptions } from "node:tls";

/** What the daemon shows as a TLS server, and whose client certificates it takes. */
export type ServerTls = SecureContextOptions & { readonly requestCert: boolean };
