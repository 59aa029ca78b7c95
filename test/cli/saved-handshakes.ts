import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { freePort } from "../lab/process.ts";
import { anchorwatch, linesOf } from "./command.ts";
import { checkDocument, checkRecords } from "./records.ts";
import { issuePair, listen, openLab } from "./servers.ts";

t.test("judge --handshake", async (t) => {
  const lab = openLab(t);
  if (lab === undefined) return;
  const { ca, leaf } = await issuePair(lab);
  const client = await lab.issue({ name: "client", keyType: "p256", issuer: ca, days: 400 });
  const other = await lab.issue({ name: "other", keyType: "p256", days: 900 });
  const [plain, strict, old] = await Promise.all([
    lab.serve(leaf),
    lab.serve(leaf, ["-CAfile", ca.certificate, "-Verify", "1", "-verify_return_error"]),
    lab.serve(leaf, ["-tls1_2", "-sigalgs", "RSA+SHA256"]),
  ]);
  const targets = [
    `localhost:${plain.port}`,
    `ldaps://localhost:${strict.port}`,
    `https://localhost:${old.port}`,
    `localhost:${await freePort()}`,
    `localhost:${await listen(t, (socket) => socket.once("data", () => socket.end("no\r\n")))}`,
    "nobody.invalid:443",
  ];
  const saved = join(lab.directory, "saved.ndjson");
  const judging = ["--truststore", ca.certificate, "--as", "openssl-3", "--as", "openjdk-17"];
  const checked = await anchorwatch([
    "check",
    ...targets,
    ...judging,
    "--save",
    saved,
    "--format",
    "ndjson",
  ]);
  const judge = (...args: readonly string[]): ReturnType<typeof anchorwatch> =>
    anchorwatch(["judge", "--handshake", saved, ...args]);

  await t.test("judge --handshake gives the verdicts of check again", async (t) => {
    const judged = await judge(...judging, "--format", "ndjson");
    t.equal(judged.code, checked.code);
    t.equal(judged.stderr, "");
    const [before, after] = [checked, judged].map(({ stdout }) => checkRecords(t, stdout));
    t.ok((before?.length ?? 0) >= targets.length * 2);
    t.same(
      after?.map(({ target }) => target),
      before?.map(({ target }) => (target.startsWith("tls://") ? target.slice(6) : target)),
    );
    t.same(after, before);
  });

  await t.test("judge --handshake needs no network and no server", async (t) => {
    await plain.process.stop();
    const { stdout } = await judge(...judging, "--format", "json");
    const document = checkDocument(t, stdout);
    t.equal(document?.results[0]?.trusted, true);
    t.equal(document?.exitCode, checked.code);
  });

  await t.test(
    "judge --handshake judges as of another time, store, client and name check",
    async (t) => {
      const read = async (...args: readonly string[]): Promise<unknown> => {
        const { stdout } = await judge("--format", "ndjson", ...args);
        return checkRecords(t, stdout)[0];
      };
      const later = new Date(Date.now() + 500 * 86_400_000).toISOString();
      t.match(await read("--truststore", other.certificate, "--as", "go"), {
        trusted: false,
        profile: "go",
        truststores: [other.certificate],
      });
      t.match(await read("--truststore", ca.certificate, "--at", later), {
        trusted: false,
        findings: [{ code: "leaf.expired" }],
      });
      t.match(await read("--truststore", ca.certificate, "--name-check", "none"), {
        trusted: true,
      });
    },
  );

  await t.test(
    "judge --handshake prints a line for each of several targets, a block for one",
    async (t) => {
      const several = await judge("--truststore", ca.certificate);
      const lines = linesOf(several.stdout);
      t.match(lines[0], new RegExp(`^✓ ${targets[0]} +works until `));
      t.match(lines.at(-1), /^\d+ results: 1 fine, /);
      const one = join(lab.directory, "one.ndjson");
      writeFileSync(one, `${linesOf(readFileSync(saved, "utf8"))[0]}\n`);
      const { stdout, code } = await anchorwatch([
        "judge",
        "--handshake",
        one,
        "--truststore",
        ca.certificate,
      ]);
      t.equal(code, 0);
      t.match(stdout, /\n {2}OpenSSL 3 can connect; this works until \d{4}-/);
    },
  );

  await t.test("check --save keeps neither keys nor passwords", async (t) => {
    const file = join(lab.directory, "mutual.ndjson");
    const args = ["--cert", client.certificate, "--key", client.key, "--save", file];
    const { code } = await anchorwatch([
      "check",
      targets[1] ?? "",
      "--truststore",
      ca.certificate,
      ...args,
    ]);
    t.equal(code, 0);
    const text = readFileSync(file, "utf8");
    const key = readFileSync(client.key, "utf8").replaceAll(/-----[^-]+-----|\s/g, "");
    t.notMatch(text, key.slice(0, 40));
    t.notMatch(text, "PRIVATE KEY");
    t.equal(linesOf(text).length, 1);
  });

  await t.test(
    "judge --handshake says what a file is that it cannot read, and exits with 3",
    async (t) => {
      const [good = ""] = linesOf(readFileSync(saved, "utf8"));
      const file = (name: string, content: string): string => {
        const path = join(lab.directory, name);
        writeFileSync(path, content);
        return path;
      };
      const cases: readonly (readonly [
        words: string,
        path: string,
        said: string,
        results: number,
      ])[] = [
        ["a missing file", "/nowhere.ndjson", "/nowhere.ndjson cannot be read (ENOENT)", 0],
        ["a folder", lab.directory, "cannot be read (EISDIR)", 0],
        ["an empty file", file("empty.ndjson", "\n\n"), "empty.ndjson holds no handshake", 0],
        ["another text", file("text.ndjson", "hello\n"), "text.ndjson:1 is not JSON", 0],
        ["other JSON", file("other.ndjson", '{"a":1}\n'), "other.ndjson:1: ", 0],
        [
          "a cut line",
          file("cut.ndjson", `${good}\n${good}\n${good.slice(0, 300)}`),
          "cut.ndjson:3 is not JSON",
          2,
        ],
      ];
      for (const [words, path, said, results] of cases)
        await t.test(`judge --handshake of ${words}`, async (t) => {
          const { code, stdout, stderr } = await anchorwatch([
            "judge",
            "--handshake",
            path,
            "--truststore",
            ca.certificate,
            "--format",
            "ndjson",
          ]);
          t.equal(code, 3);
          t.match(stderr, /^anchorwatch: --handshake: /);
          t.match(stderr, said);
          t.equal(checkRecords(t, stdout).length, results, "what came before is judged");
        });
    },
  );

  await t.test("judge --handshake completes its document when the file is torn", async (t) => {
    const path = join(lab.directory, "torn.ndjson");
    writeFileSync(path, `${readFileSync(saved, "utf8")}torn`);
    const { code, stdout } = await anchorwatch([
      "judge",
      "--handshake",
      path,
      "--truststore",
      ca.certificate,
      "--name-check",
      "none",
      "--format",
      "json",
    ]);
    t.equal(code, 3);
    const document = checkDocument(t, stdout);
    t.ok((document?.results.length ?? 0) >= targets.length);
    t.equal(document?.exitCode, 3, "what was asked for could not be done");
  });
});

t.test("judge refuses combinations without sense", async (t) => {
  const cases: readonly (readonly [args: readonly string[], said: string])[] = [
    [[], "Nothing to judge: use --batch with cases on standard input, or --handshake FILE"],
    [["--batch", "--handshake", "x"], "Use either --batch or --handshake"],
    [["--batch", "--as", "go"], "--as has no effect with --batch"],
    [["--batch", "--truststore", "x"], "--truststore has no effect with --batch"],
    [["--batch", "--at", "2027-01-01"], "--at has no effect with --batch"],
    [["--batch", "--name-check", "none"], "--name-check has no effect with --batch"],
    [["--batch", "--format", "text"], "--batch writes NDJSON; leave out --format"],
    [["--handshake", "x", "--truststore-password", "env:A"], "--truststore, which is missing"],
  ];
  for (const [args, said] of cases) {
    const { code, stdout, stderr } = await anchorwatch(["judge", ...args]);
    t.equal(code, 64, args.join(" "));
    t.equal(stdout, "");
    t.match(stderr, said);
  }
});
