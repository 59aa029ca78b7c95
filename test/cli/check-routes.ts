import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import t from "tap";
import { PROXY_LOGIN, startMicrosocks, startTinyproxy } from "../lab/proxies.ts";
import { requireTool } from "../tools.ts";
import { anchorwatch } from "./command.ts";
import { checkRecords } from "./records.ts";
import { issuePair, openLab } from "./servers.ts";

const run = promisify(execFile);

t.test("check takes the way that its options describe", async (t) => {
  const [tinyproxy, microsocks] = [requireTool(t, "tinyproxy"), requireTool(t, "microsocks")];
  if (tinyproxy === undefined || microsocks === undefined) return;
  const lab = openLab(t);
  if (lab === undefined) return;
  const { ca, leaf } = await issuePair(lab);
  const { port } = await lab.serve(leaf);
  const http = await startTinyproxy(tinyproxy, lab.directory, {
    connectPorts: [port],
    login: true,
  });
  const socks = await startMicrosocks(microsocks);
  t.teardown(() => Promise.all([http.process.stop(), socks.process.stop()]));
  const check = (...args: readonly string[]) =>
    anchorwatch(
      ["check", `localhost:${port}`, "--truststore", ca.certificate, "--format", "ndjson", ...args],
      { env: { PROXY_PW: PROXY_LOGIN.password, WRONG_PW: "no" } },
    );
  const url = `http://${PROXY_LOGIN.username}@127.0.0.1:${http.port}`;

  await t.test("check --proxy with --proxy-password", async (t) => {
    const { code, stdout } = await check("--proxy", url, "--proxy-password", "env:PROXY_PW");
    t.equal(code, 0, stdout);
    const [record, ...rest] = checkRecords(t, stdout);
    t.same(rest, []);
    t.match(record, {
      trusted: true,
      address: null,
      handshake: { proxy: { kind: "http", port: http.port, reply: { status: 200 } } },
    });
    t.notMatch(stdout, PROXY_LOGIN.password);
  });

  await t.test("check --proxy socks5 dials every address through it", async (t) => {
    const proxy = ["--proxy", `socks5://127.0.0.1:${socks.port}`];
    const { stdout } = await check(...proxy, "--connect", `127.0.0.1:${port}`);
    t.match(checkRecords(t, stdout), [
      { address: "127.0.0.1", handshake: { outcome: "complete" } },
    ]);
  });

  await t.test("check names a proxy that refuses", async (t) => {
    const { code, stdout } = await check("--proxy", url, "--proxy-password", "env:WRONG_PW");
    t.equal(code, 3);
    t.match(checkRecords(t, stdout), [
      {
        handshake: { failure: /^proxy-(authentication|refused)$/ },
        findings: [{ code: "topology.proxy" }],
      },
    ]);
  });

  await t.test("check refuses options about routes that cannot be meant", async (t) => {
    const cases: readonly (readonly [args: readonly string[], said: string])[] = [
      [["--proxy", "http://me:s3cret@h:1"], "--proxy: A password is not taken from the URL"],
      [["--proxy", "h:1"], "--proxy: A proxy is written as http://HOST:PORT"],
      [["--proxy-password", "env:X"], "--proxy-password is the password of --proxy"],
      [["--proxy", "http://h:1", "--proxy-password", "env:X"], "needs a user name"],
      [["--proxy", url, "--proxy-password", "s3cret"], "is not taken from the command line"],
      [["--proxy", url, "--proxy-truststore", "x"], "is for an https:// proxy"],
      [["--proxy-protocol", "v3"], "Use v1 or v2"],
      [["--source", "localhost"], "Use an IP address of this machine"],
      [["--resolver", "localhost"], "Use an IP address"],
      [["--address", "some"], "Use all or one"],
      [["--alias", "x"], "--alias is an entry of --keystore"],
      [["--keystore-password", "env:X"], "--keystore-password is the password of --keystore"],
      [["--key-manager", "X"], "Use SunX509 or NewSunX509"],
    ];
    for (const [args, said] of cases) {
      const { code, stderr, stdout } = await check(...args);
      t.equal(code, 64, args.join(" "));
      t.match(stderr, said);
      t.notMatch(`${stdout}${stderr}`, "s3cret");
    }
  });

  await t.test("check --source and --address", async (t) => {
    const { stdout } = await check("--address", "one", "--source", "127.0.0.3");
    t.match(checkRecords(t, stdout), [
      { address: "127.0.0.1", handshake: { outcome: "complete" } },
    ]);
  });

  await t.test("check --phase-timeout", async (t) => {
    const silent = ["--connect", "127.0.0.1:1", "--phase-timeout", "5"];
    const { code } = await check(...silent);
    t.equal(code, 3);
  });
});

t.test("check --request says what the server answers", async (t) => {
  const lab = openLab(t);
  if (lab === undefined) return;
  const { ca, leaf } = await issuePair(lab);
  const { port } = await lab.serve(leaf, ["-www"]);
  const check = (...args: readonly string[]) =>
    anchorwatch(
      [
        ["check", `https://localhost:${port}`, "--connect", `127.0.0.1:${port}`],
        ["--truststore", ca.certificate, ...args],
      ].flat(),
    );
  const fine = await check("--request", "/", "--request-method", "get", "--format", "ndjson");
  t.equal(fine.code, 0, fine.stdout);
  t.match(checkRecords(t, fine.stdout), [
    { handshake: { request: { method: "GET", path: "/", status: 200 } } },
  ]);
  const wrong = await check(
    "--request",
    "/",
    "--request-method",
    "GET",
    "--expect-status",
    "204,301",
  );
  t.equal(wrong.code, 2);
  t.match(wrong.stdout, "topology.unexpected-status");
  t.match(wrong.stdout, /answers GET \/ with 200.*expected was 204 or\s+301/s);
  for (const [args, said] of [
    [["--request", "x"], "Use a path that begins with /"],
    [["--request", "/", "--request-method", "POST"], "Use HEAD or GET"],
    [["--expect-status", "200"], "belong to --request"],
    [["--request", "/", "--expect-status", "ok"], "Use statuses from 100 to 599"],
  ] as const)
    t.match(await check(...args), { code: 64, stderr: said });
});

t.test("check --keystore authenticates as each profile would", async (t) => {
  const lab = openLab(t);
  if (lab === undefined) return;
  const { ca, leaf } = await issuePair(lab);
  const strangers = await lab.issue({ name: "strangers", keyType: "p256", days: 900 });
  const client = await lab.issue({ name: "client", keyType: "p256", issuer: ca, days: 400 });
  const stranger = await lab.issue({ name: "stranger", keyType: "p256", issuer: strangers });
  const keystore = async (name: string, own: typeof client): Promise<string> => {
    const file = join(lab.directory, `${name}.p12`);
    const inputs = ["-in", own.certificate, "-inkey", own.key, "-name", name];
    await run(lab.openssl, ["pkcs12", "-export", ...inputs, "-passout", "pass:pa55", "-out", file]);
    return file;
  };
  const asking = ["-CAfile", ca.certificate, "-verify_return_error", "-Verify", "1"];
  const { port, process } = await lab.serve(leaf, asking);
  const check = (...args: readonly string[]) =>
    anchorwatch(
      [
        "check",
        `localhost:${port}`,
        "--connect",
        `127.0.0.1:${port}`,
        "--truststore",
        ca.certificate,
        ...args,
      ],
      { env: { PW: "pa55", WRONG: "no" } },
    );
  const records = ["--format", "ndjson"];
  const access = ["--keystore-password", "env:PW"];
  const own = ["--keystore", await keystore("client", client), ...access];
  const other = ["--keystore", await keystore("stranger", stranger), ...access];

  await t.test(
    "check --keystore is accepted, and says that a certificate is required",
    async (t) => {
      const { code, stdout } = await check(...own, ...records);
      t.equal(code, 0, stdout);
      t.match(checkRecords(t, stdout), [
        {
          handshake: {
            clientAuth: "required",
            clientCertificate: "sent",
            certificateRequest: { authorities: [/CN=ca/] },
          },
        },
      ]);
      t.match(process.output(), /CN ?= ?client/);
      const text = await check(...own);
      t.match(text.stdout, "requires a client certificate, one was sent");
    },
  );

  await t.test("check tells apart what Java keeps back and OpenSSL sends", async (t) => {
    const profiles = ["--as", "openjdk-17", "--as", "openssl-3", "--as", "go"];
    const { code, stdout } = await check(...other, ...profiles, ...records);
    t.equal(code, 2);
    const silent = {
      handshake: { clientCertificate: "no-accepted-issuer", clientAuth: "required" },
      findings: [{ code: "client-auth.no-match", summary: /CN=ca.*issuers are CN=strangers/ }],
    };
    t.match(checkRecords(t, stdout), [
      { profile: "openjdk-17", ...silent },
      {
        profile: "openssl-3",
        handshake: { clientCertificate: "sent", alert: "unknown_ca" },
        findings: [{ code: "client-auth.unknown-ca" }],
      },
      { profile: "go", ...silent },
    ]);
  });

  await t.test("check says what is wrong with a keystore", async (t) => {
    const wrong = await check(
      "--keystore",
      own[1] ?? "",
      "--keystore-password",
      "env:WRONG",
      ...records,
    );
    t.equal(wrong.code, 2);
    t.match(checkRecords(t, wrong.stdout)[0]?.findings[0], {
      code: "client-auth.key-mismatch",
      summary: /client\.p12.*[Pp]assword/,
    });
    const alias = await check(...own, "--alias", "nobody", ...records);
    t.equal(alias.code, 2);
    t.match(checkRecords(t, alias.stdout)[0]?.findings[0], {
      code: "client-auth.key-mismatch",
      summary: /No private key has the alias "nobody"; there is "client"/,
    });
    const absent = await check("--keystore", "absent.p12", ...access);
    t.match(absent, { code: 64, stderr: /absent\.p12/ });
  });
});
