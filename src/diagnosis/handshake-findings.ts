import type { FailureCode, Handshake } from "../probe/handshake.ts";
import {
  type OwnCertificate,
  refusedDiagnosis,
  requiredDiagnosis,
} from "./client-auth-findings.ts";
import type { Finding } from "./finding.ts";
import type { HandshakeDiagnosis } from "./handshake-diagnosis.ts";
import { refusedUpgrade } from "./handshake/upgrade-refused.ts";
import { makeFinding } from "./make-finding.ts";
import { connectionCut } from "./topology/connection-cut.ts";
import { notTls } from "./topology/not-tls.ts";
import { proxyFailure } from "./topology/proxy.ts";
import { timeout } from "./topology/timeout.ts";
import { unreachable } from "./topology/unreachable.ts";
import { unresolvable } from "./topology/unresolvable.ts";
import { wrongProtocol } from "./topology/wrong-protocol.ts";
import { hostPort, printable } from "./words.ts";

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
      return unresolvable(handshake, said);
    case "connect-refused":
    case "connect-unreachable":
    case "connect-failed":
      return unreachable(handshake, said);
    case "proxy-unreachable":
    case "timeout-proxy":
    case "proxy-authentication":
    case "proxy-refused":
    case "proxy-malformed":
      return proxyFailure(handshake, code, said);
    case "timeout-connect":
    case "timeout-dialog":
    case "timeout-handshake":
    case "cancelled":
      return timeout(handshake, said);
    case "wrong-protocol":
      return wrongProtocol(handshake, said);
    case "upgrade-refused":
      return refusedUpgrade(handshake, said);
    case "not-tls":
      return notTls(handshake, said);
    case "connection-closed":
    case "connection-reset":
      return connectionCut(handshake, said);
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
