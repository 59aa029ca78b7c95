import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import t from "tap";
import { freePort } from "../lab/process.ts";
import { anchorwatch } from "./command.ts";

t.test("alerts test says of every notifier whether it took the message", async (t) => {
  const events: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => {
      body += text;
    });
    request.on("end", () => {
      events.push((JSON.parse(body) as { readonly event: string }).event);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const file = join(t.testdir(), "anchorwatch.yaml");
  writeFileSync(
    file,
    `version: 1
notify:
  hook: { webhook: { url: "http://127.0.0.1:${port}/" } }
  quiet: { webhook: { url: "http://127.0.0.1:${port}/" }, resolved: false }
  gone: { webhook: { url: "http://127.0.0.1:${await freePort()}/" } }
  locked: { slack: { url: { env: NO_SUCH_VARIABLE } } }
`,
  );
  const some = await anchorwatch(["alerts", "test", "hook", "quiet", "--estate", file]);
  t.equal(some.code, 0, some.stderr);
  t.equal(
    some.stdout,
    "hook (webhook): took the test message\nquiet (webhook): took the test message\n",
  );
  t.same(events, ["test", "resolved", "test"]);

  const all = await anchorwatch(["alerts", "test", "--estate", file]);
  t.equal(all.code, 3);
  t.match(all.stdout, /^gone \(webhook\): The receiver cannot be reached \(ECONNREFUSED\)$/m);
  t.match(
    all.stdout,
    /^locked \(slack\): The secret of the notifier locked cannot be read: .*NO_SUCH_VARIABLE/m,
  );

  const unknown = await anchorwatch(["alerts", "test", "hok", "--estate", file]);
  t.equal(unknown.code, 64);
  t.match(unknown.stderr, /The estate has no notifier "hok"; did you mean hook\?/);
  writeFileSync(file, "version: 1\n");
  const none = await anchorwatch(["alerts", "test", "--estate", file]);
  t.equal(none.code, 64);
  t.match(none.stderr, /has no notifiers; describe them under notify/);
});
