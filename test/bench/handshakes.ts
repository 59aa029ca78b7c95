import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { findTool } from "../tools.ts";
import type { Cost, Row } from "./measure.ts";
import { pinned } from "./pin.ts";

const ROUNDS = 3;
const PROBES = 1000;
const WARM_UP = 2000;

/** Whole seconds that s_time runs; it cannot be told a number of connections. */
const PEER_SECONDS = 2;
const PEER_PROBES = 500;

const PROBER = fileURLToPath(new URL("prober-process.ts", import.meta.url));
const PROGRAM = fileURLToPath(new URL("../../bin/anchorwatch.mjs", import.meta.url));

const KEYS = {
  "EC P-256": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
  "RSA-2048": ["-newkey", "rsa:2048"],
} as const;
const VERSIONS = { "TLSv1.3": "-tls1_3", "TLSv1.2": "-tls1_2" } as const;

type Key = keyof typeof KEYS;
type Version = keyof typeof VERSIONS;

const EXTENSIONS =
  "subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\nkeyUsage=digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth\n";

const makeCertificates = (openssl: string, folder: string, key: Key): void => {
  const run = (...args: readonly string[]): unknown =>
    execFileSync(openssl, args, { cwd: folder, stdio: "ignore" });
  writeFileSync(join(folder, "extensions"), EXTENSIONS);
  const authority = ["-subj", "/CN=Bench CA", "-days", "400", "-keyout", "ca.key"];
  run("req", "-x509", "-nodes", ...KEYS["EC P-256"], ...authority, "-out", "ca.pem");
  run("req", "-nodes", ...KEYS[key], "-subj", "/CN=bench", "-keyout", "key.pem", "-out", "csr");
  const sign = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "300"];
  run("x509", "-req", "-in", "csr", ...sign, "-extfile", "extensions", "-out", "cert.pem");
};

const serve = async (
  openssl: string,
  folder: string,
  version: Version,
): Promise<{ readonly server: ChildProcess; readonly port: number }> => {
  const files = ["-key", "key.pem", "-cert", "cert.pem", "-cert_chain", "ca.pem"];
  const options = ["s_server", "-accept", "127.0.0.1:0", ...files, "-www", VERSIONS[version]];
  const [command, args] = pinned("server", openssl, options);
  const server = spawn(command, args, { cwd: folder, stdio: ["pipe", "pipe", "ignore"] });
  for await (const line of createInterface({ input: server.stdout })) {
    const port = /^ACCEPT .*:(\d+)$/u.exec(line)?.[1];
    if (port !== undefined) {
      server.stdout.resume();
      return { server, port: Number(port) };
    }
  }
  throw new Error("openssl s_server did not start");
};

/** One round of a number of operations. */
type Round = () => Promise<Cost>;

interface Contestant {
  readonly round: Round;
  readonly stop: () => Promise<void>;
}

const stopChild = async (child: ChildProcess): Promise<void> => {
  const exited = once(child, "exit");
  child.kill();
  await exited;
};

/** Our prober in a process of its own, with its code compiled. */
const startOurs = async (port: number, version: Version, folder: string): Promise<Contestant> => {
  const script = [PROBER, String(port), version, join(folder, "ca.pem")];
  const [command, args] = pinned("client", process.execPath, script);
  const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const ask = async (count: number): Promise<Cost> => {
    const answer = Promise.race([
      once(child, "message"),
      once(child, "exit").then((): never => {
        throw new Error("The prober ended");
      }),
    ]);
    child.send(count);
    const [cost] = await answer;
    return cost as Cost;
  };
  await ask(WARM_UP);
  return { round: () => ask(PROBES), stop: () => stopChild(child) };
};

/** Seconds in the form of the shell's `times`: `0m1.234s`. */
const seconds = (text: string): number => {
  const [, minutes = "0", rest = "0"] = /^(\d+)m([\d.]+)s$/u.exec(text) ?? [];
  return Number(minutes) * 60 + Number(rest);
};

const opensslClient = async (openssl: string, port: number): Promise<Cost> => {
  // The shell tells the processor time of what it ran; openssl itself leaves the system's part out.
  const script = `"$0" s_time -connect 127.0.0.1:${port} -new -time ${PEER_SECONDS} 2>&1; times`;
  const [command, args] = pinned("client", "sh", ["-c", script, openssl]);
  const { stdout } = spawnSync(command, args, { encoding: "utf8" });
  const connections = Number(/^(\d+) connections in \d+ real seconds/mu.exec(stdout)?.[1]);
  const [user = "", system = ""] = stdout.trim().split("\n").at(-1)?.split(" ") ?? [];
  if (!(connections > 0)) throw new Error(`openssl s_time told no connections: ${stdout}`);
  return {
    cpu: ((seconds(user) + seconds(system)) * 1_000_000) / connections,
    wall: (PEER_SECONDS * 1_000_000) / connections,
  };
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("No free port");
  return address.port;
};

const MODULES = `modules:
  tls:
    prober: tcp
    timeout: 5s
    tcp: {preferred_ip_protocol: ip4, tls: true, tls_config: {ca_file: ca.pem, server_name: 127.0.0.1}}
`;

/** Ticks of a hundredth of a second, the user's and the system's part together. */
const processorTime = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /su, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
};

const startExporter = async (binary: string, port: number, folder: string): Promise<Contestant> => {
  writeFileSync(join(folder, "blackbox.yml"), MODULES);
  const own = await freePort();
  const options = ["--config.file=blackbox.yml", `--web.listen-address=127.0.0.1:${own}`];
  // taskset becomes the program that it starts, so the identifier is the exporter's
  const [command, args] = pinned("client", binary, [...options, "--log.level=error"]);
  const child = spawn(command, args, { cwd: folder, stdio: "ignore" });
  const url = `http://127.0.0.1:${own}/probe?module=tls&target=127.0.0.1:${port}`;
  const ask = async (): Promise<void> => {
    const text = await (await fetch(url)).text();
    if (!/^probe_success 1$/mu.test(text)) throw new Error(`blackbox_exporter failed: ${text}`);
  };
  for (let tries = 0; tries < 50; tries++) {
    const up = await fetch(`http://127.0.0.1:${own}/-/healthy`).then(
      () => true,
      () => false,
    );
    if (up) break;
    await pause(100);
  }
  for (let done = 0; done < 50; done++) await ask();
  const round = async (): Promise<Cost> => {
    const { pid = 0 } = child;
    const [cpu, wall] = [processorTime(pid), process.hrtime.bigint()];
    for (let done = 0; done < PEER_PROBES; done++) await ask();
    return {
      cpu: (processorTime(pid) - cpu) / PEER_PROBES,
      wall: Number(process.hrtime.bigint() - wall) / 1_000 / PEER_PROBES,
    };
  };
  return { round, stop: () => stopChild(child) };
};

const best = (costs: readonly Cost[]): Cost =>
  costs.reduce((least, cost) => (cost.cpu < least.cpu ? cost : least));

/** The best of alternating rounds: a busy machine only ever adds. */
const contest = async (rounds: readonly Round[]): Promise<readonly Cost[]> => {
  const costs: Cost[][] = rounds.map(() => []);
  for (let done = 0; done < ROUNDS; done++)
    for (const [index, round] of rounds.entries()) costs[index]?.push(await round());
  return costs.map(best);
};

/** Two probers at once against one. On few processors the server and its clients stand in each other's way. */
const twoProbers = async (port: number, version: Version, folder: string): Promise<Row> => {
  const probers = await Promise.all([0, 1].map(() => startOurs(port, version, folder)));
  const [first = probers[0]] = probers;
  if (first === undefined) throw new Error("No prober");
  const both = async (): Promise<Cost> => {
    const costs = await Promise.all(probers.map(({ round }) => round()));
    const mean = (part: "cpu" | "wall"): number =>
      costs.reduce((sum, cost) => sum + cost[part], 0) / costs.length;
    return { cpu: mean("cpu"), wall: mean("wall") / costs.length };
  };
  const [ours, theirs] = await contest([both, first.round]);
  for (const { stop } of probers) await stop();
  if (ours === undefined || theirs === undefined) throw new Error("Nothing was measured");
  return { what: "probe in two processes", ours, theirs, peer: "probe in one" };
};

/** A whole run of `check` on loopback, against the start of the runtime alone: medians of ten. */
const startUp = (port: number, folder: string): Row => {
  const runOnce = (args: readonly string[]): Cost => {
    const start = process.hrtime.bigint();
    const [command, all] = pinned("client", process.execPath, args);
    const { status } = spawnSync(command, all, { stdio: "ignore" });
    if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}`);
    return { cpu: Number.NaN, wall: Number(process.hrtime.bigint() - start) / 1_000 };
  };
  const median = (args: readonly string[]): Cost => {
    const costs = Array.from({ length: 11 }, () => runOnce(args)).slice(1);
    return costs.toSorted((a, b) => a.wall - b.wall)[5] ?? { cpu: Number.NaN, wall: Number.NaN };
  };
  const check = [PROGRAM, "check", `127.0.0.1:${port}`, "--truststore", join(folder, "ca.pem")];
  return {
    what: "check, start to answer",
    ours: median(check),
    theirs: median(["-e", "0"]),
    peer: "start of Node.js alone",
  };
};

const rowsFor = async (openssl: string, key: Key, version: Version): Promise<readonly Row[]> => {
  const folder = mkdtempSync(join(tmpdir(), "anchorwatch-bench-"));
  makeCertificates(openssl, folder, key);
  const { server, port } = await serve(openssl, folder, version);
  const contestants: Contestant[] = [];
  try {
    const ours = await startOurs(port, version, folder);
    contestants.push(ours);
    const exporter = findTool("blackboxExporter");
    const theirs = exporter === undefined ? null : await startExporter(exporter, port, folder);
    if (theirs !== null) contestants.push(theirs);
    const rounds = [ours.round, () => opensslClient(openssl, port)];
    const [own, client, exported] = await contest(
      theirs === null ? rounds : [...rounds, theirs.round],
    );
    if (own === undefined || client === undefined) throw new Error("Nothing was measured");
    const what = `probe and judge for 3, ${version}, ${key}`;
    const rows: Row[] = [{ what, ours: own, theirs: client, peer: "openssl s_time -new" }];
    if (exported !== undefined)
      rows.push({ what, ours: own, theirs: exported, peer: "blackbox_exporter /probe" });
    if (key === "EC P-256" && version === "TLSv1.3")
      rows.push(await twoProbers(port, version, folder), startUp(port, folder));
    return rows;
  } finally {
    for (const { stop } of contestants) await stop();
    await stopChild(server);
    rmSync(folder, { recursive: true });
  }
};

/**
 * A full probe with verdicts for three clients, beside what others spend on a handshake with the same server: two
 * probers, and the start of `check`. Empty where openssl is missing.
 */
export const handshakeRows = async (): Promise<readonly Row[]> => {
  const openssl = findTool("openssl");
  if (openssl === undefined) return [];
  const rows: Row[] = [];
  for (const key of Object.keys(KEYS) as Key[])
    for (const version of Object.keys(VERSIONS) as Version[])
      rows.push(...(await rowsFor(openssl, key, version)));
  return rows;
};
