import { join } from "node:path";
import t from "tap";
import { DISK_FILES } from "../../../src/estate/systems/disk-files.ts";
import { detectImporter, IMPORTERS } from "../../../src/estate/systems/registry.ts";
import { SourceReader } from "../../../src/estate/systems/source-reader.ts";
import { type FixtureFiles, fixtureFolder } from "./import-files.ts";

const L7 = "http://ns.l7tech.com/2010/04/gateway-management";

/** What `auto` makes of a folder, or of the file named. */
const TABLE: readonly (readonly [system: string | null, path: string, files: FixtureFiles])[] = [
  ["api-gateway", "a.bundle", { "a.bundle": `<l7:Bundle xmlns:l7="${L7}"/>` }],
  ["api-gateway", "", { "b.json": '{"trustedCerts": []}' }],
  ["connector-server", "", { "jcs/conf/server_osgi_jcs.xml": "<beans/>" }],
  ["connector-xpress", "Connector Xpress", { "Connector Xpress/jvm/lib/security/cacerts": "x" }],
  [
    "identity-manager",
    "directory.xml",
    {
      "directory.xml":
        '<Directory><Provider type="LDAP"><Connection host="a"/></Provider></Directory>',
    },
  ],
  ["process-federation-server", "", { "a.yaml": "kind: FederatedSystem" }],
  ["api-gateway", "g.yaml", { "g.yaml": "apiVersion: security.brcmlabs.com/v1\nkind: Gateway" }],
  ["service-manager", "", { "RUN/sm.ini": "ssl:1" }],
  [
    "service-manager-web-tier",
    "",
    { "WEB-INF/web.xml": "<web-app><param-name>serverHost</param-name></web-app>" },
  ],
  ["nginx", "nginx.conf", { "nginx.conf": "events {}" }],
  ["apache", "", { "apache2.conf": "IncludeOptional x/*.conf" }],
  ["haproxy", "haproxy.cfg", { "haproxy.cfg": "frontend f\n bind :443 ssl" }],
  ["tomcat", "", { "conf/server.xml": "<Server><Service><Connector/></Service></Server>" }],
  ["spring-boot", "", { "application.yml": "server.port: 1" }],
  [
    "wildfly",
    "",
    { "standalone/configuration/standalone.xml": '<server xmlns="urn:jboss:domain:20.0"/>' },
  ],
  ["kafka", "client.properties", { "client.properties": "bootstrap.servers=a:1" }],
  ["java", "options", { options: "-Djavax.net.ssl.trustStore=x" }],
  ["prometheus", "blackbox.yml", { "blackbox.yml": "modules: {}" }],
  [null, "", { "readme.txt": "nothing of any system" }],
];

t.test("detectImporter() tells systems by their files", async (t) => {
  for (const [system, path, files] of TABLE) {
    const folder = fixtureFolder(t, files);
    const reader = new SourceReader(DISK_FILES);
    reader.allow(folder);
    const importer = await detectImporter(join(folder, path), reader);
    t.equal(
      importer?.system ?? null,
      system,
      `${system ?? "no system"}: ${Object.keys(files).join(", ")}`,
    );
  }
});

/** Texts that should cost little and break nothing, whatever reads them. */
const HOSTILE: Readonly<Record<string, string>> = {
  "open braces": "a{".repeat(200_000),
  "open brackets": "[".repeat(20_000),
  "open elements": "<a>".repeat(100_000),
  "continued lines": "a\\\n".repeat(200_000),
  "open quotes": `x "${"\\".repeat(200_000)}`,
  placeholders: `a: ${"${".repeat(100_000)}`,
  "a long line": `listen ${"x".repeat(500_000)};`,
  "resources without end": `apiVersion: security.brcmlabs.com/v1
kind: Gateway
spec: { app: { externalCerts: [${"{ name: a, enabled: true }, ".repeat(500)}] } }
---
kind: FederatedSystem
spec: { url: "https://a", certificates: { secrets: [${"a, ".repeat(1_000)}] } }
${"---\nkind: Secret\n".repeat(100)}`,
  "options without end": `-Da="${"-Db=".repeat(100_000)}`,
  expansions: `<!DOCTYPE a [<!ENTITY b "${"c".repeat(1000)}">]><a>${"&b;".repeat(1000)}</a>`,
};

t.test("Importers answer for whatever stands in their files", async (t) => {
  const names = [
    "nginx.conf",
    "apache2.conf",
    "haproxy.cfg",
    "server.xml",
    "application.yml",
    "application.properties",
    "bundle.json",
    "a.bundle",
    "sm.ini",
    "sm.cfg",
    "directory.xml",
    "resources.yaml",
    "blackbox.yml",
    "standalone.xml",
    "WEB-INF/web.xml",
    "conf/server_osgi_jcs.xml",
    "jvm.options",
  ];
  for (const [title, text] of Object.entries(HOSTILE)) {
    const folder = fixtureFolder(t, Object.fromEntries(names.map((name) => [name, text])));
    for (const importer of IMPORTERS) {
      const reader = new SourceReader(DISK_FILES);
      reader.allow(folder);
      const context = { paths: [folder], reader, environment: {}, version: null, host: null };
      const result = await importer.read(context);
      t.type(result.ok, "boolean", `${importer.system}: ${title}`);
    }
  }
});
