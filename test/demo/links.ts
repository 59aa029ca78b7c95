import { join } from "node:path";
import { readFileSync, writeFileSync } from "node:fs";
import t from "tap";
import { startDemo } from "../../src/cli/demo/demo.ts";
import { isProfileName } from "../../src/trust/profile-names.ts";
import { requireTool } from "../tools.ts";
import { CAST } from "./cast.ts";
import { type Estate, member, readEstate, storeFiles } from "./estate.ts";
import { openSslClient } from "./openssl-client.ts";
import { run } from "./run.ts";

const javaClient = join(import.meta.dirname, "java-client.java");
const isJava = (estate: Estate, client: string): boolean =>
  member(estate.clients, client).profile.startsWith("openjdk-");

t.test("startDemo()", async (t) => {
  const demo = await startDemo();
  t.teardown(() => demo.close());
  const estate = readEstate(demo);

  t.test("startDemo() writes an estate of exactly the links of the cast", async (t) => {
    const links = estate.links.flatMap(({ from, to }) => to.map((name) => `${from} -> ${name}`));
    t.same(
      links,
      CAST.map(({ client, endpoint }) => `${client} -> ${endpoint}`),
    );
    t.ok(links.length >= 12);
    const troubled = CAST.filter(({ headline }) => headline !== null);
    t.ok(troubled.length * 2 >= links.length, "at least half are broken or about to break");
    const ways = CAST.filter(({ ok }) => !ok).map(({ headline }) => headline);
    t.equal(new Set(ways).size, ways.length, "each broken one in a way of its own");
  });

  t.test("startDemo() writes an estate whose names all resolve", async (t) => {
    const endpoints = new Set(estate.links.flatMap(({ to }) => to));
    t.same(endpoints, new Set(Object.keys(estate.endpoints)));
    const clients = new Set(estate.links.map(({ from }) => from));
    t.same(clients, new Set(Object.keys(estate.clients)));
    for (const [name, client] of Object.entries(estate.clients)) {
      t.ok(isProfileName(client.profile), `${name}: ${client.profile}`);
      for (const trust of client.trust) t.ok(estate.truststores[trust], `${name} trusts ${trust}`);
    }
  });

  t.test("startDemo() breaks the links of OpenSSL clients as the cast says", async (t) => {
    const openssl = requireTool(t, "openssl");
    if (openssl === undefined) return;
    const directory = t.testdir();
    for (const { client, endpoint, ok, says } of CAST) {
      if (isJava(estate, client)) continue;
      const { trust } = member(estate.clients, client);
      const anchors = join(directory, `${client}.pem`);
      const files = trust.flatMap((name) => storeFiles(demo, estate, name).files);
      writeFileSync(anchors, files.map((file) => readFileSync(file)).join(""));
      const { url, connect } = member(estate.endpoints, endpoint);
      const host = new URL(url).hostname;
      const { code, output } = await openSslClient(
        openssl,
        [
          "-connect",
          connect,
          "-servername",
          host,
          "-verify_hostname",
          host,
          "-verify_return_error",
          "-CAfile",
          anchors,
        ],
        "GET / HTTP/1.0\r\n\r\n",
      );
      const link = `${client} -> ${endpoint}`;
      t.equal(code === 0, ok, link);
      if (says !== null) t.match(output, says, link);
      else t.match(output, /HTTP\/1\.1 200 OK/, link);
    }
  });

  t.test("startDemo() breaks the links of Java clients as the cast says", async (t) => {
    const [java, openssl] = [requireTool(t, "java"), requireTool(t, "openssl")];
    if (java === undefined || openssl === undefined) return;
    const directory = t.testdir();
    const keystore = async (client: string): Promise<readonly [string, string]> => {
      const { identity } = member(estate.clients, client);
      if (identity === undefined) return ["-", "-"];
      const path = join(directory, `${client}.p12`);
      const [cert, key] = [identity.cert, identity.key].map((file) => join(demo.directory, file));
      const args = ["-in", cert ?? "", "-inkey", key ?? "", "-out", path, "-passout", "stdin"];
      const { code, stderr } = await run(openssl, ["pkcs12", "-export", ...args], "of-the-test\n");
      t.equal(code, 0, stderr);
      return [path, "of-the-test"];
    };
    const cast = CAST.filter(({ client }) => isJava(estate, client));
    const lines: string[] = [];
    for (const { client, endpoint } of cast) {
      const { trust, profile, nameCheck } = member(estate.clients, client);
      const [store = ""] = trust;
      const { files, password = "" } = storeFiles(demo, estate, store);
      const { url, connect } = member(estate.endpoints, endpoint);
      lines.push(
        [
          files[0],
          password,
          profile.endsWith("-sunx509") ? "SunX509" : "PKIX",
          new URL(url).hostname,
          connect.split(":")[1],
          nameCheck === "https" ? "HTTPS" : "-",
          ...(await keystore(client)),
          new URL(url).protocol.slice(0, -1),
        ].join("\t"),
      );
    }
    const { stdout, stderr } = await run(java, [javaClient], `${lines.join("\n")}\n`);
    const answers = stdout.trimEnd().split("\n");
    t.equal(answers.length, cast.length, stderr);
    for (const [index, { client, endpoint, ok, says }] of cast.entries()) {
      const answer = answers[index] ?? "";
      t.equal(answer === "OK", ok, `${client} -> ${endpoint}: ${answer}`);
      if (says !== null) t.match(answer, says);
    }
  });
});
