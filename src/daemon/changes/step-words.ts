import { basename } from "node:path";
import { printable } from "../../diagnosis/words.ts";
import type { ClientChange, EndpointChange } from "../../estate/plans/plan.ts";

/** The names of files, without their folders. */
export const fileNames = (paths: readonly string[]): string =>
  printable(paths.map((path) => basename(path)).join(", "));

/** `Let bpm-east send new-chain.pem`. */
export function endpointWords({
  endpoint,
  serves,
  url,
  connect,
  serverName,
}: EndpointChange): string {
  const place = [
    url === null ? "" : `move it to ${printable(url.text)}`,
    connect === null
      ? ""
      : `dial ${connect.host}${connect.port === null ? "" : ` port ${connect.port}`}`,
    serverName === null ? "" : `ask it for ${serverName}`,
  ].filter((part) => part !== "");
  if (serves === null) return `Change the endpoint ${endpoint}: ${place.join(", ")}`;
  const send = `Let ${endpoint} send ${fileNames(serves)}`;
  return place.length === 0 ? send : `${send}, and ${place.join(", ")}`;
}

/** `Change the client pfs: profile openjdk-21`. */
export function clientWords({
  client,
  profile,
  javaSecurity,
  nameCheck,
  trust,
  identity,
}: ClientChange): string {
  const parts = [
    profile === null ? "" : `profile ${profile}`,
    javaSecurity === null ? "" : `java.security of ${fileNames([javaSecurity])}`,
    nameCheck === null ? "" : `name check ${nameCheck}`,
    trust === null ? "" : `trust ${trust.join(", ")}`,
    identity === null
      ? ""
      : identity === "none"
        ? "no certificate of its own"
        : `certificate of ${fileNames([identity.kind === "pem" ? identity.certificate : identity.path])}`,
  ];
  return `Change the client ${client}: ${parts.filter((part) => part !== "").join(", ")}`;
}
