import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePort, type RunningProcess, startProcess } from "./process.ts";

/** A proxy on loopback. */
export interface LabProxy {
  readonly port: number;
  readonly process: RunningProcess;
}

/** User name and password of the proxies that want them. */
export const PROXY_LOGIN = { username: "probe", password: "proxy-pa55" } as const;

/** Starts tinyproxy; `connectPorts` are those to which it lets clients connect. */
export async function startTinyproxy(
  program: string,
  directory: string,
  {
    connectPorts,
    login = false,
  }: { readonly connectPorts: readonly number[]; readonly login?: boolean },
): Promise<LabProxy> {
  const port = await freePort();
  const file = join(directory, `tinyproxy-${port}.conf`);
  const lines = [
    `Port ${port}`,
    "Listen 127.0.0.1",
    "Timeout 30",
    "Allow 127.0.0.1",
    ...connectPorts.map((each) => `ConnectPort ${each}`),
    ...(login ? [`BasicAuth ${PROXY_LOGIN.username} ${PROXY_LOGIN.password}`] : []),
  ];
  writeFileSync(file, `${lines.join("\n")}\n`);
  const process = startProcess(program, ["-d", "-c", file]);
  await listening(port, process);
  return { port, process };
}

/** Starts microsocks. */
export async function startMicrosocks(
  program: string,
  { login = false }: { readonly login?: boolean } = {},
): Promise<LabProxy> {
  const port = await freePort();
  const process = startProcess(program, [
    "-i",
    "127.0.0.1",
    "-p",
    String(port),
    ...(login ? ["-u", PROXY_LOGIN.username, "-P", PROXY_LOGIN.password] : []),
  ]);
  await listening(port, process);
  return { port, process };
}

/** Resolves when a program accepts connections on a port of 127.0.0.1; rejects when it ends before. */
export async function listening(port: number, { child, output }: RunningProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`The program ended: ${output()}`);
    if (await answers(port)) return;
    await wait(20);
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
