import type { Certificate } from "../../x509/certificate.ts";
import type { ServerSystem } from "../../trust/system-names.ts";
import type { Situation } from "../situation.ts";
import { counted, dateText, fingerprint, shortName } from "../words.ts";
import { chainFileName, inFolder } from "./certificate-files.ts";
import { serverBundle } from "./server-bundle.ts";
import { surroundingsOf } from "./surroundings.ts";
import type { ServerRemedies } from "./system-remedies.ts";
import { opensslRequest } from "./tools/certificate-request.ts";
import { SYSTEMS } from "./system-table.ts";
import { extractStep } from "./verify-step.ts";

/** Where the common servers want a chain, in one line. */
const CHAIN_HINT =
  "nginx: ssl_certificate with the full chain file; Apache: SSLCertificateFile; HAProxy: crt, with the key; Tomcat: certificateChainFile; Java: import the CA's reply with its chain into the key entry; IBM HTTP Server: add the intermediates to the key database";

const UNKNOWN_SERVER: ServerRemedies = {
  installChain: (file) => [`Install ${file} on the server`, CHAIN_HINT],
  requestCertificate: (request) => [
    "Make the request for it by the next command where the key is a PEM file, by keytool -certreq -ext SAN=dns:NAME where it lies in a Java keystore",
    opensslRequest(request),
  ],
  chooseByName: (host) => [
    `Check that the server selects the intended certificate for ${host}: server_name (nginx), ServerName or ServerAlias (Apache), crt-list (HAProxy), SSLHostConfig (Tomcat), SSLServerCert (IBM HTTP Server)`,
  ],
  acceptClientCa: (file) => [
    `Have the owner of the server add ${file} to the CAs of client certificates: ssl_client_certificate (nginx), SSLCACertificateFile (Apache), ca-file of the bind line (HAProxy), the truststore (Java, Tomcat, Liberty), the key database (IBM HTTP Server)`,
  ],
  restart: ["Reload or restart the server: many read their certificates only at the start"],
};

/** What is done on the server's side: in the system that somebody named, else in words that fit the common ones. */
export function serverRemedies(system: ServerSystem | null): ServerRemedies {
  return system === null ? UNKNOWN_SERVER : SYSTEMS[system].server;
}

/**
 * How to make the server send the right certificates in the right order: the bundle by name and fingerprint where all
 * of it is at hand, else what is missing.
 */
export function sendChainSteps(situation: Situation): readonly string[] {
  const { server, folder } = surroundingsOf(situation);
  const { installChain, restart } = serverRemedies(server);
  const bundle = serverBundle(situation);
  const [leaf] = bundle?.certificates ?? [];
  if (bundle === null || leaf === undefined) return ["Configure a certificate on the server"];
  const last = bundle.certificates.at(-1) ?? leaf;
  if (!bundle.isComplete)
    return [
      `Configure the server to send its certificate followed by ${last.issuer.text} and every further intermediate`,
      ...installChain("CHAIN.pem"),
      ...restart,
    ];
  const name = chainFileName(leaf);
  return [
    `The server should send ${counted(bundle.certificates.length, "certificate")}, in this order: ${orderText(bundle.certificates)}`,
    ...(folder === null
      ? [`Write them into the file ${name} with the next command`, extractStep(situation, ".")]
      : [`They are written into ${inFolder(folder, name)}`]),
    ...installChain(inFolder(folder, name)),
    ...restart,
  ];
}

function orderText(certificates: readonly Certificate[]): string {
  return certificates
    .map(
      (certificate, index) =>
        `${index + 1}. ${shortName(certificate.subject)} (SHA-256 ${fingerprint(certificate)})`,
    )
    .join(", ");
}

/**
 * How to put a new certificate in the place of the server's.
 * @param before ms since 1970 until which it has to be done; null where it is due already
 */
export function renewSteps(
  certificate: Certificate,
  before: number | null,
  situation: Situation,
): readonly string[] {
  const { server } = surroundingsOf(situation);
  const { installChain, restart } = serverRemedies(server);
  const name = shortName(certificate.subject);
  return [
    `Renew the certificate of ${name}${before === null ? "" : ` before ${dateText(before)}`}, with a new key where the rules ask for one, and install it on the server, with its intermediates, as NEW-CHAIN.pem`,
    ...installChain("NEW-CHAIN.pem"),
    ...restart,
    "If it was renewed already, the server still presents the old one: compare the file with what it sends, and restart it",
  ];
}

/**
 * How to replace a certificate that the server sends beside its own, by its current issue.
 * @param before ms since 1970 until which it has to be done; null where it is due already
 */
export function replaceIntermediateSteps(
  stale: Certificate,
  situation: Situation,
  before: number | null = null,
): readonly string[] {
  const bundle = serverBundle(situation);
  const isAtHand =
    bundle?.isComplete === true &&
    !bundle.certificates.some(({ sha256 }) => sha256 === stale.sha256);
  if (isAtHand) return sendChainSteps(situation);
  const { server } = surroundingsOf(situation);
  const { installChain, restart } = serverRemedies(server);
  return [
    `Replace ${shortName(stale.subject)} (SHA-256 ${fingerprint(stale)}) on the server by its current certificate from the CA${before === null ? "" : ` before ${dateText(before)}`}: same name and key, new dates`,
    ...installChain("NEW-CHAIN.pem"),
    ...restart,
  ];
}
