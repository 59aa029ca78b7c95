import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Test } from "tap";
import type { Handshake, TargetScheme } from "../../src/probe/handshake.ts";
import { probe, type ProbeOptions } from "../../src/probe/probe.ts";
import { readPemBlocks } from "../../src/x509/pem.ts";
import { createIssuer } from "../lab/openssl.ts";
import type { ServerIdentity } from "../lab/servers/daemon.ts";

/** What every server of these tests is configured with. */
export interface Lab {
  readonly identity: ServerIdentity;
  /** Certificates of `identity.chain` in DER, leaf first. */
  readonly chain: readonly Uint8Array[];
  /** File of the authority above. */
  readonly root: string;
}

/** A server certificate for localhost below an intermediate, in a folder that every user can read. */
export async function createLab(t: Test, openssl: string): Promise<Lab> {
  const directory = await mkdtemp(join(tmpdir(), "anchorwatch-lab-"));
  t.teardown(() => rm(directory, { recursive: true, force: true }));
  await chmod(directory, 0o755);
  const issue = createIssuer(openssl, directory);
  const root = await issue({ name: "root", keyType: "rsa" });
  const middle = await issue({ name: "middle", keyType: "rsa", issuer: root, authority: true });
  const leaf = await issue({ name: "localhost", keyType: "rsa", issuer: middle });
  const pems = await Promise.all([leaf, middle].map(({ certificate }) => readFile(certificate)));
  const file = join(directory, "chain.pem");
  await writeFile(file, Buffer.concat(pems));
  await chmod(leaf.key, 0o644);
  const blocks = readPemBlocks(pems.join(""));
  return {
    root: root.certificate,
    identity: { chain: file, key: leaf.key },
    chain: blocks.ok ? blocks.value.map(({ der }) => new Uint8Array(der)) : [],
  };
}

/** Probes a server of this machine under the name localhost. */
export function probeLocal(
  scheme: TargetScheme,
  port: number,
  options: ProbeOptions = {},
): Promise<Handshake> {
  return probe({ scheme, host: "localhost", port }, { address: "127.0.0.1", ...options });
}
