import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { SYSTEMS } from "../../src/diagnosis/remedies/system-table.ts";
import { CLIENT_SYSTEMS, SERVER_SYSTEMS } from "../../src/trust/system-names.ts";
import { writePkcs12 } from "../../src/truststore/write-pkcs12.ts";
import { makePki, PASSWORD, serve } from "../remedies/workshop.ts";
import { launcher } from "../set-up/run.ts";
import { runQuietly } from "../remedies/shell.ts";
import { readPage, section, tableRows } from "./markdown.ts";
import { commandLines } from "./shell-words.ts";

const page = readPage("docs/remedies.md");

t.test("docs/remedies.md lists every system, and on which sides it stands", async (t) => {
  const rows = tableRows(section(page, "The system at hand")).filter((row) => row.length === 4);
  const names = (cell = ""): readonly string[] =>
    [...cell.matchAll(/`([a-z-]+)`/g)].map(([, name = ""]) => name);
  t.same(rows.flatMap(([cell]) => names(cell)).toSorted(), Object.keys(SYSTEMS).toSorted());
  const with_ = (column: number): readonly string[] =>
    rows.flatMap((row) => (row[column]?.trim() === "yes" ? names(row[0]) : []));
  t.same(with_(1).toSorted(), CLIENT_SYSTEMS.toSorted());
  t.same(with_(2).toSorted(), SERVER_SYSTEMS.toSorted());
});

t.test("docs/remedies.md says of every system where names and passwords are", async (t) => {
  const rows = tableRows(section(page, "Names and passwords"));
  const named = rows.flatMap(([cell = ""]) =>
    [...cell.matchAll(/`([a-z-]+)`/g)].map(([, name = ""]) => name),
  );
  t.same(named.toSorted(), Object.keys(SYSTEMS).toSorted());
  const terms = rows
    .slice(1)
    .flatMap((cells) => cells.slice(1).flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)]))
    .map(([, term = ""]) => term);
  const request = { host: "HOST", dnsNames: ["HOST"], addresses: [] };
  const steps = Object.values(SYSTEMS).flatMap((system) => [
    ...system.client.storePassword("STORE"),
    ...system.client.nameAsked("HOST"),
    ...("server" in system
      ? [...system.server.requestCertificate(request), ...system.server.chooseByName("HOST")]
      : []),
  ]);
  const words = steps.join("\n").replaceAll("cs_home/jcs/", "");
  for (const term of terms)
    for (const part of term.split(" ")) t.ok(words.includes(part), `${part} is in a step`);
});

t.test("docs/remedies.md shows a check that writes what its repair names", async (t) => {
  const pki = await makePki();
  const folder = t.testdir();
  const der = pki.strangerRoot.der;
  writeFileSync(join(folder, "trust.p12"), await writePkcs12([{ alias: "other", der }], PASSWORD));
  const { port } = await serve(t, [pki.leaf, pki.intermediate, pki.root]);
  const [text = ""] = page.fences.filter(({ language }) => language === "sh").map((f) => f.text);
  const script = commandLines(text).join("\n").replaceAll("8443", String(port));
  const { code, stdout } = await runQuietly(
    `anchorwatch() { "${process.execPath}" "${launcher}" "$@"; }\n${script}`,
    { cwd: folder, env: { TRUST_PW: PASSWORD } },
  );
  t.equal(code, 2);
  t.match(stdout, /-file repair\/corp-root-[0-9a-f]{16}\.pem/);
  t.match(stdout, "server.env");
});
