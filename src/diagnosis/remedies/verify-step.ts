import type { Situation } from "../situation.ts";
import { hostPort, shellWord } from "../words.ts";

/** The last step of every remedy: the command that shows whether it worked. */
export function verifyStep(situation: Situation): string {
  const { handshake, store, profile } = situation;
  const { endpoint, serverName } = handshake;
  const target = `${endpoint.scheme === "tls" ? "" : `${endpoint.scheme}://`}${hostPort(endpoint)}`;
  const connect = dialled(situation);
  const reach = connect === null ? "" : ` --connect ${connect}`;
  const name =
    serverName !== null && serverName !== endpoint.host
      ? ` --servername ${shellWord(serverName)}`
      : "";
  const password = store.needsPassword ? " --truststore-password prompt" : "";
  const trust = store.path === null ? "" : ` --truststore ${shellWord(store.path)}${password}`;
  return `anchorwatch check ${target}${reach}${name}${trust} --as ${profile.name}`;
}

/** What was dialled, where the name alone does not lead there. */
function dialled({ connect, handshake }: Situation): string | null {
  const { address, dialledPort, endpoint } = handshake;
  if (connect !== null) return connect;
  if (address === null || dialledPort === endpoint.port) return null;
  return hostPort({ host: address, port: dialledPort });
}
