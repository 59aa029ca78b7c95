import type { FailureCode, Handshake } from "../probe/handshake.ts";
import {
  type OwnCertificate,
  refusedDiagnosis,
  requiredDiagnosis,
} from "./client-auth-findings.ts";
import { refusedUpgrade, schemeSteps, wrongProtocol } from "./dialog-findings.ts";
import type { FindingCode } from "./finding-codes.ts";
import type { Finding } from "./finding.ts";
import { makeFinding } from "./make-finding.ts";
import { hostPort, printable } from "./words.ts";

/** What a failed conversation comes down to. */
export interface HandshakeDiagnosis {
  readonly code: FindingCode;
  readonly summary: string;
  readonly remedy: readonly string[];
}

/** The finding for a conversation that did not complete; null when it did. */
export function handshakeFinding(handshake: Handshake, own: OwnCertificate): Finding | null {
  const { failure } = handshake;
  if (failure === null) return null;
  const { code, summary, remedy } = diagnose(failure.code, handshake, own);
  return makeFinding(code, { severity: "critical", summary, remedy });
}

function diagnose(
  code: FailureCode,
  handshake: Handshake,
  own: OwnCertificate,
): HandshakeDiagnosis {
  const { endpoint, failure } = handshake;
  const where = hostPort(endpoint);
  const said = printable(failure?.message ?? "");
  switch (code) {
    case "dns-failed":
      return {
        code: "topology.unresolvable",
        summary: `The name ${endpoint.host} does not resolve: ${said.replace(`${endpoint.host}: `, "")}`,
        remedy: [
          `Check the spelling and the resolver of the client: getent hosts ${endpoint.host}`,
          "Use --connect ADDRESS:PORT to probe an address that DNS does not know",
        ],
      };
    case "connect-refused":
    case "connect-unreachable":
    case "connect-failed":
      return {
        code: "topology.unreachable",
        summary: `No connection to ${where}: ${said}`,
        remedy: [
          "Check that the service is running and listens on this address and port",
          "Check firewall and routing between the client and the server",
        ],
      };
    case "proxy-unreachable":
    case "timeout-proxy":
    case "proxy-authentication":
    case "proxy-refused":
    case "proxy-malformed":
      return proxyDiagnosis(code, where, said);
    case "timeout-connect":
    case "timeout-dialog":
    case "timeout-handshake":
    case "cancelled":
      return {
        code: "topology.timeout",
        summary: `No answer from ${where}: ${said}`,
        remedy: [
          "Check whether a firewall drops the packets, and whether the service hangs",
          "Raise --timeout when the service is merely slow",
          ...schemeSteps(handshake),
        ],
      };
    case "wrong-protocol":
      return wrongProtocol(handshake, said);
    case "upgrade-refused":
      return refusedUpgrade(handshake, said);
    case "not-tls":
      return {
        code: "topology.not-tls",
        summary: `${where} does not speak TLS: ${said}`,
        remedy: [
          "Use the port on which the service speaks TLS, or the scheme without TLS",
          ...schemeSteps(handshake),
        ],
      };
    case "connection-closed":
    case "connection-reset":
      return {
        code: "topology.connection-cut",
        summary: `The connection to ${where} was cut during the handshake: ${said}`,
        remedy: [
          "Look for a firewall or inspection device that ends connections after the ClientHello",
          "Look into the log of the server for the reason",
          ...schemeSteps(handshake),
        ],
      };
    case "version-unsupported":
      return versionDiagnosis(where, said);
    case "parameter-unsupported":
      return parameterDiagnosis(where, said);
    case "alert-received":
      return alertDiagnosis(handshake, where, own);
    case "client-certificate-required":
      return requiredDiagnosis(handshake, own);
    case "client-certificate-refused":
      return refusedDiagnosis(handshake, own);
    case "malformed-message":
    case "unexpected-message":
    case "message-too-large":
    case "limit-exceeded":
    case "bad-record":
    case "bad-signature":
    case "bad-finished":
      return {
        code: "handshake.peer-faulty",
        summary: `${where} breaks the TLS protocol: ${said}`,
        remedy: [
          "Check what answers at this address: a device in between may alter the handshake",
          "Update the TLS library of the server",
        ],
      };
  }
}

function versionDiagnosis(where: string, said: string): HandshakeDiagnosis {
  return {
    code: "handshake.version",
    summary: `${where} offers no protocol version in common: ${said}`,
    remedy: ["Enable TLS 1.2 or TLS 1.3 on the server"],
  };
}

function parameterDiagnosis(where: string, said: string): HandshakeDiagnosis {
  return {
    code: "handshake.no-common-parameters",
    summary: `${where} shares no cipher suite, group or signature scheme: ${said}`,
    remedy: [
      "Enable an ECDHE cipher suite with AES-GCM or ChaCha20 on the server",
      "Give the server a certificate with an RSA, ECDSA P-256 or P-384, or Ed25519 key",
    ],
  };
}

function alertDiagnosis(
  handshake: Handshake,
  where: string,
  own: OwnCertificate,
): HandshakeDiagnosis {
  const { alert } = handshake;
  const name = alert?.description ?? "alert";
  if (handshake.clientCertificateRequested && (alert?.code === 40 || alert?.code === 42))
    return handshake.clientCertificateAnswer?.kind === "sent"
      ? refusedDiagnosis(handshake, own)
      : requiredDiagnosis(handshake, own);
  switch (alert?.code) {
    case 70:
      return versionDiagnosis(where, `the server answered with the alert ${name}`);
    case 40:
    case 71:
      return parameterDiagnosis(where, `the server answered with the alert ${name}`);
    case 112:
      return {
        code: "handshake.name-unrecognised",
        summary: `${where} does not know the server name ${handshake.serverName ?? "(none sent)"}`,
        remedy: [
          "Add the name, or an alias for it, to the virtual hosts of the server",
          "Use --servername NAME when the client sends another name",
        ],
      };
    default:
      return {
        code: "handshake.alert",
        summary: `${where} refused the handshake with the alert ${name}`,
        remedy: ["Look into the log of the server: the alert does not say more from outside"],
      };
  }
}

function proxyDiagnosis(
  code: Extract<FailureCode, `proxy-${string}` | "timeout-proxy">,
  where: string,
  said: string,
): HandshakeDiagnosis {
  return {
    code: "topology.proxy",
    summary: `No connection to ${where} through the proxy: ${said}`,
    remedy:
      code === "proxy-authentication"
        ? [
            "Name the user in the URL of the proxy and its password with --proxy-password SPEC",
            "Ask the owner of the proxy which way of authentication it takes: Basic and SOCKS5 user names are known here",
          ]
        : code === "proxy-refused"
          ? [
              "Ask the owner of the proxy to permit connections to this host and port",
              "Check that the proxy can resolve and reach the server",
            ]
          : ["Check the address and kind of the proxy: http, https, socks5 or socks5h"],
  };
}
