import type { Endpoint } from "../handshake.ts";

/** Whether a scheme has HTTP behind its TLS; a target without a scheme may. */
export function speaksHttp({ scheme }: Endpoint): boolean {
  return scheme === "https" || scheme === "wss" || scheme === "tls";
}

/** Whether a text is a path, with or without a query, that a request line can hold (RFC 9112 section 3.2.1). */
export function isRequestPath(text: string): boolean {
  return /^\/[\x21-\x22\x24-\x7e]{0,2047}$/.test(text);
}
