import { execFileSync, spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { fileURLToPath } from "node:url";
import { parseStore } from "../../src/truststore/parse-store.ts";
import { findTool } from "../tools.ts";
import { writeJks } from "../truststore/write-stores.ts";
import type { Cost, Row } from "./measure.ts";

/** As many as the cacerts of a JDK on Debian. */
const ANCHORS = 144;
const PASSWORD = "changeit";
const ROUNDS = 15;
const LOADER = fileURLToPath(new URL("load-once.ts", import.meta.url));

const pems = Array.from(
  { length: ANCHORS },
  (_, index) => rootCertificates[index % rootCertificates.length] ?? "",
);

const now = (): { readonly cpu: NodeJS.CpuUsage; readonly wall: bigint } => ({
  cpu: process.cpuUsage(),
  wall: process.hrtime.bigint(),
});

const since = ({ cpu, wall }: ReturnType<typeof now>): Cost => {
  const { user, system } = process.cpuUsage(cpu);
  return { cpu: user + system, wall: Number(process.hrtime.bigint() - wall) / 1_000 };
};

const median = (costs: readonly Cost[]): Cost => {
  const middle = (values: readonly number[]): number =>
    values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
  return { cpu: middle(costs.map(({ cpu }) => cpu)), wall: middle(costs.map(({ wall }) => wall)) };
};

/** What reading a store costs when the code is compiled, as in a daemon. */
const loadWarm = async (bytes: Uint8Array): Promise<Cost> => {
  const costs: Cost[] = [];
  for (let round = -5; round < ROUNDS; round++) {
    const start = now();
    const read = await parseStore(bytes, { password: PASSWORD });
    if (!read.ok || read.value.entries.length !== ANCHORS) throw new Error("A store was not read");
    if (round >= 0) costs.push(since(start));
  }
  return median(costs);
};

/** What the first store of a process costs, without the start of the process. */
const loadCold = (path: string): Cost =>
  median(
    Array.from({ length: 5 }, () => {
      const output = execFileSync(process.execPath, [LOADER, path, PASSWORD], { encoding: "utf8" });
      const [cpu = Number.NaN, wall = Number.NaN] = output.split(" ").map(Number);
      return { cpu, wall };
    }),
  );

/** A whole run of a program, its start included. */
const runProgram = (command: string, args: readonly string[]): Cost =>
  median(
    Array.from({ length: 3 }, () => {
      const start = process.hrtime.bigint();
      const { stdout } = spawnSync(
        "sh",
        ["-c", '"$0" "$@" >/dev/null 2>&1; times', command, ...args],
        {
          encoding: "utf8",
        },
      );
      const wall = Number(process.hrtime.bigint() - start) / 1_000;
      const [, minutes, seconds, systemMinutes, systemSeconds] =
        /\n(\d+)m([\d.]+)s (\d+)m([\d.]+)s/u.exec(stdout) ?? [];
      const cpu =
        60 * (Number(minutes) + Number(systemMinutes)) + Number(seconds) + Number(systemSeconds);
      return { cpu: cpu * 1_000_000, wall };
    }),
  );

/** The naive way with the runtime alone: one object for each block of a PEM file. */
const readRuntime = (): Cost => {
  const costs = Array.from({ length: ROUNDS }, () => {
    const start = now();
    const subjects = pems.map((pem) => new X509Certificate(pem).fingerprint256);
    if (subjects.length !== ANCHORS) throw new Error("The runtime read nothing");
    return since(start);
  });
  return median(costs);
};

/** Stores of one set of anchors, written by keytool where it is installed. */
const makeStores = (
  folder: string,
  keytool: string | undefined,
): Readonly<Record<string, string>> => {
  const pem = join(folder, "anchors.pem");
  writeFileSync(pem, pems.join("\n"));
  if (keytool === undefined) return { PEM: pem };
  const jks = join(folder, "anchors.jks");
  const certificates = pems.map((text) => new X509Certificate(text).raw);
  writeFileSync(
    jks,
    writeJks(certificates.map((der, index) => ({ alias: `ca-${index}`, certificates: [der] }))),
  );
  const convert = (name: string, options: readonly string[]): string => {
    const path = join(folder, name);
    const source = ["-srckeystore", jks, "-srcstorepass", PASSWORD];
    const target = ["-destkeystore", path, "-deststoretype", "PKCS12", "-deststorepass", PASSWORD];
    execFileSync(keytool, [...options, "-importkeystore", ...source, ...target], {
      stdio: "ignore",
    });
    return path;
  };
  return {
    JKS: jks,
    PEM: pem,
    "PKCS#12": convert("modern.p12", []),
    "legacy PKCS#12": convert("legacy.p12", ["-J-Dkeystore.pkcs12.legacy"]),
  };
};

/** Loading 144 anchors from each common format, against `keytool -list` and against the runtime alone. */
export const truststoreRows = async (): Promise<readonly Row[]> => {
  const folder = mkdtempSync(join(tmpdir(), "anchorwatch-bench-"));
  try {
    const keytool = findTool("keytool");
    const rows: Row[] = [];
    for (const [format, path] of Object.entries(makeStores(folder, keytool))) {
      const list = ["-list", "-keystore", path, "-storepass", PASSWORD];
      const [theirs, peer] =
        format === "PEM"
          ? ([readRuntime(), "node:crypto X509Certificate"] as const)
          : ([runProgram(keytool ?? "keytool", list), "keytool -list, with its start"] as const);
      const what = `load ${ANCHORS} anchors, ${format}`;
      rows.push({ what, ours: await loadWarm(readFileSync(path)), theirs, peer });
      rows.push({ what: `${what}, first of a process`, ours: loadCold(path), theirs, peer });
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
