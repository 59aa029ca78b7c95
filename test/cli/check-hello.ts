import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { anchorwatch, linesOf } from "./command.ts";
import { checkRecords } from "./records.ts";
import { openLab } from "./servers.ts";

t.test("check --hello", async (t) => {
  const lab = openLab(t);
  if (lab === undefined) return;
  const directory = lab.directory;
  const ca = await lab.issue({ name: "rsa-ca", keyType: "rsa", days: 400 });
  const leaf = await lab.issue({ name: "rsa-leaf", keyType: "rsa", issuer: ca, days: 400 });
  const old = await lab.serve(leaf, ["-tls1_2", "-cipher", "kRSA"]);
  const target = `localhost:${old.port}`;
  const judging = ["--truststore", ca.certificate, "--as", "openjdk-25", "--as", "openssl-3"];
  const check = async (...args: readonly string[]) => {
    const outcome = await anchorwatch(["check", target, ...judging, ...args, "--format", "ndjson"]);
    return { ...outcome, records: checkRecords(t, outcome.stdout) };
  };
  const hellosOf = (file: string): readonly unknown[] =>
    linesOf(readFileSync(file, "utf8")).map((line) => {
      const record: unknown = JSON.parse(line);
      return typeof record === "object" && record !== null && "hello" in record
        ? record.hello
        : null;
    });

  await t.test(
    "check sends a client's own hello where the server chose what it does not offer",
    async (t) => {
      const saved = join(directory, "both.ndjson");
      const { code, records } = await check("--save", saved);
      t.equal(code, 2);
      t.match(records, [
        {
          profile: "openjdk-25",
          trusted: true,
          clientMessage: /^javax\.net\.ssl\.SSLHandshakeException: \(handshake_failure\)/,
          handshake: { hello: "wide", outcome: "complete", version: "TLSv1.2" },
          findings: [
            {
              code: "handshake.static-rsa",
              severity: "critical",
              summary:
                /negotiates TLS_RSA_WITH_AES_128_GCM_SHA256, OpenJDK 25 offers no suite with static RSA key exchange$/,
              remedy: [
                "Enable an ECDHE cipher suite with AES-GCM on the server",
                /^As a stopgap for one Java client: /,
                /^Start the JVM with -Djava\.security\.properties=FILE/,
                /^Try it first: /,
              ],
            },
          ],
          breaksAt: null,
        },
        { profile: "openssl-3", trusted: true, handshake: { hello: "wide" }, findings: [] },
      ]);
      t.same(hellosOf(saved), ["wide", "openjdk-25"], "both conversations are saved");
      const judged = await anchorwatch([
        "judge",
        "--handshake",
        saved,
        ...judging,
        "--format",
        "ndjson",
      ]);
      t.equal(judged.code, 2);
      t.same(checkRecords(t, judged.stdout), records, "the saved ones are judged in the same way");
    },
  );

  await t.test(
    "check --hello sends that hello alone and judges it for every profile",
    async (t) => {
      const saved = join(directory, "one.ndjson");
      const { code, records } = await check("--hello", "openjdk-25", "--save", saved);
      t.equal(code, 3);
      for (const record of records)
        t.match(record, {
          trusted: null,
          handshake: { hello: "openjdk-25", outcome: "failed", alert: "handshake_failure" },
          findings: [{ code: "handshake.no-common-parameters" }],
        });
      t.equal(records.length, 2);
      t.same(hellosOf(saved), ["openjdk-25"]);
    },
  );

  await t.test("check --hello wide leaves open what another hello would tell", async (t) => {
    const saved = join(directory, "wide.ndjson");
    const { code, records } = await check("--hello", "wide", "--save", saved);
    t.equal(code, 0);
    t.match(records[0]?.findings, [
      {
        code: "handshake.static-rsa",
        severity: "info",
        remedy: ["Ask with the hello of that client: --hello openjdk-25"],
      },
    ]);
    t.same(records[1]?.findings, []);
    t.same(hellosOf(saved), ["wide"]);
  });

  await t.test("check --hello refuses a name that it does not know", async (t) => {
    const { code, stderr } = await check("--hello", "openjdk-71");
    t.equal(code, 64);
    t.match(stderr, /openjdk-17-sunx509, [^]*gnutls-3 are known \(did you mean openjdk-\d+\?\)/);
    t.notMatch(stderr, /strict/, "a profile that is no client has no hello");
  });

  await t.test("judge --handshake reads what was saved before hellos were recorded", async (t) => {
    const saved = join(directory, "one.ndjson");
    const record = JSON.parse(readFileSync(saved, "utf8")) as Record<string, unknown>;
    delete record["hello"];
    const file = join(t.testdir({ "former.ndjson": JSON.stringify(record) }), "former.ndjson");
    const judged = await anchorwatch([
      "judge",
      "--handshake",
      file,
      ...judging,
      "--format",
      "ndjson",
    ]);
    t.match(checkRecords(t, judged.stdout)[0]?.handshake, { hello: "wide", outcome: "failed" });
  });
});
