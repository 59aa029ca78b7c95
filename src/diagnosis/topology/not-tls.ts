import type { Handshake } from "../../probe/handshake.ts";
import { foreignProtocol } from "../../probe/tls/foreign-protocols.ts";
import type { Profile } from "../../trust/profile.ts";
import type { HandshakeDiagnosis } from "../handshake-diagnosis.ts";
import { hostPort } from "../words.ts";
import { encounterMessage } from "./client-words.ts";
import { rightUrl, schemeSteps } from "./likely-schemes.ts";

/** The port speaks another protocol where TLS was expected at once (D7). `said` names it where it can be told. */
export function notTls(
  handshake: Handshake,
  { said, profile }: { readonly said: string; readonly profile: Profile | undefined },
): HandshakeDiagnosis {
  const where = hostPort(handshake.endpoint);
  const url = rightUrl(handshake);
  const instead = url === null ? "" : `; this protocol begins TLS by a dialog: ${url}`;
  return {
    code: "topology.not-tls",
    summary: `${where} does not speak TLS: ${said}${instead}`,
    remedy: [...httpSteps(handshake), ...schemeSteps(handshake)],
    clientMessage: encounterMessage(profile, "plaintext"),
  };
}

function httpSteps({ firstBytes, endpoint }: Handshake): readonly string[] {
  const isHttp = firstBytes !== null && foreignProtocol(firstBytes)?.name === "HTTP";
  return isHttp
    ? [
        `Use the port on which the web server speaks TLS, or http://${hostPort(endpoint)} where the connection may be read by anyone`,
        "Or switch TLS on for this port: nginx: listen PORT ssl; Apache: SSLEngine on; Liberty: httpsPort of the httpEndpoint",
      ]
    : ["Use the port on which the service speaks TLS, or the scheme without TLS"];
}
