import t from "tap";
import { graphDot, graphLines, graphMermaid } from "../../../src/report/estate/graph.ts";
import { overviewDocument } from "../../../src/report/estate/overview-document.ts";
import { ESTATE_SHOW_SCHEMA } from "../../../src/report/estate/overview-schema.ts";
import { overviewOf } from "../../../src/report/estate/overview.ts";
import { documentText } from "../../../src/report/document/document-text.ts";
import { plainPaint } from "../../../src/report/paint.ts";
import { estateFolder } from "./folder.ts";

const ESTATE = `version: 1
truststores:
  roots: { path: root.pem, password: { env: ROOTS_PW } }
clients:
  browser: { profile: go, trust: roots }
  idle: { profile: openjdk-17, trust: [roots, pfs.trust] }
endpoints:
  front: { url: "https://front.example.net:9443/x", expect: { clientAuth: required } }
links:
  - { from: browser, to: [front] }
imports:
  - { system: liberty, path: front, as: pfs, host: front.example.net, version: 24.0.0.9 }
`;
const SERVER = `<server>
  <httpEndpoint id="defaultHttpEndpoint" host="front.example.net" httpsPort="9443"/>
  <keyStore id="trust" location="trust.p12" password="{xor}Lz4sLCgwLTs="/>
  <ssl id="defaultSSLConfig" keyStoreRef="trust" trustStoreRef="trust"/>
  <ldapRegistry host="ldap.example.net" port="636" sslEnabled="true"/>
</server>`;

t.test("overviewOf() puts an estate together, without any secret", async (t) => {
  const { estate, sources, folder } = await estateFolder(t, {
    "anchorwatch.yaml": ESTATE,
    "front/server.xml": SERVER,
  });
  const overview = overviewOf("anchorwatch.yaml", estate, sources);
  t.same(ESTATE_SHOW_SCHEMA.safeParse(overview).error?.issues ?? [], []);
  t.notMatch(JSON.stringify(overview), /Lz4sLCgwLTs|password[^"]*{xor}/);
  t.match(overview.imports, [{ prefix: "pfs", system: "liberty" }]);
  t.match(
    overview.endpoints.find(({ name }) => name === "front"),
    { servedBy: "pfs", clientAuth: "required", source: { import: null } },
  );
  t.match(
    overview.truststores.find(({ name }) => name === "pfs.trust"),
    { clients: ["pfs", "idle"], source: { import: "pfs" } },
  );
  t.strictSame(graphLines(overview), [
    "pfs (openjdk-17), trusts pfs.trust",
    "└─ pfs.ldap.example.net:636  ldaps://ldap.example.net:636",
    "browser (go), trusts roots",
    "└─ front  https://front.example.net:9443/x  client certificate required  served by pfs",
    "idle (openjdk-17), trusts roots, pfs.trust, no link",
  ]);
  const text = documentText(overviewDocument(overview, { sources: true, folder }), {
    paint: plainPaint,
    columns: 80,
  });
  t.match(text, /\nWho depends on what\n {2}pfs \(openjdk-17\)/);
  t.match(
    text,
    /\n {2}pfs\.trust +pfs, idle +front\/resources\/security\/trust\.p12 +front\/server\.xml:3:24\n/,
  );
  t.match(text, /\n {2}roots +browser, idle +root\.pem +anchorwatch\.yaml:3:3\n/);
  t.match(text, /\n {2}pfs\.trust password +front\/server\.xml:3:45/);
  const bare = documentText(overviewDocument(overview, { sources: false, folder }), {
    paint: plainPaint,
    columns: 80,
  });
  t.notMatch(bare, "pfs.trust password");
});

t.test(
  "graphDot() and graphMermaid() draw every link once, and a system around its listeners",
  async (t) => {
    const { estate, sources } = await estateFolder(t, {
      "anchorwatch.yaml": ESTATE,
      "front/server.xml": SERVER,
    });
    const overview = overviewOf("anchorwatch.yaml", estate, sources);
    const dot = graphDot(overview);
    t.match(dot, /^digraph estate \{\n[^]*\n\}\n$/);
    t.match(dot, '  "client browser" -> "endpoint front";\n');
    t.match(
      dot,
      /subgraph cluster_0 \{\n {4}label="pfs \(liberty\)";\n {4}"client pfs";\n {4}"endpoint pfs\.https";\n/,
    );
    t.match(dot, '  "endpoint front" -> "endpoint pfs.https" [style=dashed');
    t.equal(dot.split("[style=dotted").length - 1, 4);
    const mermaid = graphMermaid(overview);
    t.match(mermaid, /^flowchart LR\n/);
    t.equal(mermaid.split(" --> ").length - 1, estate.links.length);
    for (const line of mermaid.trimEnd().split("\n").slice(1))
      t.match(
        line,
        /^ {2}(?:n\d+(?:\["[^"]*"\]|\(\["[^"]*"\]\)|\[\("[^"]*"\)\])|subgraph s\d+\["[^"]*"\]| {2}n\d+|end|n\d+ (?:-->|-\.->\|\w+\|) n\d+)$/,
      );
  },
);

t.test("graphDot() and graphMermaid() keep hostile names inside of their labels", async (t) => {
  const name = 'a"]; b -> c; \\ <script> #quot; `x` \\n';
  const { estate, sources } = await estateFolder(t, {
    "anchorwatch.yaml": JSON.stringify({
      version: 1,
      truststores: { [name]: { path: "x.pem" } },
      clients: { [name]: { profile: "go", trust: name } },
      endpoints: { [name]: { url: "https://a.example.com" } },
      links: [{ from: name, to: name }],
    }),
  });
  const overview = overviewOf("anchorwatch.yaml", estate, sources);
  for (const line of graphDot(overview).split("\n")) {
    const outside = line.replaceAll(/"(?:[^"\\]|\\.)*"/g, "");
    t.notMatch(outside, /["\\<]|script/, line);
  }
  t.notMatch(graphMermaid(overview), /<(?!br>)|[`]|script>/);
});
