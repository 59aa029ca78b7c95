import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import t from "tap";
import type { CertificateSpec } from "../../differential/certificate-spec.ts";
import { findTool } from "../../tools.ts";
import { type ChainServer, type ServerWishes, startChainServer } from "./chain-server.ts";
import { jvm } from "./jvm.ts";
import { HOST, pemOf } from "./pki.ts";
import type { Estate, StoreFile } from "./scenario.ts";

const run = promisify(execFile);

/** Password of every store in the lab that has one. */
export const STORE_PASSWORD = "lab-passw0rd";

/** Where scenarios are built: one folder, servers and tools that end with the test file. */
export interface Lab {
  /** A path for a file of the scenario; names are unique within a scenario. */
  readonly path: (name: string) => string;
  /** Writes a file and gives its path. */
  readonly write: (name: string, content: string | Uint8Array) => string;
  /** Moves a file into a folder of the scenario, under a new name. */
  readonly move: (path: string, folder: string, name: string) => string;
  /** Writes certificates as PEM. */
  readonly pem: (name: string, certificates: readonly CertificateSpec[]) => string;
  /** Runs keytool; `-storepass` is added. @throws {Error} with its words when it fails */
  readonly keytool: (...args: readonly string[]) => Promise<string>;
  /** Runs openssl. */
  readonly openssl: (...args: readonly string[]) => Promise<string>;
  /** Starts a server that sends these certificates exactly as given, with the key of the first. */
  readonly serve: (
    chain: readonly CertificateSpec[],
    wishes?: ServerWishes,
  ) => Promise<ChainServer>;
  /** Closes a server that the scenario started itself when the scenario ends. */
  readonly keep: <S extends { close(): Promise<void> }>(server: Promise<S>) => Promise<S>;
  /** Lets keytool write a store of certificates; the type is by the suffix of the name, `.jks` or `.p12`. */
  readonly javaStore: (
    name: string,
    certificates: Readonly<Record<string, CertificateSpec>>,
  ) => Promise<StoreFile>;
}

const root = mkdtempSync(join(tmpdir(), "anchorwatch-lab-"));
t.teardown(() => rmSync(root, { recursive: true, force: true }));

/** The lab of one scenario; servers stop when `stop` is called. */
export function openLab(id: string): Lab & { readonly stop: () => Promise<void> } {
  const folder = mkdtempSync(join(root, `${id}-`));
  const servers: { close(): Promise<void> }[] = [];
  const path = (name: string): string => join(folder, name);
  const write = (name: string, content: string | Uint8Array): string => {
    writeFileSync(path(name), content);
    return path(name);
  };
  const move: Lab["move"] = (from, into, name) => {
    mkdirSync(path(into), { recursive: true });
    renameSync(from, join(path(into), name));
    return join(path(into), name);
  };
  const pem: Lab["pem"] = (name, certificates) => write(name, pemOf(...certificates));
  const keytool: Lab["keytool"] = async (...args) =>
    (await jvm()).keytool([...args, "-storepass", STORE_PASSWORD]);
  return {
    path,
    write,
    move,
    pem,
    keytool,
    openssl: async (...args) => {
      const { stdout } = await run(findTool("openssl") ?? "openssl", args);
      return stdout;
    },
    serve: async (chain, wishes) => {
      const server = await startChainServer(chain, wishes);
      servers.push(server);
      return server;
    },
    keep: async (starting) => {
      const server = await starting;
      servers.push(server);
      return server;
    },
    javaStore: async (name, certificates) => {
      for (const [alias, spec] of Object.entries(certificates))
        await keytool(
          "-importcert",
          "-noprompt",
          "-alias",
          alias,
          "-file",
          pem(`${name}.${alias}.cer`, [spec]),
          "-keystore",
          path(name),
          "-storetype",
          name.endsWith(".jks") ? "JKS" : "PKCS12",
        );
      return { path: path(name), password: STORE_PASSWORD };
    },
    stop: async () => {
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}

/** What most scenarios are: a chain that is sent, and anchors in a PEM file that all clients use. */
export interface Link {
  readonly sent: readonly CertificateSpec[];
  readonly anchors: readonly CertificateSpec[];
  /** Name that clients mean. @default HOST */
  readonly host?: string;
  readonly server?: ServerWishes;
  readonly arguments?: readonly string[];
}

/** Builds such a link. */
export async function link(lab: Lab, wishes: Link): Promise<Estate> {
  const { port } = await lab.serve(wishes.sent, wishes.server);
  const host = wishes.host ?? HOST;
  return {
    target: `https://${host.includes(":") ? `[${host}]` : host}`,
    host,
    port,
    store: { path: lab.pem("trust.pem", wishes.anchors), password: null },
    ...(wishes.arguments === undefined ? {} : { arguments: wishes.arguments }),
  };
}
