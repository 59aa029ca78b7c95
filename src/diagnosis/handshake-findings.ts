import type { FailureCode, Handshake } from "../probe/handshake.ts";
import type { OwnCertificate } from "./client-auth/own-certificate.ts";
import {
  absentCertificateFinding,
  refusedCertificateFinding,
} from "./client-auth/select-client-auth.ts";
import type { Finding } from "./finding.ts";
import type { HandshakeDiagnosis } from "./handshake-diagnosis.ts";
import { alertFinding } from "./handshake/alert.ts";
import { nameUnrecognisedFinding } from "./handshake/name-unrecognised.ts";
import {
  noCommonVersionFinding,
  nothingOfferedSuitsFinding,
} from "./handshake/nothing-in-common.ts";
import { peerFaultyFinding } from "./handshake/peer-faulty.ts";
import { refusedUpgrade } from "./handshake/upgrade-refused.ts";
import { makeFinding } from "./make-finding.ts";
import { connectionCut } from "./topology/connection-cut.ts";
import { notTls } from "./topology/not-tls.ts";
import { proxyFailure } from "./topology/proxy.ts";
import { timeout } from "./topology/timeout.ts";
import { unreachable } from "./topology/unreachable.ts";
import { unresolvable } from "./topology/unresolvable.ts";
import { wrongProtocol } from "./topology/wrong-protocol.ts";
import { printable } from "./words.ts";

/** The finding for a conversation that did not complete; null when it did. */
export function handshakeFinding(handshake: Handshake, own: OwnCertificate): Finding | null {
  const { failure } = handshake;
  if (failure === null) return null;
  const found = diagnose(failure.code, handshake, own);
  return "evidence" in found ? found : makeFinding(found.code, { severity: "critical", ...found });
}

function diagnose(
  code: FailureCode,
  handshake: Handshake,
  own: OwnCertificate,
): HandshakeDiagnosis | Finding {
  const { failure } = handshake;
  const { profile } = own;
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
      return timeout(handshake, { said, profile });
    case "wrong-protocol":
      return wrongProtocol(handshake, said);
    case "upgrade-refused":
      return refusedUpgrade(handshake, said);
    case "not-tls":
      return notTls(handshake, { said, profile });
    case "connection-closed":
    case "connection-reset":
      return connectionCut(handshake, { said, profile });
    case "version-unsupported":
      return noCommonVersionFinding(handshake, { said, profile });
    case "parameter-unsupported":
      return nothingOfferedSuitsFinding(handshake, { said, profile });
    case "alert-received":
      return alertDiagnosis(handshake, own);
    case "client-certificate-required":
      return absentCertificateFinding(handshake, own);
    case "client-certificate-refused":
      return refusedCertificateFinding(handshake, own);
    case "malformed-message":
    case "unexpected-message":
    case "message-too-large":
    case "limit-exceeded":
    case "bad-record":
    case "bad-signature":
    case "bad-finished":
      return peerFaultyFinding(handshake, said);
  }
}

function alertDiagnosis(handshake: Handshake, own: OwnCertificate): Finding {
  const { alert } = handshake;
  const { profile } = own;
  const said = `the server answered with the alert ${alert?.description ?? "alert"}`;
  if (handshake.clientCertificateRequested && (alert?.code === 40 || alert?.code === 42))
    return handshake.clientCertificateAnswer?.kind === "sent"
      ? refusedCertificateFinding(handshake, own)
      : absentCertificateFinding(handshake, own);
  switch (alert?.code) {
    case 70:
      return noCommonVersionFinding(handshake, { said, profile });
    case 40:
    case 71:
      return nothingOfferedSuitsFinding(handshake, { said, profile });
    case 112:
      return nameUnrecognisedFinding(handshake, profile);
    default:
      return alertFinding(handshake, profile);
  }
}
