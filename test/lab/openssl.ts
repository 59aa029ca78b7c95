import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { type RunningProcess, startProcess } from "./process.ts";

const run = promisify(execFile);

/** A certificate and its key as PEM files. */
export interface IssuedCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** Key types as `openssl genpkey` takes them. */
export const KEY_OPTIONS = {
  rsa: ["-newkey", "rsa:2048"],
  "rsa-3072": ["-newkey", "rsa:3072"],
  "rsa-pss": ["-newkey", "rsa-pss", "-pkeyopt", "rsa_keygen_bits:2048"],
  p256: ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
  p384: ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"],
  p521: ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-521"],
  ed25519: ["-newkey", "ed25519"],
  ed448: ["-newkey", "ed448"],
} as const satisfies Record<string, readonly string[]>;

/** A key type of the lab's certificates. */
export type LabKeyType = keyof typeof KEY_OPTIONS;

/** What to issue; without an issuer the certificate is a self-signed CA. */
export interface IssueRequest {
  readonly name: string;
  readonly keyType: LabKeyType;
  readonly issuer?: IssuedCertificate;
  /** Whether an issued certificate is itself an authority. @default false */
  readonly authority?: boolean;
  readonly extensions?: readonly string[];
  /** Days until it ends. @default 30 */
  readonly days?: number;
  /** Subject; by default its common name is the name of the files. */
  readonly subject?: string;
  /** Names of a leaf. @default "DNS:localhost,IP:127.0.0.1" */
  readonly altNames?: string;
}

/** Issues certificates into one directory with the `openssl` program. */
export function createIssuer(openssl: string, directory: string) {
  return async ({
    name,
    keyType,
    issuer,
    authority = issuer === undefined,
    extensions = [],
    days = 30,
    subject = `/O=Anchorwatch Lab/CN=${name}`,
    altNames = "DNS:localhost,IP:127.0.0.1",
  }: IssueRequest): Promise<IssuedCertificate> => {
    const issued = {
      certificate: join(directory, `${name}.pem`),
      key: join(directory, `${name}.key`),
    };
    const standard = authority
      ? ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign"]
      : ["basicConstraints=critical,CA:FALSE", `subjectAltName=${altNames}`];
    await run(openssl, [
      "req",
      "-x509",
      "-nodes",
      "-days",
      String(days),
      ...KEY_OPTIONS[keyType],
      "-subj",
      subject,
      "-utf8",
      ...[...standard, ...extensions].flatMap((extension) => ["-addext", extension]),
      ...(issuer === undefined ? [] : ["-CA", issuer.certificate, "-CAkey", issuer.key]),
      "-keyout",
      issued.key,
      "-out",
      issued.certificate,
    ]);
    return issued;
  };
}

/** Issues a self-signed certificate with a DSA key of 1024 bits, which `openssl req` cannot make on its own. */
export async function issueDsa(
  openssl: string,
  directory: string,
  name: string,
): Promise<IssuedCertificate> {
  const [parameters, key, certificate] = ["parameters", "key", "pem"].map((suffix) =>
    join(directory, `${name}.${suffix}`),
  ) as [string, string, string];
  await run(openssl, ["dsaparam", "-out", parameters, "1024"]);
  await run(openssl, ["gendsa", "-out", key, parameters]);
  const subject = ["-subj", `/O=Anchorwatch Lab/CN=${name}`];
  await run(openssl, ["req", "-x509", "-key", key, "-days", "30", ...subject, "-out", certificate]);
  return { certificate, key };
}

/** A server on loopback that a test talks to. */
export interface LabServer {
  readonly port: number;
  readonly process: RunningProcess;
}

/** Starts `openssl s_server` with further options and waits until it listens. */
export async function startOpensslServer(
  openssl: string,
  { certificate, key }: IssuedCertificate,
  options: readonly string[],
): Promise<LabServer> {
  const process = startProcess(openssl, [
    "s_server",
    "-accept",
    "127.0.0.1:0",
    "-cert",
    certificate,
    "-key",
    key,
    ...options,
  ]);
  const match = await process.waitFor(/^ACCEPT .*:(\d+)$/m);
  return { port: Number(match[1]), process };
}
