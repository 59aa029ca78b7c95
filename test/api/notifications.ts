import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import t from "tap";
import { eventually } from "../daemon/fixture.ts";
import { startWatched } from "./watched.ts";

interface Told {
  readonly notifications: readonly {
    readonly notifier: string;
    readonly id: string;
    readonly attempts: number;
  }[];
  readonly next?: string;
}

t.test("GET notifications shows what nobody took, what waits, and why", async (t) => {
  const answers = { "/refuses": 400, "/down": 503, "/takes": 200 } as const;
  const server = createServer(({ url }, response) => {
    const [, status = 404] = Object.entries(answers).find(([path]) => path === url) ?? [];
    response.writeHead(status).end("\u001b[31mno\u202e");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const hook = (name: string): string =>
    `  ${name}: { webhook: { url: "http://127.0.0.1:${port}/${name}" } }`;
  const { daemon } = await startWatched(t, {
    http: `\nnotify:\n${["refuses", "down", "takes"].map(hook).join("\n")}`,
  });
  const ask = async (query: string): Promise<Told> => {
    const answer = await fetch(`${daemon.url}api/v1/notifications?${query}`);
    t.equal(answer.status, 200);
    return (await answer.json()) as Told;
  };
  const told = await eventually(async () => {
    const { notifications } = await ask("");
    const has = (name: string): boolean =>
      notifications.some(({ notifier, attempts }) => notifier === name && attempts > 0);
    return has("refuses") && has("down") ? notifications : undefined;
  });
  t.match(
    told.find(({ notifier }) => notifier === "refuses"),
    {
      event: "firing",
      state: "dead",
      attempts: 1,
      error: "The receiver answered with status 400: [31mno",
      settledAt: /Z$/,
      alert: { rule: "broken", status: "firing" },
    },
  );
  t.match(
    told.find(({ notifier }) => notifier === "down"),
    { state: "waiting", error: /^The receiver answered with status 503/, settledAt: null },
  );
  await eventually(async () =>
    (await ask("state=delivered")).notifications.length > 0 ? true : undefined,
  );
  const all = "state=delivered&state=dead&state=waiting";
  const whole = (await ask(all)).notifications.map(({ id }) => id);
  const first = await ask(`${all}&limit=1`);
  const rest = await ask(`${all}&cursor=${first.next}`);
  const paged = [...first.notifications, ...rest.notifications].map(({ id }) => id);
  t.same(paged.slice(-2), whole.slice(-2), "page by page it is the same");
});
