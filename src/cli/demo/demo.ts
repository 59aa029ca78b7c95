import { rmSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ENDPOINT_NAMES, ENDPOINTS } from "./cast.ts";
import type { CertificateId } from "./certificates.ts";
import { estateText } from "./estate-file.ts";
import { buildPki, type Pki } from "./pki.ts";
import type { EndpointName } from "./plans.ts";
import { type RunningServer, startServer } from "./servers.ts";
import { writeStores } from "./stores.ts";

/** Settings of the demo. */
export interface DemoOptions {
  /** Where the daemon shall listen; default `127.0.0.1:9643`. */
  readonly listen?: string;
  /** Interval between two probes of an endpoint; default `15s`. */
  readonly every?: string;
}

/** A running demo estate. */
export interface Demo {
  /** The folder that holds the estate file, truststores, passwords and keys; only its owner can read it. */
  readonly directory: string;
  /** Path of `anchorwatch.yaml`. */
  readonly estateFile: string;
  /** Lets a server send another chain from now on, as after a renewal. */
  readonly present: (endpoint: EndpointName, chain: readonly CertificateId[]) => void;
  /** Stops every server, cuts open connections and removes the folder. Further calls wait for the first. */
  close(): Promise<void>;
}

async function makeDirectory(resources: AsyncDisposableStack): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "anchorwatch-demo-"));
  const removeAtExit = (): void => rmSync(directory, { recursive: true, force: true });
  process.once("exit", removeAtExit);
  resources.defer(async () => {
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
    process.off("exit", removeAtExit);
  });
  return directory;
}

async function startServers(
  pki: Pki,
  resources: AsyncDisposableStack,
): Promise<ReadonlyMap<EndpointName, RunningServer>> {
  const servers = new Map<EndpointName, RunningServer>();
  const start = async (name: EndpointName): Promise<void> => {
    const server = await startServer(ENDPOINTS[name], pki);
    resources.defer(() => server.close());
    servers.set(name, server);
  };
  for (const name of ENDPOINT_NAMES) await start(name);
  return servers;
}

/**
 * Makes the demo's PKI, writes its stores and estate file into a new temporary folder and starts its
 * servers on free ports of 127.0.0.1. Rejects when a file cannot be written or a port cannot be had; then
 * nothing is left behind.
 */
export async function startDemo(options: DemoOptions = {}): Promise<Demo> {
  const { listen = "127.0.0.1:9643", every = "15s" } = options;
  const resources = new AsyncDisposableStack();
  try {
    const now = Date.now();
    const directory = await makeDirectory(resources);
    const pki = await buildPki(now);
    await writeStores(directory, pki, now);
    const servers = await startServers(pki, resources);
    const ports = new Map([...servers].map(([name, { port }]) => [name, port]));
    const estateFile = join(directory, "anchorwatch.yaml");
    await writeFile(estateFile, estateText({ ports, listen, every }), { mode: 0o600 });
    let closed: Promise<void> | undefined;
    const close = (): Promise<void> => (closed ??= resources.disposeAsync());
    const present: Demo["present"] = (endpoint, chain) => servers.get(endpoint)?.present(chain);
    return { directory, estateFile, present, close };
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
}
