import { readFileSync } from "node:fs";
import { X509Certificate } from "node:crypto";
import t from "tap";
import { anchorwatch, linesOf } from "./command.ts";
import { checkDocument, checkRecords } from "./records.ts";
import { issuePair, openLab } from "./servers.ts";

t.test("check prints what a server of openssl sends", async (t) => {
  const lab = openLab(t);
  if (lab === undefined) return;
  const { ca, leaf } = await issuePair(lab);
  const { port } = await lab.serve(leaf);
  const target = `localhost:${port}`;
  const trusting = ["--truststore", ca.certificate];

  await t.test(
    "check --format ndjson writes a record for each profile, address and target",
    async (t) => {
      const { code, stdout, stderr } = await anchorwatch([
        "check",
        `https://127.0.0.1:${port}/path`,
        target,
        "--as",
        "openssl-3",
        "--as",
        "openjdk-17",
        "--as",
        "openssl-3",
        ...trusting,
        "--format",
        "ndjson",
      ]);
      t.equal(code, 0, stderr);
      t.equal(stderr, "");
      const records = checkRecords(t, stdout);
      t.same(
        records.map((record) => [record.target, record.profile]),
        [
          [`https://127.0.0.1:${port}/path`, "openssl-3"],
          [`https://127.0.0.1:${port}/path`, "openjdk-17"],
          [target, "openssl-3"],
          [target, "openjdk-17"],
        ],
        "each profile once, the targets in their order",
      );
      const certificate = new X509Certificate(readFileSync(leaf.certificate));
      const fingerprint = (each: X509Certificate): string =>
        each.fingerprint256.replaceAll(":", "").toLowerCase();
      for (const record of records) {
        t.equal(record.address, "127.0.0.1");
        t.equal(record.trusted, true);
        t.equal(record.nameMatch, true);
        t.same(record.truststores, [ca.certificate]);
        t.same(record.path, [
          fingerprint(certificate),
          fingerprint(new X509Certificate(readFileSync(ca.certificate))),
        ]);
        t.match(record.chain, [
          {
            sha256: fingerprint(certificate),
            subject: "CN=leaf, O=Anchorwatch Lab",
            issuer: "CN=ca, O=Anchorwatch Lab",
            notAfter: new Date(certificate.validTo).toISOString().replace(".000Z", "Z"),
            der: certificate.raw.toString("base64"),
          },
        ]);
        t.match(record.handshake, {
          outcome: "complete",
          version: "TLSv1.3",
          clientCertificateRequested: false,
          alert: null,
          failure: null,
        });
        t.ok((record.handshake.phases.complete ?? 0) > 0);
        t.equal(record.breaksAt, record.chain[0]?.notAfter, "the leaf ends first");
      }
    },
  );

  await t.test("check --format json writes one document with the exit code in it", async (t) => {
    const { code, stdout } = await anchorwatch([
      "check",
      target,
      "127.0.0.1:1",
      ...trusting,
      "--format",
      "json",
    ]);
    t.equal(code, 3);
    const document = checkDocument(t, stdout);
    t.equal(document?.exitCode, 3);
    t.same(
      document?.results.map((result) => [result.target, result.trusted]),
      [
        [target, true],
        ["127.0.0.1:1", null],
      ],
    );
  });

  await t.test("check prints a block for one target, and says its defaults", async (t) => {
    const { code, stdout } = await anchorwatch(["check", target]);
    t.equal(code, 2);
    t.equal(stdout.split("\n")[0], `✗ ${target}  127.0.0.1`);
    t.match(stdout, "OpenSSL 3 cannot connect: it does not accept this server.\n");
    t.match(stdout, "To be repaired at the server: the certificates that it sends along.\n");
    t.match(stdout, "judged as OpenSSL 3 (openssl-3) with the operating system's store");
    t.match(stdout, "  ✗ critical  chain.incomplete\n  The server sends only its own certificate");
    t.match(stdout, /\n {2}repair\n {3}1\. /);
    t.match(stdout, /\n {6}0 {2}CN=leaf, O=Anchorwatch Lab {10,}until \d{4}-\d\d-\d\d\n/);
    t.match(stdout, "      0  leaf\n      ✗  missing: CN=ca, O=Anchorwatch Lab\n");
    t.match(stdout, "  ✓ the name: the certificate is for localhost\n");
    t.match(
      stdout,
      /handshake {2}TLSv1\.3 · TLS_\w+ · x25519 ·\s+ecdsa_secp256r1_sha256\s+· \d+ ms/,
    );
    t.notMatch(stdout, "\u001b", "colours are for terminals");
    for (const line of linesOf(stdout))
      if (!/anchorwatch check|openssl |keytool /.test(line))
        t.ok(line.length <= 80, `short enough: ${line}`);
  });

  await t.test("check prints the path and the end of a trusted chain", async (t) => {
    const { code, stdout } = await anchorwatch(["check", target, "--as", "go", ...trusting]);
    t.equal(code, 0);
    t.equal(stdout.split("\n")[0], `✓ ${target}  127.0.0.1`);
    t.match(stdout, /\n {2}Go can connect; this works until \d{4}-/);
    t.match(stdout, "      0  leaf\n      │\n  store  ca\n");
    t.match(stdout, /works until {2}\d{4}-\d\d-\d\d \d\d:\d\d UTC\n$/);
  });

  await t.test("check prints a line for each of several targets and counts them", async (t) => {
    const { code, stdout } = await anchorwatch([
      "check",
      `127.0.0.1:${port}`,
      "127.0.0.1:1",
      target,
      ...trusting,
    ]);
    t.equal(code, 3);
    const [first, second, third, ...rest] = linesOf(stdout);
    t.match(first, new RegExp(`^✓ 127\\.0\\.0\\.1:${port} +works until `));
    t.match(second, /^✗ 127\.0\.0\.1:1 +No connection to 127\.0\.0\.1:1/);
    t.match(third, new RegExp(`^✓ ${target} +works until `));
    t.match(rest, ["", "the cause", "", "  ✗ 1 target  topology.unreachable"]);
    t.equal(rest.at(-1), "3 results: 2 fine, 1 not checked");
  });
});
