import { mkdirSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { writeJks } from "../../src/truststore/write-jks.ts";
import { writePemStore } from "../../src/truststore/write-pem.ts";
import { writePkcs12 } from "../../src/truststore/write-pkcs12.ts";
import { cleanEnvironment, launcher, run } from "../set-up/run.ts";
import { issue, NOW, someKeys } from "../truststore/authority.ts";
import { readPage } from "./markdown.ts";
import { commandLines } from "./shell-words.ts";

const PASSWORD = "an example of one";

t.test("docs/commands-store.md shows commands that do what it says", async (t) => {
  const [, key] = await someKeys();
  if (key === undefined) throw new Error("No keys");
  const entries = [
    { alias: "corp-root-g2", der: (await issue({ name: "Corp Root CA G2" })).der },
    { alias: "other-root", der: (await issue({ name: "Other Root CA", key })).der },
  ];
  const folder = t.testdir({
    "trust.p12": Buffer.from(await writePkcs12(entries, PASSWORD)),
    "trust.jks": Buffer.from(writeJks(entries, PASSWORD, NOW)),
    cacerts: Buffer.from(writeJks(entries, PASSWORD, NOW)),
    "bundle.pem": writePemStore(entries),
    "corp-root-g3.cer": (await issue({ name: "Corp Root CA G3", key })).der,
  });
  mkdirSync(join(folder, "certificates"));
  const commands = readPage("docs/commands-store.md")
    .fences.filter(({ language }) => language === "sh")
    .flatMap(({ text }) => commandLines(text));
  t.ok(commands.length > 12, `${commands.length} commands`);
  for (const command of commands) {
    const script = `anchorwatch() { "${process.execPath}" "${launcher}" "$@"; }\n${command}`;
    const { code, stderr } = run("/bin/sh", ["-c", script], {
      cwd: folder,
      env: { ...cleanEnvironment(), TRUST_PW: PASSWORD },
    });
    const wanted = command.includes("store lint") ? [0, 1, 2] : [0];
    t.ok(wanted.includes(code ?? -1), `${command}\n${code} ${stderr}`);
  }
});
