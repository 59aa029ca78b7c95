import type { ClientSystem, ServerSystem } from "../../trust/system-names.ts";
import type { Certificate } from "../../x509/certificate.ts";
import { fingerprint, shortName } from "../words.ts";
import { serverRemedies } from "./server-steps.ts";
import { SYSTEMS } from "./system-table.ts";

/** The systems on both sides, as far as they are known. */
export interface Sides {
  readonly client: ClientSystem | null;
  readonly server: ServerSystem | null;
}

/** How to give the client a certificate of its own. */
export function identitySteps({ client }: Sides): readonly string[] {
  if (client === null)
    return [
      "Configure a key and certificate from a CA that the server accepts (--cert FILE --key FILE, or --keystore FILE)",
    ];
  const { useIdentity, restart } = SYSTEMS[client].client;
  return [
    "Get a certificate for clients from a CA that the server accepts, and try it with check: --cert FILE --key FILE, or --keystore FILE",
    ...useIdentity,
    ...restart,
  ];
}

/** Where the client has its key, the alias and the password; nothing where nobody knows the system. */
export function identityPlaceSteps({ client }: Sides): readonly string[] {
  if (client === null) return [];
  const { title, client: steps } = SYSTEMS[client];
  return [`Where ${title} has them:`, ...steps.useIdentity, ...steps.restart];
}

/**
 * How the owner of the server makes it accept client certificates of a CA.
 * @param ca null where its certificate is not at hand
 */
export function acceptIssuerSteps(ca: Certificate | null, { server }: Sides): readonly string[] {
  const { acceptClientCa, restart } = serverRemedies(server);
  return [
    ca === null
      ? "Give the owner of the server the certificate of the CA that issued the client certificate, as CLIENT-CA.pem, with its SHA-256 fingerprint"
      : `Give the owner of the server the certificate of ${shortName(ca.subject)} as CLIENT-CA.pem, to be compared with the owner of that CA: SHA-256 ${fingerprint(ca)}`,
    ...acceptClientCa("CLIENT-CA.pem"),
    ...restart,
  ];
}
