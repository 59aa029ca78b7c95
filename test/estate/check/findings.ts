import t from "tap";
import { DAY, issue, makeKeys, NOW } from "../../forecast/world.ts";
import { checkFolder, estateFolder, keyPem } from "./folder.ts";

const [key, other] = await makeKeys(2);
if (key === undefined || other === undefined) throw new Error("No keys");
const root = issue("Root", key, 3000, { ca: true });
const soon = issue("robot", key, 10);
const over = issue("old", key, -1);
const PEMS = {
  "root.pem": root.pem,
  "soon.pem": soon.pem,
  "over.pem": over.pem,
  "key.pem": keyPem(soon),
  "other.pem": keyPem(issue("x", other, 1)),
};

t.test("checkEstate() says nothing about an estate that is in order", async (t) => {
  const loaded = await estateFolder(t, {
    ...PEMS,
    "anchorwatch.yaml": `version: 1
truststores: { roots: { path: root.pem } }
clients: { one: { profile: openjdk-17, trust: roots } }
endpoints: { a: { url: "https://a.example.com" } }
links: [{ from: one, to: a }]
`,
  });
  const { findings, notes } = await checkFolder(loaded, NOW);
  t.strictSame([findings, notes], [[], []]);
});

t.test("checkEstate() notes a process that is looked for and not found", async (t) => {
  const loaded = await estateFolder(t, {
    ...PEMS,
    "one.pid": "no number\n",
    "anchorwatch.yaml": `version: 1
truststores: { roots: { path: root.pem } }
clients:
  one: { profile: openjdk-17, trust: roots, started: { pidFile: one.pid } }
  two: { profile: openjdk-17, trust: roots, started: 2027-01-01T00:00:00Z }
endpoints: { a: { url: "https://a.example.com" } }
links: [{ from: one, to: a }, { from: two, to: a }]
`,
  });
  const { findings, notes } = await checkFolder(loaded, NOW);
  t.strictSame(findings, []);
  t.match(notes, [{ part: { kind: "client", name: "one" }, place: { line: 4, column: 3 } }]);
  t.match(notes[0]?.message, /one\.pid names no running process .* whether one was started after/);
});

t.test(
  "checkEstate() tells what cannot be used and what has no effect, with its line",
  async (t) => {
    const loaded = await estateFolder(t, {
      ...PEMS,
      "text.p12": "no store",
      "anchorwatch.yaml": `version: 1
truststores:
  roots: { path: root.pem }
  gone: { path: nowhere.p12 }
  wrong: { path: text.p12, password: { env: ANCHORWATCH_NOT_SET } }
clients:
  one: { profile: openjdk-17, trust: [roots, gone] }
  two: { profile: go, trust: roots, identity: { cert: soon.pem, key: key.pem } }
  three: { profile: go, trust: roots, identity: { cert: over.pem, key: key.pem } }
  four: { profile: go, trust: roots, identity: { cert: soon.pem, key: other.pem } }
  idle: { profile: go, trust: roots }
endpoints:
  a: { url: "https://a.example.com", expect: { clientAuth: required } }
  b: { url: "https://b.example.com" }
links:
  - { from: one, to: a }
  - { from: [two], to: a }
`.replace(
        "{ from: [two], to: a }",
        "{ from: two, to: [a, a] }\n  - { from: three, to: a }\n  - { from: four, to: a }",
      ),
    });
    const { lines, findings } = await checkFolder(loaded, NOW);
    t.strictSame(lines, [
      "critical truststore.not-found truststore gone @anchorwatch.yaml:4:3",
      "critical truststore.password-missing truststore wrong @anchorwatch.yaml:5:3",
      "critical client-auth.expired client three @anchorwatch.yaml:9:3",
      "critical estate.not-judged client four @anchorwatch.yaml:10:3",
      "warning client-auth.expiring client two @anchorwatch.yaml:8:3",
      "warning estate.client-auth-unconfigured link one to a @anchorwatch.yaml:16:22",
      "warning estate.unused-entry truststore wrong @anchorwatch.yaml:5:3",
      "warning estate.unused-entry client idle @anchorwatch.yaml:11:3",
      "warning estate.unused-entry estate anchorwatch.yaml @anchorwatch.yaml:17:26",
      "info estate.unused-entry endpoint b @anchorwatch.yaml:14:3",
    ]);
    const wrong = findings.find(({ part }) => part.name === "wrong");
    t.match(wrong?.summary, "ANCHORWATCH_NOT_SET is not set");
    t.match(wrong?.remedy[0], /^Put the password of wrong where the estate says it is/);
    const far = await checkFolder(loaded, NOW - 50 * DAY);
    t.notOk(
      far.findings.some(({ code }) => code.startsWith("client-auth.")),
      "long before, nothing ends",
    );
  },
);

t.test(
  "checkEstate() tells what imports find, and sources where each value comes from",
  async (t) => {
    const loaded = await estateFolder(t, {
      ...PEMS,
      "front/server.xml": `<server>
  <keyStore id="trust" location="trust.p12" password="{xor}Lz4sLCgwLTs="/>
  <ssl id="defaultSSLConfig" keyStoreRef="trust" trustStoreRef="trust"/>
  <ldapRegistry host="ldap.example.net" port="636" sslEnabled="true"/>
</server>`,
      "anchorwatch.yaml": `version: 1
clients:
  pfs: { profile: openjdk-21 }
imports:
  - { system: liberty, path: front, as: pfs, version: 24.0.0.9 }
`,
    });
    const { lines, notes } = await checkFolder(loaded, NOW);
    t.ok(
      lines.includes("critical truststore.not-found truststore pfs.trust @front/server.xml:2:24"),
      lines.join("\n"),
    );
    t.notOk(
      lines.some((line) => line.includes("estate.store-unusable")),
      "the store that cannot be read is told once",
    );
    t.notOk(
      lines.some((line) => line.includes("estate.unused-entry")),
      "a listener of an import need not be linked",
    );
    t.ok(notes.length > 0);
    const { sources, folder } = loaded;
    const client = sources.entry("clients", "pfs");
    t.match(client, {
      written: { file: `${folder}/anchorwatch.yaml`, line: 3, column: 3, at: "clients.pfs" },
      imported: { system: "liberty", prefix: "pfs" },
    });
    t.strictSame(
      client.values.map(({ key: name }) => name),
      ["trust[0]", "nameCheck"],
      "the profile is the estate's own",
    );
    const store = sources.entry("truststores", "pfs.trust");
    t.equal(store.written, null);
    t.match(store.values[0], {
      key: "path",
      text: `${folder}/front/server.xml:2:24 server/keyStore[@id='trust']/@location`,
    });
    const link = sources.link({ client: "pfs", endpoint: "pfs.ldap.example.net:636" });
    t.match(link, { written: null, imported: { prefix: "pfs" }, values: [{ key: "" }] });
    t.match(sources.import(0), { line: 5, column: 5 });
    t.strictSame(sources.entry("clients", "nobody").values, []);
  },
);
