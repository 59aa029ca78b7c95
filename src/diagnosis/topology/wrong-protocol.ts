import type { Handshake } from "../../probe/handshake.ts";
import type { HandshakeDiagnosis } from "../handshake-diagnosis.ts";
import { hostPort } from "../words.ts";
import { protocolName, schemeSteps } from "./likely-schemes.ts";

/** The port speaks another protocol than the scheme says (D7). `said` names it where it can be told. */
export function wrongProtocol(handshake: Handshake, said: string): HandshakeDiagnosis {
  const { endpoint } = handshake;
  return {
    code: "topology.wrong-protocol",
    summary: `${hostPort(endpoint)} is no ${protocolName(endpoint.scheme)} server: ${said}`,
    remedy: ["Check the port: another service listens on it", ...schemeSteps(handshake)],
  };
}
