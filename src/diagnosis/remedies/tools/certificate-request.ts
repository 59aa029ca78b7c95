import { shellWord } from "../../words.ts";

/** What a certificate has to carry. */
export interface NameRequest {
  /** For the common name. */
  readonly host: string;
  /** For the subjectAltNames: host names and wildcards, at least one of both kinds together. */
  readonly dnsNames: readonly string[];
  readonly addresses: readonly string[];
}

/** File that the request is written into. */
export const REQUEST_FILE = "request.csr";

/** `openssl req` for a key in PEM; `-addext` needs OpenSSL 1.1.1. */
export function opensslRequest(request: NameRequest): string {
  const names = `subjectAltName=${joined(request, "DNS:", "IP:")}`;
  return [
    "openssl",
    "req",
    "-new",
    "-key",
    "SERVER.key",
    "-subj",
    `/CN=${request.host}`,
    "-addext",
    names,
    "-out",
    REQUEST_FILE,
  ]
    .map(shellWord)
    .join(" ");
}

/** `keytool -certreq` for an entry with a private key; it asks for the password and changes nothing. */
export function keytoolRequest(alias: string, keystore: string, request: NameRequest): string {
  return [
    "keytool",
    "-certreq",
    "-alias",
    alias,
    "-file",
    REQUEST_FILE,
    "-ext",
    `SAN=${joined(request, "dns:", "ip:")}`,
    "-keystore",
    keystore,
  ]
    .map(shellWord)
    .join(" ");
}

/** `gskcapicmd -certreq -create`, which makes a new key in the database. */
export function gskRequest(database: string, request: NameRequest): string {
  const { host, dnsNames, addresses } = request;
  return [
    "gskcapicmd",
    "-certreq",
    "-create",
    "-db",
    database,
    "-stashed",
    "-label",
    "NEW-LABEL",
    "-dn",
    `CN=${host},O=ORGANISATION,C=COUNTRY`,
    "-size",
    "2048",
    ...(dnsNames.length === 0 ? [] : ["-san_dnsname", dnsNames.join(",")]),
    ...(addresses.length === 0 ? [] : ["-san_ipaddr", addresses.join(",")]),
    "-file",
    REQUEST_FILE,
  ]
    .map(shellWord)
    .join(" ");
}

/** The names in one list, for a form or a sentence. */
export function namesText({ dnsNames, addresses }: NameRequest): string {
  return [...dnsNames, ...addresses].join(", ");
}

function joined({ dnsNames, addresses }: NameRequest, dns: string, ip: string): string {
  return [...dnsNames.map((name) => dns + name), ...addresses.map((one) => ip + one)].join(",");
}
