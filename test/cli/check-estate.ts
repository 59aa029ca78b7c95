import { join } from "node:path";
import t from "tap";
import { startDemo } from "../../src/cli/demo/demo.ts";
import { CAST } from "../demo/cast.ts";
import { member, readEstate } from "../demo/estate.ts";
import { anchorwatch } from "./command.ts";
import { checkRecords } from "./records.ts";

t.test("check --client judges as a client of the estate", async (t) => {
  const demo = await startDemo({ listen: "127.0.0.1:0" });
  t.teardown(() => demo.close());
  const estate = readEstate(demo);
  const check = (
    client: string,
    endpoint: string,
    ...args: readonly string[]
  ): ReturnType<typeof anchorwatch> => {
    const { url, connect } = member(estate.endpoints, endpoint);
    return anchorwatch(["check", url, "--connect", connect, "--client", client, ...args], {
      cwd: demo.directory,
    });
  };

  for (const { client, endpoint, ok, headline } of CAST)
    await t.test(`check of ${endpoint} as ${client}`, async (t) => {
      const { url, connect } = member(estate.endpoints, endpoint);
      const asked = ["--client", client, "--estate", join(demo.directory, "anchorwatch.yaml")];
      const { code, stdout, stderr } = await anchorwatch([
        "check",
        url,
        "--connect",
        connect,
        "--format",
        "ndjson",
        ...asked,
      ]);
      t.equal(stderr, "");
      const [record] = checkRecords(t, stdout);
      const first = record?.findings[0];
      t.equal(first?.severity === "info" ? null : (first?.code ?? null), headline);
      t.equal(record?.profile, member(estate.clients, client).profile);
      t.same(record?.truststores, member(estate.clients, client).trust);
      t.equal(code === 0, headline === null, `exit code ${code}`);
      if (!ok) t.ok(code === 2 || code === 3, `exit code ${code}`);
    });

  await t.test(
    "check --client tells the client's name and takes another certificate",
    async (t) => {
      const text = await check("pfs", "bpm-west");
      t.match(text.stdout, "judged as pfs, OpenJDK 17 (openjdk-17), with pfs-trust");
      const pair = ["--cert", join("cs", "client.pem"), "--key", join("cs", "client.key")];
      const { stdout } = await check(
        "connector-xpress",
        "api-gateway",
        "--format",
        "ndjson",
        ...pair,
      );
      const [record] = checkRecords(t, stdout);
      t.equal(record?.findings[0]?.code, "client-auth.expired", "its certificate has ended");
    },
  );

  await t.test("check --client dials an endpoint of the estate as the estate does", async (t) => {
    const { url } = member(estate.endpoints, "bpm-west");
    const { code, stdout } = await anchorwatch(
      ["check", url, "bpm-west", "--client", "pfs", "--format", "ndjson"],
      { cwd: demo.directory },
    );
    t.equal(code, 0);
    const records = checkRecords(t, stdout);
    t.same(
      records.map(({ target, trusted }) => [target, trusted]),
      [
        [url, true],
        ["bpm-west", true],
      ],
      "by its URL and by its name",
    );
  });

  await t.test("check --client says which clients there are", async (t) => {
    const close = await check("pfss", "bpm-west");
    t.equal(close.code, 64);
    t.match(close.stderr, '--client: anchorwatch.yaml has no client "pfss"; did you mean pfs?');
    const far = await check("zzzzzzzzzzzzzz", "bpm-west");
    t.match(far.stderr, "it has pfs, browser, edge-haproxy");
  });
});
