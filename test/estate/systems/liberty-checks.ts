import { spawnSync } from "node:child_process";
import { utimesSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { DISK_FILES } from "../../../src/estate/systems/disk-files.ts";
import { LIBERTY } from "../../../src/estate/systems/liberty/importer.ts";
import { isAtLeast, profileOfJava } from "../../../src/estate/systems/liberty/runtime.ts";
import type { ImportIssue } from "../../../src/estate/systems/model.ts";
import { SourceReader } from "../../../src/estate/systems/source-reader.ts";
import { requireTool } from "../../tools.ts";
import { type FixtureFiles, fixtureFolder, importFiles } from "./import-files.ts";

const OPTIONS = { version: "24.0.0.9" } as const;
const JWT = '<jwtConsumer id="jwt" jwkEndpointUrl="https://a.example.net:9443/k"/>';

const issuesOf = async (
  t: Parameters<typeof importFiles>[0],
  inside: string,
  files: FixtureFiles = {},
): Promise<readonly ImportIssue[]> => {
  const all = { "server.xml": `<server>\n${inside}\n${JWT}</server>`, ...files };
  return (await importFiles(t, LIBERTY, all, OPTIONS)).found.issues;
};

t.test("LIBERTY finds what its configuration gets wrong, with the line", async (t) => {
  const transport = "<featureManager><feature>transportSecurity-1.0</feature></featureManager>";
  const cases: readonly [code: string, inside: string, line: number, files?: FixtureFiles][] = [
    [
      "estate.truststore-is-keystore",
      '<ssl id="defaultSSLConfig" keyStoreRef="defaultKeyStore"/>',
      2,
    ],
    ["estate.store-unusable", '<ssl id="defaultSSLConfig" keyStoreRef="a" trustStoreRef="b"/>', 2],
    [
      "estate.store-ambiguous",
      '<keyStore id="defaultKeyStore" password="x"/>',
      2,
      { "resources/security/key.jks": "", "resources/security/key.p12": "" },
    ],
    [
      "estate.store-type-forced",
      '<ssl id="defaultSSLConfig" keyStoreRef="k" trustStoreRef="k"/>\n<keyStore id="k" location="/x/trust.JKS" type="PKCS12"/>',
      3,
    ],
    ["estate.name-check-off", '<ssl id="defaultSSLConfig" verifyHostname="false"/>', 2],
    [
      "estate.filter-conflict",
      `${transport}<ssl id="defaultSSLConfig"/>\n<ssl id="b"><outboundConnection host="A.example.net" port="9443"/></ssl>\n<ssl id="c"><outboundConnection host="a.example.net" port="9443"/></ssl>`,
      4,
    ],
    [
      "estate.filter-conflict",
      `${transport}<sslDefault outboundSSLRef="b"/>\n<ssl id="b"><outboundConnection host="*"/></ssl>`,
      3,
    ],
    [
      "estate.filter-unmatched",
      `<featureManager><feature>ssl-1.0</feature></featureManager>\n<ssl id="b"><outboundConnection host="a.example.net"/></ssl>`,
      3,
    ],
    [
      "estate.filter-unmatched",
      `${transport}\n<ssl id="b"><outboundConnection host="b.example.net"/></ssl>`,
      3,
    ],
  ];
  for (const [index, [code, inside, line, files]] of cases.entries())
    await t.test(`${code} in case ${index}`, async (t) => {
      const issues = await issuesOf(t, inside, files);
      const found = issues.find((issue) => issue.code === code);
      t.equal(found?.place?.line, line, JSON.stringify(issues.map((issue) => issue.code)));
      t.ok((found?.remedy.length ?? 0) > 0);
    });
});

t.test("LIBERTY chooses the outbound configuration by filter, element and default", async (t) => {
  const inside = `<featureManager><feature>transportSecurity-1.0</feature></featureManager>
<ssl id="short"><outboundConnection host="*.net" port="9443"/></ssl>
<ssl id="long"><outboundConnection host="*.example.net" port="9443"/></ssl>
<ssl id="any"><outboundConnection host="exact.example.net"/></ssl>
<ssl id="exact"><outboundConnection host="EXACT.example.net" port="9443"/></ssl>
<ssl id="out"/><sslDefault outboundSSLRef="out"/>
${[
  "exact.example.net:9443",
  "exact.example.net:9444",
  "x.example.net:9443",
  "x.other.net:9443",
  "x.other.net:9444",
]
  .map((host, index) => `<jwtConsumer id="${index}" jwkEndpointUrl="https://${host}/k"/>`)
  .join("")}
<jwtConsumer id="ref" jwkEndpointUrl="https://ref.example.net:9443/k" sslRef="any"/>
<jwtConsumer id="lost" jwkEndpointUrl="https://lost.other.net/k" sslRef="nowhere"/>`;
  const { found } = await importFiles(
    t,
    LIBERTY,
    { "server.xml": `<server>${inside}</server>` },
    OPTIONS,
  );
  t.same(
    found.links.map(({ from, to }) => `${to} ${from}`),
    [
      "exact.example.net:9443 exact",
      "exact.example.net:9444 any",
      "x.example.net:9443 long",
      "x.other.net:9443 short",
      "x.other.net:9444 ",
      "ref.example.net:9443 any",
      "lost.other.net:443 ",
    ],
  );
  t.ok(found.notes.some(({ message }) => message.includes("No <ssl> has the id nowhere")));
});

t.test("LIBERTY takes versions, Java and defaults from the installation", async (t) => {
  const files = (version: string, java: string): FixtureFiles => ({
    "wlp/lib/versions/WebSphereApplicationServer.properties": `com.ibm.websphere.productVersion=${version}\n`,
    "wlp/usr/servers/s/server.xml": `<server><ssl id="defaultSSLConfig" trustDefaultCerts="true" keyStoreRef="defaultKeyStore" trustStoreRef="defaultKeyStore"/></server>`,
    "wlp/usr/servers/s/resources/security/key.jks": "",
    "jdk/release": java,
  });
  const read = async (version: string, java: string) => {
    const folder = fixtureFolder(t, {
      ...files(version, java),
      "wlp/usr/servers/s/server.env": `JAVA_HOME=${join(t.testdirName, "jdk")}\n`,
    });
    const config = join(folder, "wlp/usr/servers/s");
    const reader = new SourceReader(DISK_FILES);
    reader.allow(config);
    const found = await LIBERTY.read({
      paths: [config],
      reader,
      environment: {},
      version: null,
      host: null,
    });
    if (!found.ok) throw new Error(found.error.message);
    const [client] = found.value.clients;
    const [store, jvm] = found.value.truststores;
    return [
      client?.profile.value,
      client?.nameCheck.value,
      store?.paths[0]?.value.split("/").at(-1),
      store?.type?.value,
      jvm?.paths[0]?.value.replace(folder, ""),
    ];
  };
  const ibm = 'JAVA_VERSION="1.8.0_391"\nIMPLEMENTOR="IBM Corporation"\n';
  t.same(await read("19.0.0.2", ibm), ["ibm-java-8", "none", "key.jks", "JKS", "java-home:/jdk"]);
  t.same(await read("24.0.0.9", 'JAVA_VERSION="21.0.2"\n'), [
    "openjdk-21",
    "https",
    "key.jks",
    "JKS",
    "java-home:/jdk",
  ]);
  t.same(
    [profileOfJava("11.0.2", ""), profileOfJava("26", "IBM Corporation"), profileOfJava("x", "")],
    ["openjdk-11", "openjdk-25", null],
  );
  t.same(
    [
      isAtLeast("24.0.0.10", "24.0.0.9"),
      isAtLeast("24.0.0.8", "24.0.0.9"),
      isAtLeast("25", "24.0.0.9"),
    ],
    [true, false, true],
  );
});

t.test(
  "LIBERTY opens the stores: aliases, types, default passwords, and changes after the start",
  async (t) => {
    const keytool = requireTool(t, "keytool");
    if (keytool === undefined) return;
    const folder = fixtureFolder(t, {
      "server.xml": `<server>
<keyStore id="defaultKeyStore" location="key.p12" password="{xor}PDc+MTg6Nis="/>
<ssl id="defaultSSLConfig" keyStoreRef="defaultKeyStore" trustStoreRef="defaultKeyStore"
  clientKeyAlias="absent"/>
${JWT}</server>`,
      "resources/security/readme": "",
      "workarea/.sLock": "",
    });
    const file = join(folder, "resources/security/key.p12");
    const made = spawnSync(keytool, [
      "-genkeypair",
      "-alias",
      "own",
      "-dname",
      "CN=own",
      "-keyalg",
      "EC",
      "-keystore",
      file,
      "-storetype",
      "PKCS12",
      "-storepass",
      "changeit",
    ]);
    t.equal(made.status, 0, String(made.stdout));
    utimesSync(join(folder, "workarea/.sLock"), 1_000_000_000, 1_000_000_000);
    const reader = new SourceReader(DISK_FILES);
    reader.allow(folder);
    const read = await LIBERTY.read({
      paths: [folder],
      reader,
      environment: {},
      version: "24.0.0.9",
      host: null,
    });
    const issues = read.ok ? read.value.issues : [];
    const lineOf = (code: string): number | undefined =>
      issues.find((issue) => issue.code === code)?.place?.line;
    t.equal(lineOf("estate.default-password"), 2);
    t.equal(lineOf("estate.store-not-reread"), 2);
    t.equal(lineOf("estate.alias-missing"), 4);
    t.notMatch(JSON.stringify(issues), "changeit");
    t.match(read.ok ? read.value.clients[0]?.identity : null, {
      kind: "keystore",
      alias: { value: "absent" },
    });
  },
);
