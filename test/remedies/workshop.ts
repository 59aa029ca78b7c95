import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createServer, type Server, type TLSSocket } from "node:tls";
import type { Test } from "tap";
import {
  type CertificateRequest,
  type IssuedCertificate,
  issueCertificate,
} from "../../src/cli/demo/certificate.ts";
import { generateKeys, type KeyPair } from "../../src/cli/demo/keys.ts";
import { isCommand } from "../../src/report/commands.ts";
import { anchorwatch } from "../cli/command.ts";
import { launcher } from "../set-up/run.ts";
import { runQuietly } from "./shell.ts";

const DAY = 86_400_000;

/** Password of every store; steps name where it is and never what it is. */
export const PASSWORD = "correct horse";

/** Name that the servers' certificates are for. */
export const HOST = "svc.corp.example";

/** Certificates of two hierarchies. */
export interface Pki {
  readonly root: IssuedCertificate;
  readonly intermediate: IssuedCertificate;
  /** The same name and key, expired. */
  readonly staleIntermediate: IssuedCertificate;
  readonly leaf: IssuedCertificate;
  /** For another name than HOST. */
  readonly otherName: IssuedCertificate;
  /** The root's name with another key. */
  readonly formerRoot: IssuedCertificate;
  /** The root's name and key, expired. */
  readonly expiredRoot: IssuedCertificate;
  readonly selfSigned: IssuedCertificate;
  readonly strangerRoot: IssuedCertificate;
}

/** Makes the certificates; P-256 keys. */
export async function makePki(): Promise<Pki> {
  const now = Date.now();
  const valid = { notBefore: now - 100 * DAY, notAfter: now + 300 * DAY };
  const expired = { notBefore: now - 100 * DAY, notAfter: now - 5 * DAY };
  const key = (): Promise<KeyPair> => generateKeys("p-256");
  const rootKey = await key();
  const intermediateKey = await key();
  const leafKey = await key();
  const issue = (
    name: string,
    request: Omit<CertificateRequest, "subject" | "notBefore" | "notAfter">,
    validity = valid,
  ): IssuedCertificate =>
    issueCertificate({
      subject: [
        ["O", "Corp"],
        ["CN", name],
      ],
      ...validity,
      ...request,
    });
  const root = issue("Corp Root", { key: rootKey, ca: true });
  const server = { key: leafKey, san: [HOST], eku: ["serverAuth"] } as const;
  const ca = { key: intermediateKey, issuer: root, ca: true };
  const intermediate = issue("Corp Issuing", ca);
  return {
    root,
    intermediate,
    staleIntermediate: issue("Corp Issuing", ca, expired),
    leaf: issue(HOST, { ...server, issuer: intermediate }),
    otherName: issue("old.corp.example", {
      ...server,
      san: ["old.corp.example"],
      issuer: intermediate,
    }),
    formerRoot: issue("Corp Root", { key: await key(), ca: true }),
    expiredRoot: issue("Corp Root", { key: rootKey, ca: true }, expired),
    selfSigned: issue(HOST, server),
    strangerRoot: issue("Stranger Root", { key: await key(), ca: true }),
  };
}

/** Serves a chain on 127.0.0.1 until the test ends. */
export async function serve(
  t: Test,
  chain: readonly IssuedCertificate[],
): Promise<{ readonly port: number; readonly install: (pem: string) => void }> {
  const [leaf] = chain;
  if (leaf === undefined) throw new Error("A server needs a certificate");
  const key = leaf.key.privateKey.export({ type: "pkcs8", format: "pem" });
  const sockets = new Set<TLSSocket>();
  const server: Server = createServer(
    { key, cert: chain.map(({ pem }) => pem).join("") },
    (socket) => {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => sockets.delete(socket));
    },
  );
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port");
  return { port: address.port, install: (cert) => server.setSecureContext({ key, cert }) };
}

/** One line of `check --format ndjson`, as far as these tests look at it. */
export interface Checked {
  readonly trusted: boolean | null;
  readonly findings: readonly {
    readonly code: string;
    readonly severity: string;
    readonly remedy: readonly string[];
  }[];
}

/** Runs `check` against a port for the name of the certificates. */
export async function check(
  port: number,
  args: readonly string[],
  cwd: string,
): Promise<{ readonly record: Checked; readonly code: number | null; readonly stderr: string }> {
  const target = [`${HOST}:${port}`, "--connect", `127.0.0.1:${port}`];
  const { stdout, stderr, code } = await anchorwatch(
    ["check", ...target, ...args, "--format", "ndjson"],
    { cwd, env: { STORE_PW: PASSWORD } },
  );
  const [line] = stdout.split("\n");
  if (line === undefined || line === "") throw new Error(`check printed nothing: ${stderr}`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the shape is what the tests prove
  return { record: JSON.parse(line) as Checked, code, stderr };
}

/** What a user types: the password where one is asked for, and yes to keytool's question. */
export interface Answers {
  readonly passwordIsAsked: boolean;
}

/**
 * Carries out the commands of a remedy literally, each in a shell; the last one is the check that verifies it.
 * @returns what the last one printed
 */
export async function carryOut(
  steps: readonly string[],
  cwd: string,
  { passwordIsAsked }: Answers,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const bin = join(cwd, "bin");
  let last: { readonly code: number | null; readonly output: string } = { code: null, output: "" };
  for (const step of steps.filter(isCommand)) {
    const isKeytool = step.startsWith("keytool");
    const input = isKeytool ? `${passwordIsAsked ? `${PASSWORD}\n` : ""}yes\n` : "";
    const env = { STORE_PW: PASSWORD, PATH: `${bin}:${process.env["PATH"] ?? ""}` };
    last = await runQuietly(step, { cwd, input, env });
    // 1 is a warning, such as that a certificate is no CA
    const isFine = last.code === 0 || (step.startsWith("anchorwatch") && last.code === 1);
    if (!step.startsWith("anchorwatch check") && !isFine)
      throw new Error(`${step} ended with ${last.code}: ${last.output}`);
  }
  return last;
}

/** A folder with a program `anchorwatch` in `bin`, as an installation has it. */
export function installCommand(cwd: string): void {
  const path = join(cwd, "bin", "anchorwatch");
  writeFileSync(path, `#!/bin/sh\nexec '${process.execPath}' '${launcher}' "$@"\n`);
  chmodSync(path, 0o755);
}
