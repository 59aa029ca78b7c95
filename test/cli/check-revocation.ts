import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { promisify } from "node:util";
import t, { type Test } from "tap";
import type { IssuedCertificate } from "../lab/openssl.ts";
import { freePort, startProcess } from "../lab/process.ts";
import { anchorwatch } from "./command.ts";
import { type CheckRecordRead, checkRecords } from "./records.ts";
import { type Lab, openLab } from "./servers.ts";

const run = promisify(execFile);
const DAY = 86_400_000;

/** A CA of OpenSSL's with a database of what it has issued, which makes lists and responses. */
async function openAuthority(lab: Lab) {
  const ca = await lab.issue({ name: "ca", keyType: "p256", days: 900 });
  const index = join(lab.directory, "index.txt");
  const config = join(lab.directory, "ca.cnf");
  writeFileSync(
    config,
    `[ca]\ndefault_ca=d\n[d]\ndatabase=${index}\ndefault_md=sha256\ndefault_crl_days=7\n`,
  );
  const lines: string[] = [];
  const signing = ["-index", index, "-CA", ca.certificate, "-rsigner", ca.certificate];
  return {
    ca,
    register: async (leaf: IssuedCertificate, isRevoked: boolean): Promise<void> => {
      const { stdout } = await run(lab.openssl, [
        "x509",
        "-in",
        leaf.certificate,
        "-noout",
        "-serial",
      ]);
      const serial = stdout.trim().replace("serial=", "");
      const at = new Date(Date.now() - DAY)
        .toISOString()
        .replaceAll(/[-:T]|\.\d+/g, "")
        .slice(2);
      const state = isRevoked ? `R\t490101000000Z\t${at},keyCompromise` : "V\t490101000000Z\t";
      lines.push(`${state}\t${serial}\tunknown\t/CN=${serial}\n`);
      writeFileSync(index, lines.join(""));
    },
    list: async (): Promise<string> => {
      const file = join(lab.directory, "ca.crl");
      const options = ["-gencrl", "-config", config, "-keyfile", ca.key, "-cert", ca.certificate];
      await run(lab.openssl, ["ca", ...options, "-out", file]);
      return file;
    },
    response: async (leaf: IssuedCertificate): Promise<string> => {
      const file = `${leaf.certificate}.ocsp`;
      const about = ["-issuer", ca.certificate, "-cert", leaf.certificate, "-no_nonce"];
      const options = [...signing, "-rkey", ca.key, ...about, "-ndays", "2", "-respout", file];
      await run(lab.openssl, ["ocsp", ...options, "-noverify"]);
      return file;
    },
    respond: async (t: Test, port: number): Promise<void> => {
      const options = [...signing, "-rkey", ca.key, "-port", String(port), "-ndays", "2"];
      const responder = startProcess(lab.openssl, ["ocsp", ...options]);
      t.teardown(() => responder.stop());
      await responder.waitFor(/Waiting for OCSP client connections|ACCEPT/i);
    },
  };
}

const codesOf = (record: CheckRecordRead | undefined): readonly string[] | undefined =>
  record?.findings.map(({ code, severity }) => `${severity} ${code}`);

t.test("check and revocation", async (t) => {
  const lab = openLab(t);
  if (lab === undefined) return;
  const authority = await openAuthority(lab);
  const { ca } = authority;
  const ports = { ocsp: await freePort(), crl: await freePort() };
  const named = [
    `authorityInfoAccess=OCSP;URI:http://127.0.0.1:${ports.ocsp}/`,
    `crlDistributionPoints=URI:http://127.0.0.1:${ports.crl}/ca.crl`,
  ];
  const leafOf = async (name: string, isRevoked: boolean, extensions: readonly string[]) => {
    const leaf = await lab.issue({ name, keyType: "p256", issuer: ca, days: 400, extensions });
    await authority.register(leaf, isRevoked);
    return leaf;
  };
  const good = await leafOf("good", false, ["tlsfeature=status_request"]);
  const revoked = await leafOf("revoked", true, named);
  const [list, goodResponse, revokedResponse] = [
    await authority.list(),
    await authority.response(good),
    await authority.response(revoked),
  ];
  const check = async (port: number, ...args: readonly string[]) => {
    const clients = ["openjdk-17", "openssl-3", "go", "strict"].flatMap((name) => ["--as", name]);
    const judging = ["--truststore", ca.certificate, ...clients, "--format", "ndjson", ...args];
    const { stdout, code } = await anchorwatch(["check", `localhost:${port}`, ...judging]);
    return { code, records: checkRecords(t, stdout) };
  };

  await t.test("check says of a stapled response that the certificate is good", async (t) => {
    const { port } = await lab.serve(good, ["-status_file", goodResponse]);
    const { code, records } = await check(port);
    t.equal(code, 0);
    t.equal(records.length, 4);
    for (const record of records)
      t.match(record, {
        trusted: true,
        findings: [],
        revocation: [{ status: "good", source: "ocsp", until: /^20/, revokedAt: null }],
      });
    const text = await anchorwatch([
      ..."check --as openssl-3 --truststore".split(" "),
      ca.certificate,
      `localhost:${port}`,
    ]);
    t.match(text.stdout, /revocation {2}good good until \d{4}-\d{2}-\d{2} .*\(OCSP\)/);

    const later = await check(port, "--at", new Date(Date.now() + 5 * DAY).toISOString());
    t.equal(later.code, 1);
    t.same(codesOf(later.records[1]), ["warning leaf.staple-stale"]);
  });

  await t.test("check says what a response about another certificate is worth", async (t) => {
    const { port } = await lab.serve(good, ["-status_file", revokedResponse]);
    const { code, records } = await check(port);
    t.equal(code, 1);
    t.same(codesOf(records[1]), ["warning leaf.staple-invalid"]);
    t.match(records[1]?.findings[0]?.summary, /it is about another certificate/);
  });

  await t.test("check misses the response that a certificate demands", async (t) => {
    const { port } = await lab.serve(good);
    const { code, records } = await check(port);
    t.equal(code, 1);
    t.same(codesOf(records[1]), ["warning leaf.staple-missing"]);
  });

  await t.test(
    "check refuses what a stapled response revokes where the client looks",
    async (t) => {
      const { port } = await lab.serve(revoked, ["-status_file", revokedResponse]);
      const { records } = await check(port);
      t.same(
        records.map(({ trusted }) => trusted),
        [true, true, true, false],
      );
      t.same(codesOf(records[0]), ["warning chain.revoked"]);
      t.same(codesOf(records[3]), ["critical chain.revoked"]);
      t.match(records[0]?.findings[0]?.summary, /revoked was revoked on .* \(keyCompromise\)/);
      t.match(records[0]?.revocation, [
        { status: "revoked", source: "ocsp", revokedAt: /^20/, reason: "keyCompromise" },
      ]);
    },
  );

  const { port } = await lab.serve(revoked);

  await t.test("check --crl refuses as the clients that check lists do", async (t) => {
    const saved = join(lab.directory, "saved.ndjson");
    const { code, records } = await check(port, "--crl", list, "--save", saved);
    t.equal(code, 2);
    t.same(
      records.map(({ trusted }) => trusted),
      [false, false, true, false],
    );
    t.match(records[0]?.clientMessage, /Certificate has been revoked, reason: KEY_COMPROMISE/);
    t.match(records[1]?.clientMessage, /23: certificate revoked|certificate revoked/);
    t.same(codesOf(records[2]), ["warning chain.revoked"]);

    const options = "--as openssl-3 --format ndjson".split(" ");
    const inputs = ["--handshake", saved, "--crl", list, "--truststore", ca.certificate];
    const judged = await anchorwatch(["judge", ...inputs, ...options]);
    t.same(codesOf(checkRecords(t, judged.stdout)[0]), ["critical chain.revoked"]);
  });

  await t.test("check --crl names a file that is no list", async (t) => {
    for (const [file, message] of [
      [ca.certificate, /holds no revocation list/],
      [join(lab.directory, "none.crl"), /cannot be read \(ENOENT\)/],
    ] as const) {
      const target = [`localhost:${port}`, "--truststore", ca.certificate];
      const { code, stderr } = await anchorwatch(["check", ...target, "--crl", file]);
      t.equal(code, 64);
      t.match(stderr, message);
    }
  });

  await t.test("check --revocation fetch keeps away from private addresses", async (t) => {
    const { records } = await check(port, "--revocation", "fetch");
    for (const { trusted, findings } of records) {
      t.equal(trusted, true);
      t.match(findings, [
        { code: "chain.revocation-unknown", severity: "info", summary: /may not be asked/ },
      ]);
    }
  });

  await t.test("check --revocation fetch-internal asks lists and responders", async (t) => {
    const asked: unknown[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.end(readFileSync(list));
    });
    await new Promise<void>((resolve) => server.listen(ports.crl, "127.0.0.1", resolve));
    t.teardown(() => server.close());
    const fetched = await check(port, "--revocation", "fetch-internal");
    t.same(asked, ["/ca.crl"], "a list is fetched once for all clients");
    const [java, openssl, go, strict] = fetched.records;
    for (const client of [java, openssl, go]) {
      t.equal(client?.trusted, true, "clients do not know what was fetched");
      t.match(client?.revocation, [{ status: "revoked", source: "crl" }]);
      t.same(codesOf(client), ["warning chain.revoked"]);
    }
    t.equal(strict?.trusted, false);

    await authority.respond(t, ports.ocsp);
    server.close();
    server.closeAllConnections();
    const { records } = await check(port, "--revocation", "fetch-internal");
    t.match(records[0]?.revocation, [{ status: "revoked", source: "ocsp" }]);
  });
});
