import type { Certificate } from "../x509/certificate.ts";
import type { Name } from "../x509/name.ts";
import { COMMON_NAME } from "../x509/oids.ts";
import type { Endpoint, Handshake } from "../probe/handshake.ts";

const DAY = 86_400_000;

/** The common name of a certificate's subject, or the whole name where there is none; bounded and on one line. */
export function shortName(name: Name): string {
  const commonName = name.rdns.flat().findLast(({ type }) => type === COMMON_NAME)?.text;
  return printable(commonName === undefined || commonName === "" ? name.text : commonName);
}

/** Hostile text made fit for one line of output: control and bidirectional characters replaced, length bounded. */
export function printable(text: string): string {
  const clean = text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "\ufffd");
  return clean.length > 200 ? `${clean.slice(0, 199)}…` : clean;
}

/** SHA-256 as keytool prints it: upper case, pairs joined by colons. */
export function fingerprint({ sha256 }: Pick<Certificate, "sha256">): string {
  return sha256.toUpperCase().match(/../g)?.join(":") ?? "";
}

/** `2026-11-26 05:12 UTC`. */
export function dateText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** `5 days`, `3 hours`: the distance between two moments, rounded down. */
export function distanceText(from: number, to: number): string {
  const span = Math.abs(to - from);
  const [value, unit] =
    span >= 2 * DAY
      ? [Math.floor(span / DAY), "day"]
      : span >= 3_600_000
        ? [Math.floor(span / 3_600_000), "hour"]
        : [Math.floor(span / 60_000), "minute"];
  return `${value} ${unit}${value === 1 ? "" : "s"}`;
}

/** `1 certificate`, `3 certificates`. */
export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** `host:port`, with brackets around IPv6 literals. */
export function hostPort({ host, port }: Pick<Endpoint, "host" | "port">): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** An argument as a POSIX shell wants it. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** An alias for keytool made from a name: lower case letters, digits and hyphens. */
export function aliasFor(name: Name): string {
  const alias = shortName(name)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
  return alias === "" ? "ca" : alias.slice(0, 60);
}

/** The name that the client holds against the certificate: the server name it was told to send, else the host. */
export function nameToCheck({ endpoint, serverName }: Handshake): string {
  const host = endpoint.host.replace(/\.$/, "").toLowerCase();
  return serverName === null || serverName.toLowerCase() === host ? endpoint.host : serverName;
}
