import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { readEstate } from "../../../src/daemon/read-estate.ts";
import { systemReaders } from "../../../src/daemon/system-readers.ts";
import { anchorwatch } from "../../cli/command.ts";
import { checkRecords } from "../../cli/records.ts";
import { issuePair, openLab } from "../../cli/servers.ts";
import { requireTool } from "../../tools.ts";

const PASSWORD = "front-4711";
const xor = (text: string): string =>
  `{xor}${Buffer.from(Buffer.from(text).map((byte) => byte ^ 0x5f)).toString("base64")}`;

t.test(
  "import and check find the missing signer of a Liberty server, and its remedy repairs it",
  async (t) => {
    const keytool = requireTool(t, "keytool");
    const lab = openLab(t);
    if (keytool === undefined || lab === undefined) return;
    const { leaf, ca } = await issuePair(lab);
    const other = await lab.issue({ name: "other", keyType: "p256", days: 900 });
    const { port } = await lab.serve(leaf, ["-cert_chain", ca.certificate]);
    const security = join(lab.directory, "front", "resources", "security");
    mkdirSync(security, { recursive: true });
    const run = (args: readonly string[], input = ""): void => {
      const { status, stdout, stderr } = spawnSync(keytool, args, { input, cwd: lab.directory });
      t.equal(status, 0, `${String(stdout)}${String(stderr)}`);
    };
    const store = ["-keystore", join(security, "trust.p12"), "-storetype", "PKCS12"];
    run([
      "-importcert",
      "-noprompt",
      "-alias",
      "other",
      "-file",
      other.certificate,
      ...store,
      "-storepass",
      PASSWORD,
    ]);
    writeFileSync(
      join(lab.directory, "front", "server.xml"),
      `<server>
  <keyStore id="trust" location="trust.p12" password="${xor(PASSWORD)}"/>
  <ssl id="defaultSSLConfig" keyStoreRef="trust" trustStoreRef="trust" verifyHostname="true"/>
  <jwtConsumer id="jwt" jwkEndpointUrl="https://localhost:${port}/jwk"/>
</server>
`,
    );
    const imports =
      "version: 1\nimports:\n  - { system: liberty, path: front, as: pfs, version: 24.0.0.9 }\n";
    writeFileSync(join(lab.directory, "anchorwatch.yaml"), imports);
    const options = { cwd: lab.directory };

    const imported = await anchorwatch(["import", "auto", "front", "--as", "pfs"], options);
    t.match(imported.stdout, "config: ");
    t.match(imported.stdout, `# ${join(lab.directory, "front", "server.xml")}:4:25`);
    t.notMatch(imported.stdout + imported.stderr, PASSWORD);
    t.notMatch(imported.stdout + imported.stderr, xor(PASSWORD));
    writeFileSync(join(lab.directory, "fragment.yaml"), imported.stdout);

    const check = ["check", `https://localhost:${port}`, "--client", "pfs", "--format", "ndjson"];
    for (const estate of ["anchorwatch.yaml", "fragment.yaml"]) {
      const before = await anchorwatch([...check, "--estate", estate], options);
      t.equal(before.stderr, "", estate);
      const [record] = checkRecords(t, before.stdout);
      t.equal(record?.trusted, false, estate);
      t.equal(record?.findings[0]?.code, "truststore.anchor-missing", estate);
      const steps = record?.findings[0]?.remedy ?? [];
      const command = steps.find((step) => step.startsWith("keytool ")) ?? "";
      t.match(command, join(security, "trust.p12"));
      if (estate === "anchorwatch.yaml") continue;
      const extract = steps.find((step) => step.includes("--extract")) ?? "";
      await anchorwatch(extract.split(" ").slice(1), options);
      run(command.split(" ").slice(1), `${PASSWORD}\nyes\n`);
    }

    const after = await anchorwatch([...check, "--estate", "anchorwatch.yaml"], options);
    const [record] = checkRecords(t, after.stdout);
    t.equal(record?.trusted, true);
    t.equal(record?.nameMatch, true);

    const watched = await readEstate(join(lab.directory, "anchorwatch.yaml"), systemReaders);
    const files = watched.ok ? watched.value.files : [];
    t.ok(
      files.includes(join(lab.directory, "front", "server.xml")),
      "the daemon watches server.xml",
    );
    t.ok(files.includes(join(security, "trust.p12")), "the daemon watches the truststore");
  },
);
