import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { probe } from "../../src/probe/probe.ts";
import { findTool } from "../tools.ts";
import type { Cost, Row } from "./measure.ts";

const HANDSHAKES = 400;

/** Whole seconds that s_time runs; it cannot be told a number of connections. */
const PEER_SECONDS = 3;

const makeCertificate = (openssl: string, folder: string): void => {
  const request = [
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
  ];
  const names = ["-subj", "/CN=localhost", "-days", "2", "-keyout", "key.pem", "-out", "cert.pem"];
  execFileSync(openssl, [...request, ...names], { cwd: folder, stdio: "ignore" });
};

const serve = async (
  openssl: string,
  folder: string,
): Promise<{ readonly server: ChildProcess; readonly port: number }> => {
  const args = [
    "s_server",
    "-accept",
    "127.0.0.1:0",
    "-key",
    "key.pem",
    "-cert",
    "cert.pem",
    "-www",
  ];
  const server = spawn(openssl, args, { cwd: folder, stdio: ["pipe", "pipe", "ignore"] });
  for await (const line of createInterface({ input: server.stdout })) {
    const port = /^ACCEPT .*:(\d+)$/u.exec(line)?.[1];
    if (port !== undefined) {
      server.stdout.resume();
      return { server, port: Number(port) };
    }
  }
  throw new Error("openssl s_server did not start");
};

const measureOurs = async (port: number): Promise<Cost> => {
  const handshake = async (): Promise<void> => {
    const { outcome, version, failure } = await probe({ scheme: "tls", host: "127.0.0.1", port });
    if (outcome !== "complete" || version !== "TLSv1.3")
      throw new Error(`A handshake failed: ${failure?.code ?? version ?? "unknown"}`);
  };
  for (let done = 0; done < 50; done++) await handshake();
  const [cpu, wall] = [process.cpuUsage(), process.hrtime.bigint()];
  for (let done = 0; done < HANDSHAKES; done++) await handshake();
  const { user, system } = process.cpuUsage(cpu);
  return {
    cpu: (user + system) / HANDSHAKES,
    wall: Number(process.hrtime.bigint() - wall) / 1_000 / HANDSHAKES,
  };
};

/** Seconds in the form of the shell's `times`: `0m1.234s`. */
const seconds = (text: string): number => {
  const [, minutes = "0", rest = "0"] = /^(\d+)m([\d.]+)s$/u.exec(text) ?? [];
  return Number(minutes) * 60 + Number(rest);
};

const measurePeer = (openssl: string, port: number): Cost => {
  // The shell tells the processor time of what it ran; openssl itself leaves the system's part out.
  const script = `"$0" s_time -connect 127.0.0.1:${port} -new -time ${PEER_SECONDS} 2>&1; times`;
  const { stdout } = spawnSync("sh", ["-c", script, openssl], { encoding: "utf8" });
  const connections = Number(/^(\d+) connections in \d+ real seconds/mu.exec(stdout)?.[1]);
  const [user = "", system = ""] = stdout.trim().split("\n").at(-1)?.split(" ") ?? [];
  if (!(connections > 0)) throw new Error(`openssl s_time told no connections: ${stdout}`);
  return {
    cpu: ((seconds(user) + seconds(system)) * 1_000_000) / connections,
    wall: (PEER_SECONDS * 1_000_000) / connections,
  };
};

/**
 * One full TLS 1.3 handshake with a server on this machine, recorded, against one that openssl's client makes
 * and forgets. Empty where openssl is missing.
 */
export const handshakeRows = async (): Promise<readonly Row[]> => {
  const openssl = findTool("openssl");
  if (openssl === undefined) return [];
  const folder = mkdtempSync(join(tmpdir(), "anchorwatch-bench-"));
  makeCertificate(openssl, folder);
  const { server, port } = await serve(openssl, folder);
  try {
    const ours = await measureOurs(port);
    const theirs = measurePeer(openssl, port);
    return [
      { what: "make a TLS 1.3 handshake", ours, theirs, peer: "openssl s_time -new, EC P-256" },
    ];
  } finally {
    server.kill();
    await once(server, "exit");
    rmSync(folder, { recursive: true });
  }
};
