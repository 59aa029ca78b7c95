import type { EmptyAnswerReason } from "../probe/client-auth-record.ts";
import type { Handshake } from "../probe/handshake.ts";
import { internCertificate } from "../x509/certificate-cache.ts";
import type { Certificate } from "../x509/certificate.ts";
import { DerError, onlyElement, Tag } from "../x509/der.ts";
import { extendedKeyUsage, valueOf } from "../x509/extensions.ts";
import { readName } from "../x509/name.ts";
import { KeyPurpose } from "../x509/oids.ts";
import type { Finding } from "./finding.ts";
import type { HandshakeDiagnosis } from "./handshake-diagnosis.ts";
import { makeFinding } from "./make-finding.ts";
import { counted, dateText, distanceText, hostPort, printable, shortName } from "./words.ts";

/** Names of accepted authorities that a sentence lists. */
const SHOWN_NAMES = 3;

/** What the diagnosis of a client certificate looks at. */
export interface OwnCertificate {
  /** DER, the client's own certificate first; null when none is configured or it is not known. */
  readonly ownChain: readonly Uint8Array[] | null;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Why a server that insists on a client certificate got none. */
export function requiredDiagnosis(
  handshake: Handshake,
  { ownChain }: OwnCertificate,
): HandshakeDiagnosis {
  const where = hostPort(handshake.endpoint);
  const answer = handshake.clientCertificateAnswer;
  const reason = answer?.kind === "empty" ? answer.reason : "not-configured";
  if (reason !== "not-configured") return unmatched(handshake, reason, ownChain);
  const words = handshake.alert === null ? "" : ` (alert ${handshake.alert.description})`;
  return {
    code: "client-auth.required",
    summary: `${where} requires a client certificate and none is configured${words}${accepted(handshake)}`,
    remedy: [
      "Configure a key and certificate from a CA that the server accepts (--cert FILE --key FILE, or --keystore FILE)",
      "Or make the client certificate optional on the server, when that is what was meant",
    ],
  };
}

/** A client that has a certificate and sends none: it found nothing that the server accepts. */
function unmatched(
  handshake: Handshake,
  reason: Exclude<EmptyAnswerReason, "not-configured">,
  ownChain: OwnCertificate["ownChain"],
): HandshakeDiagnosis {
  const where = hostPort(handshake.endpoint);
  const own = certificatesOf(ownChain);
  return {
    code: "client-auth.no-match",
    summary: `${where} requires a client certificate and the client sends none: ${mismatch(handshake, reason, own)}`,
    remedy:
      reason === "no-accepted-issuer"
        ? [
            "Store the certificate with its whole chain, so that a CA that the server names is among its issuers",
            "Or use a certificate of a CA that the server names, or have its owner add the CA of the client",
          ]
        : [
            "Use a certificate whose type of key and signatures the server accepts",
            "Or have the owner of the server accept more signature schemes",
          ],
  };
}

function mismatch(
  handshake: Handshake,
  reason: Exclude<EmptyAnswerReason, "not-configured">,
  own: readonly Certificate[],
): string {
  switch (reason) {
    case "no-accepted-issuer": {
      const issuers = [...new Set(own.map(({ issuer }) => printable(issuer.text)))];
      const ours = issuers.length === 0 ? "" : `; its issuers are ${few(issuers)}`;
      return `none of its issuers is among the accepted CAs${accepted(handshake)}${ours}`;
    }
    case "no-accepted-key-type":
      return `the server accepts no key of its type${schemes(handshake)}`;
    case "no-accepted-signature":
      return `the server accepts no certificates that are signed like its own${schemes(handshake)}`;
    case "no-accepted-scheme":
    case "cannot-sign":
      return `its key makes no signature that the server accepts${schemes(handshake)}`;
  }
}

/** Why a server refused the client certificate that it got. */
export function refusedDiagnosis(handshake: Handshake, own: OwnCertificate): HandshakeDiagnosis {
  const where = hostPort(handshake.endpoint);
  const { alert } = handshake;
  const words = alert === null ? "" : ` with the alert ${alert.description}`;
  const refused = `${where} refuses the client certificate${words}`;
  const [leaf] = certificatesOf(own.ownChain);
  if (alert?.code === 45 || (leaf !== undefined && leaf.notAfter < own.at))
    return {
      code: "client-auth.expired",
      summary: `${refused}${leaf === undefined ? "" : `: ${shortName(leaf.subject)} ${leaf.notAfter < own.at ? "expired" : "expires"} on ${dateText(leaf.notAfter)}`}`,
      remedy: [
        "Renew the client certificate and configure the new one",
        "Where the server keeps a list of permitted clients, put the new certificate on it",
      ],
    };
  switch (alert?.code) {
    case 44:
      return {
        code: "client-auth.revoked",
        summary: refused,
        remedy: ["Ask the CA why it revoked the certificate, and have a new one issued"],
      };
    case 48:
      return {
        code: "client-auth.unknown-ca",
        summary: `${refused}${issuerWords(leaf)}${accepted(handshake)}`,
        remedy: [
          "Send the intermediates of the client certificate along",
          "Have the owner of the server add the CA of the client to the server's truststore, after comparing its fingerprint",
        ],
      };
    case 43:
      return unsupported(refused, leaf);
    case undefined:
    default:
      return lacksClientAuth(leaf) ? unsupported(refused, leaf) : plainRefusal(refused);
  }
}

function plainRefusal(summary: string): HandshakeDiagnosis {
  return {
    code: "client-auth.refused",
    summary,
    remedy: [
      "Check the dates of the client certificate and that its issuer is among the CAs that the server accepts",
      "Send the intermediates of the client certificate along, and add its CA to the server's truststore",
    ],
  };
}

function unsupported(refused: string, leaf: Certificate | undefined): HandshakeDiagnosis {
  return {
    code: "client-auth.unsupported",
    summary: lacksClientAuth(leaf)
      ? `${refused}: its extended key usage does not permit client authentication`
      : refused,
    remedy: [
      "Have a certificate with the extended key usage clientAuth issued, by a private CA for clients",
    ],
  };
}

/** A warning ahead of the day on which a client's own certificate ends; null while there is time. */
export function ownExpiryFinding(
  handshake: Handshake,
  { ownChain, at }: OwnCertificate,
  thresholds: { readonly warning: number; readonly critical: number },
): Finding | null {
  if (handshake.clientCertificateAnswer?.kind !== "sent" || handshake.outcome !== "complete")
    return null;
  const sent = handshake.clientCertificateAnswer.sha256;
  const leaf = certificatesOf(ownChain).find(({ sha256 }) => sha256 === sent);
  if (leaf === undefined) return null;
  const left = leaf.notAfter - at;
  if (left > Math.max(thresholds.warning, thresholds.critical)) return null;
  const name = shortName(leaf.subject);
  return makeFinding("client-auth.expiring", {
    severity: left <= thresholds.critical ? "critical" : "warning",
    summary:
      left < 0
        ? `The client certificate ${name} expired on ${dateText(leaf.notAfter)}; this server accepts it all the same`
        : `The client certificate ${name} expires in ${distanceText(at, leaf.notAfter)}, on ${dateText(leaf.notAfter)}`,
    remedy: [`Renew ${name} before ${dateText(leaf.notAfter)} and configure the new one`],
    certificates: [leaf],
    time: leaf.notAfter,
  });
}

function lacksClientAuth(leaf: Certificate | undefined): boolean {
  const purposes = leaf === undefined ? undefined : valueOf(extendedKeyUsage(leaf));
  return (
    purposes !== undefined &&
    !purposes.includes(KeyPurpose.clientAuth) &&
    !purposes.includes(KeyPurpose.any)
  );
}

function issuerWords(leaf: Certificate | undefined): string {
  return leaf === undefined ? "" : `; ${printable(leaf.issuer.text)} issued it`;
}

function certificatesOf(chain: OwnCertificate["ownChain"]): readonly Certificate[] {
  return (chain ?? []).flatMap((der) => {
    const parsed = internCertificate(der);
    return parsed.ok ? [parsed.value] : [];
  });
}

/** `; it accepts A, B and 3 more`; nothing when the server names no authority. */
function accepted({ certificateRequest }: Handshake): string {
  const names = authorityTexts(certificateRequest?.authorities ?? []);
  return names.length === 0 ? "" : `; it accepts ${few(names)}`;
}

/** The names of authorities as text; one that cannot be read is counted with the others. */
export function authorityTexts(authorities: readonly Uint8Array[]): readonly string[] {
  return authorities.map((der) => {
    try {
      return printable(readName(onlyElement(der, Tag.sequence, "a name")).text);
    } catch (error) {
      if (!(error instanceof DerError)) throw error;
      return "an unreadable name";
    }
  });
}

function schemes({ certificateRequest }: Handshake): string {
  const names = certificateRequest?.signatureSchemes ?? [];
  return names.length === 0 ? "" : ` (${few(names)})`;
}

function few(names: readonly string[]): string {
  const rest = names.length - SHOWN_NAMES;
  const shown = names.slice(0, SHOWN_NAMES).join(" · ");
  return rest <= 0 ? shown : `${shown} and ${counted(rest, "other")}`;
}
