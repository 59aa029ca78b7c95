import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { X509Certificate } from "node:crypto";
import { join } from "node:path";
import t from "tap";
import { anchorwatch } from "../cli/command.ts";
import { check, HOST, makePki, serve } from "./workshop.ts";

const pki = await makePki();

t.test(
  "check --extract writes what the repair names, and the commands name those files",
  async (t) => {
    const cwd = t.testdir({ out: {}, "trust.pem": pki.strangerRoot.pem });
    const { port } = await serve(t, [pki.leaf, pki.intermediate, pki.root]);
    const words = ["--truststore", "trust.pem", "--extract", "out"];
    const { record, stderr } = await check(port, words, cwd);
    const [file] = readdirSync(join(cwd, "out"));
    const root = new X509Certificate(pki.root.pem);
    const short = root.fingerprint256.replaceAll(":", "").toLowerCase().slice(0, 16);
    t.equal(file, `corp-root-${short}.pem`);
    t.equal(
      new X509Certificate(readFileSync(join(cwd, "out", file ?? ""))).fingerprint256,
      root.fingerprint256,
    );
    t.match(stderr, `out/${file} written`);
    const remedy = record.findings[0]?.remedy ?? [];
    t.ok(remedy.includes(`anchorwatch store add trust.pem out/${file} --in-place`));
    t.ok(remedy.some((step) => step.includes(root.fingerprint256) && /owner/.test(step)));

    t.test("a second run leaves the file as it is", async (t) => {
      const again = await check(port, words, cwd);
      t.notMatch(again.stderr, "written");
      t.same(readdirSync(join(cwd, "out")), [file]);
    });

    t.test("a file of that name with other content is not overwritten", async (t) => {
      const path = join(cwd, "out", file ?? "");
      writeFileSync(path, "mine");
      const target = [`${HOST}:${port}`, "--connect", `127.0.0.1:${port}`];
      const { code, stderr: said } = await anchorwatch(["check", ...target, ...words], { cwd });
      t.equal(code, 3);
      t.match(said, "is there already with other content");
      t.equal(readFileSync(path, "utf8"), "mine");
    });

    t.test("judge --handshake writes the same file", async (t) => {
      mkdirSync(join(cwd, "again"));
      await check(port, ["--truststore", "trust.pem", "--save", "saved.ndjson"], cwd);
      const { code } = await anchorwatch(
        ["judge", "--handshake", "saved.ndjson", "--truststore", "trust.pem", "--extract", "again"],
        { cwd },
      );
      t.equal(code, 2);
      t.same(readdirSync(join(cwd, "again")), [file]);
    });
  },
);

t.test("check --extract refuses a folder that is not there", async (t) => {
  const { code, stderr } = await anchorwatch([
    "check",
    "localhost:9",
    "--extract",
    join(t.testdir(), "nowhere"),
  ]);
  t.equal(code, 64);
  t.match(stderr, /nowhere" is no folder that is there; make it first/);
});

t.test("check --system refuses what is no system, and says what was meant", async (t) => {
  const { code, stderr } = await anchorwatch(["check", "localhost:9", "--system", "libery"]);
  t.equal(code, 64);
  t.match(stderr, "did you mean liberty?");
});
