import type { Handshake } from "../../probe/handshake.ts";
import { alertMessage } from "../handshake/client-words.ts";
import { hostPort } from "../words.ts";
import type { OwnCertificate } from "./own-certificate.ts";

/** ` (alert NAME)`, or nothing where there was none. */
export function alertWords({ alert }: Handshake): string {
  return alert === null ? "" : ` (alert ${alert.description})`;
}

/** What the client prints for the alert of the server; null where that is not known. */
export function saysTo({ profile }: OwnCertificate, { alert }: Handshake): string | null {
  return profile === undefined ? null : alertMessage(profile, alert);
}

/** `HOST:PORT refuses the client certificate with the alert NAME`. */
export function refusedWords({ endpoint, alert }: Handshake): string {
  const words = alert === null ? "" : ` with the alert ${alert.description}`;
  return `${hostPort(endpoint)} refuses the client certificate${words}`;
}
