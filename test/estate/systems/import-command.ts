import { spawnSync } from "node:child_process";
import { join } from "node:path";
import t from "tap";
import { parse } from "yaml";
import { EXAMPLES, MARK } from "./examples.ts";
import { fixtureFolder } from "./import-files.ts";

const program = join(import.meta.dirname, "../../../bin/anchorwatch.mjs");

const run = (
  words: readonly string[],
  input = "",
): { readonly status: number | null; readonly out: string; readonly err: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, "import", ...words], {
    input,
    encoding: "utf8",
  });
  return { status, out: stdout, err: stderr };
};

t.test("import reads standard input, and says where every value comes from", (t) => {
  const example = EXAMPLES.find(({ system }) => system === "haproxy");
  const text = String(example?.files["haproxy.cfg"]);
  const { status, out } = run(["haproxy", "-"], text);
  t.equal(status, 1, "a warning");
  t.match(parse(out), { endpoints: { "haproxy.c.example.net:8443": {} } });
  t.match(out, /\(standard input\)\/file\.conf:\d+:\d+/u);

  const explained = run(["haproxy", "-", "--explain"], text).out;
  t.match(
    explained,
    /^endpoints\.haproxy\.c\.example\.net:8443\.url = https:\/\/c\.example\.net:8443\n {4}.*:\d+:\d+ backend b\/server$/mu,
  );
  t.notMatch(explained, MARK);
  t.equal(run(["auto", "-"], text).status, 64, "the system has to be named");
  t.end();
});

t.test("import takes several paths of one system, and finds the system out", (t) => {
  const folder = fixtureFolder(t, {
    "a.properties":
      "bootstrap.servers=a.example.net:9093\nsecurity.protocol=SSL\nssl.truststore.location=/x/ca.pem\n",
    "b.properties":
      "bootstrap.servers=b.example.net:9093\nsecurity.protocol=SSL\nssl.truststore.location=/x/ca.pem\n",
  });
  const { out } = run([
    "auto",
    join(folder, "a.properties"),
    join(folder, "b.properties"),
    "--as",
    "k",
  ]);
  t.match(parse(out), {
    clients: { "k.a": { trust: ["k.a"] }, "k.b": { trust: ["k.b"] } },
    endpoints: { "k.a.example.net:9093": {}, "k.b.example.net:9093": {} },
  });
  const broken = run(["tomcat", "-"], "<Server>");
  t.equal(broken.status, 3);
  t.match(broken.err, /server\.xml:1:\d+: .*Not well-formed XML/u);
  t.end();
});
