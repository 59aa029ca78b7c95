import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { handshakeToJson } from "../../src/probe/handshake-json.ts";
import { keyPem, presentCertificate, tlsServer } from "../daemon/fixture.ts";
import { handshake } from "../daemon/samples.ts";
import { cleanEnvironment, launcher, start } from "../set-up/run.ts";
import { readPage } from "./markdown.ts";
import { commandLines } from "./shell-words.ts";

const HOST = "bpm-east.example.com";

const oldRoot = presentCertificate({ name: "Old Root", ca: true, days: 3000 });
const newRoot = presentCertificate({ name: "New Root", ca: true, days: 3000 });
const partner = presentCertificate({ name: "Partner Root", ca: true, days: 3000 });
const before = presentCertificate({ name: HOST, issuer: oldRoot, san: [HOST], days: 1000 });
const after = presentCertificate({ name: HOST, issuer: newRoot, san: [HOST], days: 1000 });

const estate = (port: number): string => `version: 1
truststores:
  pfs-trust: { path: old-root.cer }
  gateway: { path: [old-root.cer, partner-root.cer] }
clients:
  pfs: { profile: openssl-3, trust: [pfs-trust] }
  api-gateway: { profile: layer7, trust: [gateway] }
endpoints:
  bpm-east: { url: "https://${HOST}:9443", connect: "127.0.0.1:${port}" }
links:
  - { from: pfs, to: bpm-east }
`;

void t.test("docs/changes.md shows plans and commands that do what it says", async (t) => {
  const port = await tlsServer(t, before);
  const folder = t.testdir({
    "anchorwatch.yaml": estate(port),
    "old-root.cer": oldRoot.pem,
    "new-root.cer": newRoot.pem,
    "partner-root.cer": partner.pem,
    "new-chain.pem": after.pem,
    "new-key.pem": keyPem(after),
    "saved.ndjson": `${JSON.stringify(
      handshakeToJson(
        handshake({
          endpoint: { scheme: "https", host: HOST, port: 9443 },
          serverName: HOST,
          certificates: [before.der],
        }),
      ),
    )}\n`,
  });
  const page = readPage("docs/changes.md");
  const ask = (command: string): ReturnType<typeof start>["ended"] =>
    start(
      "/bin/sh",
      [
        "-c",
        `anchorwatch() { "${process.execPath}" "${launcher}" "$@"; }\n${command.replace("--offline", "--handshakes saved.ndjson")}`,
      ],
      { cwd: folder, env: cleanEnvironment() },
    ).ended;

  const [plan, flags] = page.fences
    .filter(({ language }) => language === "yaml")
    .map(({ text }) => text);
  if (plan === undefined || flags === undefined) throw new Error("The page has no plan");
  // the example names entries of a keystore by alias; here they are certificates of PEM files
  writeFileSync(join(folder, "plan.yaml"), plan.replace("remove: [old-root]", "remove: ['#1']"));
  writeFileSync(
    join(folder, "flags.yaml"),
    flags.replace("certificate: old-partner-root", "certificate: old-root.cer"),
  );
  const gateway = await ask("anchorwatch whatif flags.yaml --format json");
  t.equal(gateway.code, 0, gateway.stderr);
  t.match(JSON.parse(gateway.stdout), {
    steps: [
      {
        title:
          "Use Partner Root in the truststore gateway for trustedForSigningServerCerts, trustAnchor, verifyHostname",
      },
      { title: "Use Old Root in the truststore gateway for nothing" },
    ],
  });

  const commands = page.fences
    .filter(({ language }) => language === "sh")
    .flatMap(({ text }) => commandLines(text));
  t.ok(commands.length >= 8, `${commands.length} commands`);
  for (const command of commands) {
    const shown = command.replace("--ca old-root ", "--ca old-root.cer ");
    const { code, stdout, stderr } = await ask(shown);
    t.equal(code, 0, `${command}\n${stdout}${stderr}`);
    if (command === "anchorwatch whatif plan.yaml") {
      t.match(stdout, "Safe in the order below");
      t.match(
        stdout,
        /1\. Add new-root.cer .*\n +2\. Change the client pfs: profile openjdk-21\n +3\. Let bpm-east send new-chain.pem\n +4\. Remove/,
      );
    }
  }
});
