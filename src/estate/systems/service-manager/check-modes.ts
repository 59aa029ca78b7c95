import type { ImportBuilder } from "../import-builder.ts";
import { placeOf, type Sourced } from "../origin.ts";
import type { ServiceManagerProcess } from "./process.ts";

/** The switches of a process as they count together. */
export interface ServiceManagerMode {
  /** Whether there is a listener for HTTPS. */
  readonly hasTls: boolean;
  /** 0: none, 1: a certificate of a trusted CA, 2: one of the list of trusted clients as well. */
  readonly clientAuth: Sourced<number>;
}

/** How the switches of a process work together: `cacsignon` implies others. */
export function modeOf(process: ServiceManagerProcess): ServiceManagerMode {
  const cac = process.number("cacsignon", 0);
  const clientAuth = process.number("ssl_reqClientAuth", 0);
  const implied = cac.value === 1 && clientAuth.value < 1;
  return {
    hasTls: process.number("sslConnector", 1).value !== 0 || cac.value === 1,
    clientAuth: implied ? { ...cac, value: 1 } : clientAuth,
  };
}

/** Finds switches of a process that contradict each other, or ask for a file that is not named. */
export function checkModes(process: ServiceManagerProcess, builder: ImportBuilder): void {
  const ssl = process.number("ssl", 0);
  const connector = process.number("sslConnector", 1);
  const trustedSignOn = process.number("trustedsignon", 0);
  const cac = process.number("cacsignon", 0);
  const { hasTls, clientAuth } = modeOf(process);
  const wrong = (value: Sourced<unknown>, summary: string, remedy: string): void =>
    builder.issue({
      code: "estate.service-manager-mode",
      severity: "warning",
      summary,
      place: placeOf(value) ?? process.place,
      remedy: [remedy, "Restart the Service Manager processes"],
    });

  if (ssl.value === 1 && connector.value === 0 && cac.value !== 1)
    wrong(
      connector,
      "ssl:1 requires HTTPS, and sslConnector:0 takes its listener away, so no client can connect",
      "Set sslConnector:1, or ssl:0",
    );
  if (clientAuth.value === 2 && process.text("ssl_trustedClientsJKS") === null)
    wrong(
      clientAuth,
      "ssl_reqClientAuth:2 accepts only clients of ssl_trustedClientsJKS, which is not named",
      "Name the store of the client certificates: ssl_trustedClientsJKS:trustedclients.keystore and ssl_trustedClientsPwd",
    );
  if (trustedSignOn.value === 1 && (ssl.value !== 1 || clientAuth.value !== 2))
    wrong(
      trustedSignOn,
      `trustedsignon:1 needs ssl:1 and ssl_reqClientAuth:2; they are ssl:${ssl.value} and ssl_reqClientAuth:${clientAuth.value}`,
      "Set ssl:1 and ssl_reqClientAuth:2, or trustedsignon:0",
    );
  if (cac.value === 1 && process.parameter("sslConnector") !== null && connector.value === 0)
    wrong(
      cac,
      "cacsignon:1 implies sslConnector:1, and sslConnector:0 is set",
      "Remove sslConnector:0",
    );
  if (clientAuth.value > 0 && !hasTls)
    wrong(
      clientAuth,
      "Client certificates are asked for, and sslConnector:0 takes the HTTPS listener away",
      "Set sslConnector:1, or ssl_reqClientAuth:0",
    );
  if (hasTls && (ssl.value === 1 || clientAuth.value > 0) && process.text("keystoreFile") === null)
    wrong(
      ssl.value === 1 ? ssl : clientAuth,
      "HTTPS is required, and keystoreFile does not name the server's key",
      "Name the server's keystore: keystoreFile:server.keystore and keystorePass",
    );
  if (clientAuth.value > 0 && process.text("truststoreFile") === null)
    builder.issue({
      code: "estate.client-auth-unconfigured",
      severity: "warning",
      summary:
        "Client certificates are required, and truststoreFile does not name the CAs of the clients",
      place: placeOf(clientAuth) ?? process.place,
      remedy: [
        "Name the store with the CAs of the clients: truststoreFile:cacerts and truststorePass",
      ],
    });
  const http = process.number("httpPort", 13080);
  const https = process.number("httpsPort", 13443);
  if (hasTls && http.value === https.value)
    wrong(https, `httpPort and httpsPort are both ${https.value}`, "Give the process two ports");
}
