import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import type { Test } from "tap";
import { startProcess } from "../../lab/process.ts";
import { eventually, writeFiles } from "../fixture.ts";

/** An alert as Alertmanager tells it. */
export interface KnownAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly status: { readonly state: string };
}

/** What Alertmanager passes on to people, as `status` and number of links. */
export const startPager = async (
  t: Test,
): Promise<{ readonly calls: readonly string[]; readonly port: number }> => {
  const calls: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => {
      body += text;
    });
    request.on("end", () => {
      const { alerts } = JSON.parse(body) as {
        readonly alerts: readonly {
          readonly status: string;
          readonly annotations: Readonly<Record<string, string>>;
        }[];
      };
      for (const { status, annotations } of alerts) calls.push(`${status} ${annotations["links"]}`);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { calls, port: (server.address() as AddressInfo).port };
};

const accepts = async (port: number): Promise<true | undefined> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(undefined));
  });

/** Alertmanager itself, which passes everything on at once. */
export const startAlertmanager = async (
  t: Test,
  program: string,
  {
    folder,
    port,
    pagerPort,
  }: { readonly folder: string; readonly port: number; readonly pagerPort: number },
): Promise<{ readonly alerts: () => Promise<readonly KnownAlert[]> }> => {
  writeFiles(folder, {
    "alertmanager.yml": `route: { receiver: page, group_by: ["..."], group_wait: 0s, group_interval: 1s, repeat_interval: 1h }
receivers:
  - { name: page, webhook_configs: [{ url: "http://127.0.0.1:${pagerPort}/", send_resolved: true }] }
`,
  });
  const manager = startProcess(program, [
    `--config.file=${join(folder, "alertmanager.yml")}`,
    `--storage.path=${join(folder, "data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
    "--cluster.listen-address=",
  ]);
  t.teardown(() => manager.stop());
  await eventually(() => accepts(port));
  return {
    alerts: async () =>
      (await (
        await fetch(`http://127.0.0.1:${port}/api/v2/alerts`)
      ).json()) as readonly KnownAlert[],
  };
};
