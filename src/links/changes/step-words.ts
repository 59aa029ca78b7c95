import { basename } from "node:path/posix";
import { printable, shortName } from "../../diagnosis/words.ts";
import { isInline } from "../../estate/plans/plan-text.ts";
import type { ClientChange, EndpointChange } from "../../estate/plans/plan.ts";
import type { StoreEntry } from "../../truststore/truststore.ts";

/** Most certificates whose names are told. */
const MAX_NAMES = 3;

/** What locations and aliases are called: files without their folders, certificates in the plan itself by their names. */
export function sourceNames(texts: readonly string[], entries: readonly StoreEntry[]): string {
  return texts.some(isInline) ? entryNames(entries) : fileNames(texts);
}

/** `Remove old-root from the truststore pfs-trust`. */
export const removalWords = (truststore: string, entries: readonly StoreEntry[]): string =>
  `Remove ${entryNames(entries, ({ alias }) => alias)} from the truststore ${truststore}`;

/** Entries by the name that is wanted, and else by their subjects. */
function entryNames(
  entries: readonly StoreEntry[],
  wanted: (entry: StoreEntry) => string | null = () => null,
): string {
  const names = entries.flatMap((entry) => {
    const { certificate } = entry;
    return wanted(entry) ?? (certificate.ok ? shortName(certificate.value.subject) : []);
  });
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : "";
  return names.length === 0
    ? "certificates"
    : printable(`${names.slice(0, MAX_NAMES).join(", ")}${more}`);
}

const fileNames = (paths: readonly string[]): string =>
  printable(paths.map((path) => basename(path)).join(", "));

/** `Let bpm-east send new-chain.pem`. */
export function endpointWords(
  {
    endpoint,
    serves,
    url,
    connect,
    serverName,
  }: Pick<EndpointChange, "endpoint" | "serves" | "url" | "connect" | "serverName">,
  served: readonly StoreEntry[],
): string {
  const place = [
    url === null ? "" : `move it to ${printable(url.text)}`,
    connect === null
      ? ""
      : `dial ${connect.host}${connect.port === null ? "" : ` port ${connect.port}`}`,
    serverName === null ? "" : `ask it for ${serverName}`,
  ].filter((part) => part !== "");
  if (serves === null) return `Change the endpoint ${endpoint}: ${place.join(", ")}`;
  const send = `Let ${endpoint} send ${sourceNames(serves, served)}`;
  return place.length === 0 ? send : `${send}, and ${place.join(", ")}`;
}

/** `Use Corp Root in the truststore gateway for trustedForSsl, trustAnchor`. */
export function flagWords(truststore: string, entry: StoreEntry, on: readonly string[]): string {
  const use = on.length === 0 ? "nothing" : on.join(", ");
  return `Use ${entryNames([entry])} in the truststore ${truststore} for ${use}`;
}

/** `Change the client pfs: profile openjdk-21`. */
export function clientWords({
  client,
  profile,
  javaSecurity,
  peerCheck,
  nameCheck,
  trust,
  identity,
}: ClientChange): string {
  const parts = [
    profile === null ? "" : `profile ${profile}`,
    javaSecurity === null
      ? ""
      : "path" in javaSecurity
        ? `java.security of ${fileNames([javaSecurity.path])}`
        : "java.security of the plan",
    peerCheck === null ? "" : peerCheck === "none" ? "no check of chains" : "chains checked",
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
