import type { Handshake } from "../../probe/handshake.ts";
import { alertMessage } from "../handshake/client-words.ts";
import { hostPort, printable } from "../words.ts";
import type { OwnCertificate } from "./own-certificate.ts";

/** ` (alert NAME)`, or nothing where there was none. */
export function alertWords({ alert }: Handshake): string {
  return alert === null ? "" : ` (alert ${alert.description})`;
}

/** What the client prints for the alert of the server; null where that is not known. */
export function saysTo({ profile }: OwnCertificate, { alert }: Handshake): string | null {
  return profile === undefined ? null : alertMessage(profile, alert);
}

/** `HOST:PORT refuses the client certificate with the alert NAME`, or with its answer to a request. */
export function refusedWords({ endpoint, alert, outcome, request }: Handshake): string {
  if (outcome === "complete" && request !== null)
    return `${hostPort(endpoint)} completes the handshake, and then refuses the client certificate: it answers ${request.status} to ${request.method} ${printable(request.path)}`;
  const words = alert === null ? "" : ` with the alert ${alert.description}`;
  return `${hostPort(endpoint)} refuses the client certificate${words}`;
}
