import { generateKeyPairSync } from "node:crypto";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { issueCertificate, type IssuedCertificate } from "../../src/cli/demo/certificate.ts";
import type { KeyPair } from "../../src/cli/demo/keys.ts";
import { handshakeToJson } from "../../src/probe/handshake-json.ts";
import { handshake } from "../daemon/samples.ts";
import { launcher } from "../set-up/run.ts";
import type { Row } from "./measure.ts";

const DAY = 86_400_000;

/** 10,000 links: each client depends on every endpoint. */
const CLIENTS = 20;
const ENDPOINTS = 500;

/** What may pass until the answer is there, in microseconds. */
const LIMIT = 10_000_000;

const key = (): KeyPair => ({
  kind: "p-256",
  ...generateKeyPairSync("ec", { namedCurve: "P-256" }),
});

/** An estate with recorded handshakes, and a plan that every link depends on. */
async function writeEstate(folder: string): Promise<void> {
  const now = Date.now();
  const issue = (name: string, issuer: IssuedCertificate | undefined, ca: boolean) =>
    issueCertificate({
      subject: [["CN", name]],
      key: ca ? key() : leafKey,
      issuer,
      notBefore: now - 10 * DAY,
      notAfter: now + 300 * DAY,
      ca,
      ...(ca ? {} : { san: [name], eku: ["serverAuth"] }),
    });
  const leafKey = key();
  const [oldRoot, newRoot] = [
    issue("Old Root", undefined, true),
    issue("New Root", undefined, true),
  ];
  const issuing = issue("Issuing", oldRoot, true);
  const hosts = Array.from({ length: ENDPOINTS }, (_, index) => `host-${index}.example.com`);
  const names = Array.from({ length: CLIENTS }, (_, index) => `client-${index}`);
  const estate = {
    version: 1,
    truststores: Object.fromEntries(
      names.map((name) => [`${name}-trust`, { path: [`${name}.pem`] }]),
    ),
    clients: Object.fromEntries(
      names.map((name, index) => [
        name,
        {
          profile: ["openjdk-17", "openjdk-8", "openssl-3", "go"][index % 4],
          trust: [`${name}-trust`],
        },
      ]),
    ),
    endpoints: Object.fromEntries(hosts.map((host, at) => [`e${at}`, { url: `https://${host}` }])),
    links: names.map((from) => ({ from, to: hosts.map((_, at) => `e${at}`) })),
    history: { path: "history.db" },
  };
  for (const name of names) writeFileSync(join(folder, `${name}.pem`), oldRoot.pem);
  writeFileSync(join(folder, "anchorwatch.yaml"), stringify(estate));
  writeFileSync(join(folder, "new-root.pem"), newRoot.pem);
  const plan: object[] = names.flatMap((name) => [
    { truststore: `${name}-trust`, add: ["new-root.pem"], remove: ["#1"] },
  ]);
  const records: string[] = [];
  for (const [at, host] of hosts.entries()) {
    const seen = handshake({
      endpoint: { scheme: "https", host, port: 443 },
      serverName: host,
      startedAt: new Date(now).toISOString(),
      certificates: [issue(host, issuing, false).der, issuing.der],
    });
    records.push(JSON.stringify(handshakeToJson(seen)));
    writeFileSync(join(folder, `e${at}.pem`), issue(host, newRoot, false).pem);
    plan.push({ endpoint: `e${at}`, serves: `e${at}.pem` });
  }
  writeFileSync(join(folder, "saved.ndjson"), `${records.join("\n")}\n`);
  writeFileSync(join(folder, "plan.yaml"), stringify({ changes: plan }));
  writeFileSync(
    join(folder, "small.yaml"),
    stringify({ changes: [{ truststore: "client-0-trust", add: "new-root.pem", remove: "#1" }] }),
  );
}

/** How long the command takes from its start to its end. */
function timed(folder: string, plan: string): number {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [launcher, "whatif", plan, "--handshakes", "saved.ndjson", "--format", "ndjson"],
    { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 30 },
  );
  const wall = (performance.now() - start) * 1_000;
  const lines = stdout.split("\n").length - 1;
  if ((status ?? 64) > 2 || lines !== CLIENTS * ENDPOINTS)
    throw new Error(`whatif judged ${lines} links: ${stderr}`);
  return wall;
}

/** Judging a plan over 10,000 links on recorded handshakes, against the time that an operator may have to wait. */
export async function changeRows(): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "anchorwatch-bench-"));
  try {
    await writeEstate(folder);
    const row = (what: string, plan: string): Row => ({
      what,
      ours: { cpu: Number.NaN, wall: timed(folder, plan) },
      theirs: { cpu: Number.NaN, wall: LIMIT },
      peer: "the limit of 10 s",
    });
    return [
      row("whatif, 10,000 links, one store changes", "small.yaml"),
      row("whatif, 10,000 links, every one of them changes", "plan.yaml"),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
