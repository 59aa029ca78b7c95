import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import type { LinkJson } from "../../../src/daemon/link-json.ts";
import { ESTATE_CHECK_SCHEMA } from "../../../src/report/estate/check-schema.ts";
import { anchorwatch } from "../../cli/command.ts";
import { readAs } from "../../cli/records.ts";
import {
  eventually,
  presentCertificate,
  smallPki,
  startDaemon,
  tlsServer,
} from "../../daemon/fixture.ts";
import { requireTool } from "../../tools.ts";

const PASSWORD = "front-4711";
const xor = (text: string): string =>
  `{xor}${Buffer.from(Buffer.from(text).map((byte) => byte ^ 0x5f)).toString("base64")}`;

t.test("A Liberty folder is imported, found wanting, repaired and read again", async (t) => {
  const keytool = requireTool(t, "keytool");
  if (keytool === undefined) return;
  const pki = smallPki();
  const stranger = presentCertificate({ name: "Stranger", ca: true, days: 900 });
  const port = await tlsServer(t, pki.leaf, { host: "::", cert: pki.leaf.pem + pki.root.pem });
  const folder = t.testdir({ "other.pem": stranger.pem });
  const security = join(folder, "front", "resources", "security");
  mkdirSync(security, { recursive: true });
  const run = (args: readonly string[], input = ""): void => {
    const { status, stdout, stderr } = spawnSync(keytool, args, { input, cwd: folder });
    t.equal(status, 0, `${String(stdout)}${String(stderr)}`);
  };
  const store = join(security, "trust.p12");
  run(
    `-importcert -noprompt -alias other -file other.pem -keystore ${store} -storetype PKCS12 -storepass ${PASSWORD}`.split(
      " ",
    ),
  );
  const configure = (location: string): void =>
    writeFileSync(
      join(folder, "front", "server.xml"),
      `<server>
  <keyStore id="trust" location="${location}" password="${xor(PASSWORD)}"/>
  <ssl id="defaultSSLConfig" keyStoreRef="trust" trustStoreRef="trust" verifyHostname="true"/>
  <jwtConsumer id="jwt" jwkEndpointUrl="https://localhost:${port}/jwk"/>
</server>
`,
    );
  configure("trusted.p12");
  const file = join(folder, "anchorwatch.yaml");
  writeFileSync(
    file,
    "version: 1\nimports:\n  - { system: liberty, path: front, as: pfs, version: 24.0.0.9 }\n",
  );
  const check = async () => {
    const { stdout } = await anchorwatch(["estate", "check", "--format", "json"], { cwd: folder });
    t.notMatch(stdout, PASSWORD);
    return readAs(t, ESTATE_CHECK_SCHEMA, stdout);
  };

  const before = await check();
  t.equal(before?.exitCode, 2);
  t.match(before?.findings[0], {
    code: "truststore.not-found",
    place: { file: join(folder, "front", "server.xml"), line: 2 },
  });
  configure("trust.p12");
  const after = await check();
  t.not(after?.exitCode, 2, "the store is found and opens");

  const daemon = await startDaemon(t, file);
  const linkThat = (wanted: (link: LinkJson) => boolean): Promise<LinkJson> =>
    eventually(async () => {
      const response = await fetch(`${daemon.url}api/v1/links?client=pfs`);
      const { links } = (await response.json()) as { readonly links: readonly LinkJson[] };
      return links.find((link) => link.url.includes(String(port)) && wanted(link));
    });
  const broken = await linkThat(({ state }) => state === "broken");
  t.equal(broken.findings[0]?.code, "truststore.anchor-missing");
  const steps = broken.findings[0]?.remedy ?? [];
  const extract = steps.find((step) => step.includes("--extract")) ?? "";
  await anchorwatch(extract.split(" ").slice(1), { cwd: folder });
  const command = steps.find((step) => step.startsWith("keytool ")) ?? "";
  t.match(command, store);
  run(command.split(" ").slice(1), `${PASSWORD}\nyes\n`);
  const repaired = await linkThat(({ ok }) => ok === true);
  t.match(repaired, { trusted: true, nameMatch: true });

  // a file that is imported is read again when it changes
  configure("trusted.p12");
  const refused = await eventually(async () => {
    const response = await fetch(`${daemon.url}healthz`);
    const { problems } = (await response.json()) as { readonly problems: readonly object[] };
    const text = JSON.stringify(problems);
    return text.includes("estate-refused") ? text : undefined;
  });
  t.match(refused, /estate-refused.*pfs\.trust/);
  t.equal((await linkThat(() => true)).ok, true, "the old estate goes on");
});
