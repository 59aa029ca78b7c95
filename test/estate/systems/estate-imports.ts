import { join } from "node:path";
import { writeFileSync } from "node:fs";
import t from "tap";
import { formatProblem } from "../../../src/estate/estate.ts";
import { loadEstate } from "../../../src/estate/load-estate.ts";
import { fixtureFolder } from "./import-files.ts";

const SERVER = `<server>
  <keyStore id="trust" location="trust.p12" password="{xor}Lz4sLCgwLTs="/>
  <ssl id="defaultSSLConfig" keyStoreRef="trust" trustStoreRef="trust"/>
  <ldapRegistry host="ldap.example.net" port="636" sslEnabled="true"/>
</server>`;

t.test("loadEstate() puts what imports bring below what is written", async (t) => {
  const folder = fixtureFolder(t, {
    "front/server.xml": SERVER,
    "anchorwatch.yaml": `version: 1
clients:
  pfs: { profile: openjdk-21 }
  mine: { profile: openjdk-17, trust: pfs.trust }
truststores:
  pfs.trust: { password: { env: TRUST_PW } }
endpoints:
  own: { url: "https://own.example.net" }
links:
  - { from: mine, to: [own, pfs.ldap.example.net:636] }
imports:
  - { system: liberty, path: front, as: pfs, host: front.example.net }
`,
  });
  const loaded = await loadEstate(join(folder, "anchorwatch.yaml"));
  if (!loaded.ok) throw new Error(loaded.error.map(formatProblem).join("\n"));
  const { clients, truststores, endpoints, links, imports, notices } = loaded.value;
  t.match(clients, [
    { name: "pfs", profile: "openjdk-21", system: "liberty", truststores: ["pfs.trust"] },
    { name: "mine", profile: "openjdk-17", system: null, truststores: ["pfs.trust"] },
  ]);
  t.same(truststores, [
    {
      name: "pfs.trust",
      paths: [join(folder, "front/resources/security/trust.p12")],
      password: { kind: "env", name: "TRUST_PW" },
    },
  ]);
  t.same(
    endpoints.map(({ name, url, labels }) => [name, url, labels["direction"] ?? null]),
    [
      ["pfs.ldap.example.net:636", "ldaps://ldap.example.net:636", "dials"],
      ["pfs.https", "https://localhost:9443", "listens"],
      ["own", "https://own.example.net", null],
    ],
  );
  t.same(links, [
    { client: "mine", endpoint: "own" },
    { client: "mine", endpoint: "pfs.ldap.example.net:636" },
    { client: "pfs", endpoint: "pfs.ldap.example.net:636" },
  ]);
  t.same(
    imports.map(({ system, prefix }) => [system, prefix]),
    [["liberty", "pfs"]],
  );
  t.ok(imports[0]?.watched.includes(join(folder, "front/server.xml")));
  t.ok(
    imports[0]?.watched.includes(join(folder, "front/bootstrap.properties")),
    "also what is not there yet",
  );
  t.same(notices, []);
});

t.test("loadEstate() tells imports that fail, with the line of the import", async (t) => {
  const folder = fixtureFolder(t, {
    "front/server.xml": SERVER,
    "broken/server.xml": "<server><a></server>",
    "anchorwatch.yaml": `version: 1
imports:
  - { system: liberty, path: front, as: a }
  - { system: liberty, path: front, as: a }
  - { system: libery, path: front }
  - { system: liberty, path: nowhere }
  - { system: liberty, path: broken }
  - { system: liberty, path: front, folder: x }
`,
  });
  const file = join(folder, "anchorwatch.yaml");
  const loaded = await loadEstate(file);
  t.same(
    loaded.ok
      ? []
      : loaded.error.map((problem) => formatProblem(problem).replaceAll(`${folder}/`, "")),
    [
      'anchorwatch.yaml:4:5 imports[1]: Two imports are named "a" (Give one of them another name with as:)',
      'anchorwatch.yaml:5:5 imports[2]: The import of libery fails: Unknown system "libery"; did you mean liberty?',
      "anchorwatch.yaml:6:5 imports[3]: The import of liberty fails: nowhere does not exist",
      "anchorwatch.yaml:7:5 imports[4]: The import of liberty fails: broken/server.xml:1:20: Not well-formed XML: unexpected close tag",
      'anchorwatch.yaml:8:37 imports[5].folder: Unknown key "folder" (Known keys: system, path, as, version, host, roots)',
    ],
  );
  writeFileSync(file, "version: 1\nimports:\n  - { system: liberty, path: front }\nclients: 3\n");
  const wrong = await loadEstate(file);
  t.match(
    wrong.ok ? "" : wrong.error.map(formatProblem).join("\n"),
    /:4:10 clients: Expected a mapping, found 3/,
  );
});

t.test(
  "loadEstate() leaves out what no estate can hold, and keeps the rest of an import",
  async (t) => {
    const folder = fixtureFolder(t, {
      "front/server.xml": SERVER.replace(
        "</server>",
        '<ldapRegistry id="z" host="bad host" port="636" sslEnabled="true"/></server>',
      ),
      "anchorwatch.yaml": "version: 1\nimports: [{ system: liberty, path: front, as: pfs }]\n",
    });
    const loaded = await loadEstate(join(folder, "anchorwatch.yaml"));
    if (!loaded.ok) throw new Error(loaded.error.map(formatProblem).join("\n"));
    t.same(
      loaded.value.endpoints.map(({ url }) => url),
      ["ldaps://ldap.example.net:636", "https://localhost:9443"],
    );
    const notes = loaded.value.imports[0]?.notes.map(({ message }) => message) ?? [];
    t.ok(
      notes.some((note) => note.includes('"pfs.bad host:636" of endpoints is left out')),
      notes.join("\n"),
    );
  },
);
