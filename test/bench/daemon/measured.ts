import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What was measured of the daemon, beside its target. */
export interface Figure {
  readonly what: string;
  readonly value: string;
  /** Empty where there is none. */
  readonly target: string;
}

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** A child that tells something when it is ready. */
export const startChild = async <T>(
  name: string,
  args: readonly string[],
): Promise<{ readonly child: ChildProcess; readonly told: T }> => {
  const child = fork(script(name), args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const [told] = (await Promise.race([
    once(child, "message"),
    once(child, "exit").then(() => {
      throw new Error(`${name} ended`);
    }),
  ])) as [T];
  return { child, told };
};

/** Runs with servers on loopback and a folder that is removed afterwards. */
export const withServers = async (
  use: (folder: string, port: number) => Promise<readonly Figure[]>,
): Promise<readonly Figure[]> => {
  const folder = mkdtempSync(join(tmpdir(), "anchorwatch-bench-"));
  const { child, told: port } = await startChild<number>("servers.ts", [folder]);
  try {
    return await use(folder, port);
  } finally {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Writes an estate with many endpoints, each on a loopback address of its own, and some clients for each. */
export const writeEstate = (
  folder: string,
  {
    endpoints,
    clients = 1,
    port,
    schedule,
  }: {
    readonly endpoints: number;
    readonly clients?: number;
    readonly port: number;
    readonly schedule: string;
  },
): string => {
  const file = join(folder, "anchorwatch.yaml");
  const names = Array.from({ length: endpoints }, (_, index) => `e${index}`);
  const address = (index: number): string =>
    `127.${1 + Math.floor(index / 62_500)}.${Math.floor(index / 250) % 250}.${1 + (index % 250)}`;
  const parties = Array.from({ length: clients }, (_, index) => `c${index}`);
  const profiles = ["openjdk-17", "openssl-3", "go", "openjdk-21"];
  writeFileSync(
    file,
    [
      "version: 1",
      "truststores: { roots: { path: root.pem } }",
      "clients:",
      ...parties.map((name, i) => `  ${name}: { profile: ${profiles[i % 4]}, trust: roots }`),
      "endpoints:",
      ...names.map(
        (name, i) => `  ${name}: { url: "https://localhost:${port}", connect: ${address(i)} }`,
      ),
      "links:",
      ...parties.map((name) => `  - { from: ${name}, to: [${names.join(", ")}] }`),
      `schedule: ${schedule}`,
      "",
    ].join("\n"),
  );
  return file;
};

/** The daemon's metrics without labels, and with one, as `name{value}`. */
export const readMetrics = async (
  url: string,
): Promise<{
  readonly value: (name: string) => number;
  readonly milliseconds: number;
  readonly size: number;
}> => {
  const begun = performance.now();
  const text = await (await fetch(`${url}metrics`)).text();
  const milliseconds = performance.now() - begun;
  const value = (name: string): number => {
    const line = text.split("\n").find((each) => each.startsWith(`anchorwatch_${name} `));
    return Number(line?.split(" ").at(-1));
  };
  return { value, milliseconds, size: text.length };
};

/** Figures as a table for people. */
export const figures = (rows: readonly Figure[]): string => {
  const width = Math.max(0, ...rows.map(({ what }) => what.length));
  return rows
    .map(({ what, value, target }) =>
      `${what.padEnd(width)}  ${value}${target === "" ? "" : `  (target ${target})`}`.trimEnd(),
    )
    .join("\n");
};
