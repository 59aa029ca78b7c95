import type { Situation } from "../situation.ts";
import { hostPort, shellWord } from "../words.ts";
import { surroundingsOf } from "./surroundings.ts";

/**
 * The last step of every remedy: the command that shows whether it worked. It repeats everything of the check that
 * changes what it sees: address, server name, truststores, the client's own certificate, name check, time.
 */
export function verifyStep(situation: Situation): string {
  return checkCommand(situation).map(shellWord).join(" ");
}

/** The command that makes the same check again and writes the files that remedies name into a folder. */
export function extractStep(situation: Situation, folder: string): string {
  return [...checkCommand(situation), "--extract", folder].map(shellWord).join(" ");
}

function checkCommand(situation: Situation): readonly string[] {
  const { endpoint, serverName } = situation.handshake;
  const { clientWords, words } = surroundingsOf(situation);
  const target = `${endpoint.scheme === "tls" ? "" : `${endpoint.scheme}://`}${hostPort(endpoint)}`;
  const connect = dialled(situation);
  return [
    "anchorwatch",
    "check",
    target,
    ...(connect === null ? [] : ["--connect", connect]),
    ...(serverName !== null && serverName !== endpoint.host ? ["--servername", serverName] : []),
    ...(clientWords ?? ownWords(situation)),
    ...words,
  ];
}

/** Truststore and profile of a client that no command line describes. */
function ownWords({ store, profile }: Situation): readonly string[] {
  const files = store.path === null ? (store.files ?? []) : [store.path];
  const spec = store.passwordSpec ?? (store.needsPassword ? "prompt" : null);
  return [
    ...(files.length === 0 ? [] : ["--truststore", files.join(",")]),
    ...(files.length === 0 || spec === null ? [] : ["--truststore-password", spec]),
    "--as",
    profile.name,
  ];
}

/** What was dialled, where the name alone does not lead there. */
function dialled({ connect, handshake }: Situation): string | null {
  const { address, dialledPort, endpoint } = handshake;
  if (connect !== null) return connect;
  if (address === null || dialledPort === endpoint.port) return null;
  return hostPort({ host: address, port: dialledPort });
}
