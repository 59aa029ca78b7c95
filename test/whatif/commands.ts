import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { parse } from "yaml";
import { handshakeToJson } from "../../src/probe/handshake-json.ts";
import {
  WHAT_IF_DOCUMENT_SCHEMA,
  WHAT_IF_LINE_SCHEMA,
} from "../../src/report/changes/what-if-schema.ts";
import { anchorwatch, linesOf } from "../cli/command.ts";
import { keyPem, presentCertificate } from "../daemon/fixture.ts";
import { handshake } from "../daemon/samples.ts";

const oldRoot = presentCertificate({ name: "Old Root", ca: true, days: 3000 });
const newRoot = presentCertificate({ name: "New Root", ca: true, days: 3000 });
const leafOf = (name: string, issuer: typeof oldRoot) =>
  presentCertificate({ name, issuer, san: [name], days: 1000 });
const before = leafOf("bpm.example.com", oldRoot);
const after = leafOf("bpm.example.com", newRoot);

const ESTATE = `version: 1
truststores:
  corp: { path: old-root.pem }
  new: { path: new-root.pem }
clients:
  pfs: { profile: openssl-3, trust: [corp] }
  java: { profile: openjdk-8, trust: [corp] }
  late: { profile: openssl-3, trust: [new] }
endpoints:
  bpm: { url: "https://bpm.example.com" }
  dark: { url: "https://dark.example.com" }
links:
  - { from: pfs, to: bpm }
  - { from: java, to: bpm }
  - { from: late, to: bpm }
`;

const seen = handshake({
  endpoint: { scheme: "https", host: "bpm.example.com", port: 443 },
  serverName: "bpm.example.com",
  startedAt: new Date().toISOString(),
  certificates: [before.der],
});

/** A folder with an estate, recorded handshakes and plans. */
function folderWith(t: Test, plans: Readonly<Record<string, string>>): string {
  const path = t.testdir({ saved: {} });
  const files = {
    "anchorwatch.yaml": ESTATE,
    "old-root.pem": oldRoot.pem,
    "new-root.pem": newRoot.pem,
    "new-chain.pem": after.pem,
    "new-key.pem": keyPem(after),
    "saved/one.ndjson": `${JSON.stringify(handshakeToJson(seen))}\n`,
    ...plans,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
}

const whatIf = (path: string, plan: string, ...others: readonly string[]) =>
  anchorwatch([
    "whatif",
    join(path, plan),
    "--estate",
    join(path, "anchorwatch.yaml"),
    "--handshakes",
    join(path, "saved"),
    ...others,
  ]);

const SAFE = `changes:
  - { truststore: corp, add: new-root.pem, remove: old-root.pem }
  - { endpoint: bpm, serves: new-chain.pem, key: new-key.pem }
`;
const BREAKS = `changes:
  - { truststore: corp, remove: old-root.pem }
`;
const NO_ORDER = `changes:
  - { truststore: corp, replace: new-root.pem }
  - { endpoint: bpm, serves: new-chain.pem }
`;
const WRONG_KEY = `changes:
  - { truststore: corp, add: new-root.pem }
  - { endpoint: bpm, serves: new-chain.pem, key: old-key.pem }
`;
const UNKNOWN = `changes:
  - { client: pfs, trust: [new] }
  - { endpoint: bpm, serves: new-chain.pem }
  - { client: java, trust: [new] }
`;

void t.test("whatif ends with the exit code of the plan", async (t) => {
  const path = folderWith(t, {
    "safe.yaml": SAFE,
    "breaks.yaml": BREAKS,
    "none.yaml": NO_ORDER,
    "key.yaml": WRONG_KEY,
    "old-key.pem": keyPem(before),
    "wrong.yaml": "changes:\n  - { truststore: crop, add: new-root.pem }\n",
  });
  const codes: Record<string, number | null> = {};
  for (const plan of ["safe", "breaks", "none", "key", "wrong"])
    codes[plan] = (await whatIf(path, `${plan}.yaml`)).code;
  t.same(codes, { safe: 0, breaks: 2, none: 2, key: 2, wrong: 64 });
  const wrong = await whatIf(path, "wrong.yaml");
  t.match(wrong.stderr, "wrong.yaml:2:19 changes[0].truststore: The estate has no truststore");
  t.equal(wrong.stdout, "");
});

void t.test("whatif proves that no order is safe", async (t) => {
  const path = folderWith(t, { "none.yaml": NO_ORDER, "unknown.yaml": UNKNOWN });
  const { stdout } = await whatIf(path, "none.yaml", "--format", "json");
  const { order, steps } = WHAT_IF_DOCUMENT_SCHEMA.parse(JSON.parse(stdout));
  t.match(
    steps[0]?.certificates,
    [
      { role: "added", subject: "CN=New Root" },
      { role: "removed", subject: "CN=Old Root" },
    ],
    "what a replaced store gets and loses",
  );
  t.match(order, {
    kind: "none",
    exclusions: [
      {
        steps: [0, 1],
        isSmallest: true,
        blocked: [
          { done: [], step: 0, link: { endpoint: "bpm" } },
          { done: [], step: 1, link: { endpoint: "bpm" } },
        ],
      },
    ],
  });
  const three = await whatIf(path, "unknown.yaml");
  t.match(three.stdout, "No safe order: the proof");
});

void t.test("whatif writes every format", async (t) => {
  const path = folderWith(t, { "safe.yaml": SAFE });
  const outputs = new Map<string, string>();
  for (const format of ["text", "json", "ndjson", "markdown", "html", "junit"]) {
    const { code, stdout, stderr } = await whatIf(path, "safe.yaml", "--format", format);
    t.equal(code, 0, `${format}: ${stderr}`);
    outputs.set(format, stdout);
  }
  const document = WHAT_IF_DOCUMENT_SCHEMA.parse(JSON.parse(outputs.get("json") ?? ""));
  t.match(document, {
    source: "handshakes",
    summary: { breaks: 0, repaired: 1, staysFine: 2 },
    order: { kind: "safe", order: [0, 2, 1] },
    steps: [
      { title: "Add new-root.pem to the truststore corp", certificates: [{ role: "added" }] },
      { title: "Remove Old Root from the truststore corp", certificates: [{ role: "removed" }] },
      { title: "Let bpm send new-chain.pem", certificates: [{ role: "served" }] },
    ],
    nextWithout: { becomes: "broken" },
  });
  const lines = linesOf(outputs.get("ndjson") ?? "").map((line) =>
    WHAT_IF_LINE_SCHEMA.parse(JSON.parse(line)),
  );
  t.same(
    lines.map(({ client, fate }) => [client, fate]),
    [
      ["pfs", "stays-fine"],
      ["java", "stays-fine"],
      ["late", "repaired"],
    ],
  );
  for (const format of ["text", "markdown", "html"]) {
    const text = (outputs.get(format) ?? "").replaceAll("\\", "");
    const places = [
      "Safe in the order below",
      "Safe order",
      "When the answer changes",
      "What is repaired",
      "Evidence: the links before and after",
      "Evidence: the certificates that come and go",
    ].map((part) => text.indexOf(part));
    t.ok(
      places.every((place, at) => place > (places[at - 1] ?? -1)),
      `${format}: ${places.join()}`,
    );
  }
  t.match(outputs.get("junit"), /<testsuites tests="4" failures="0" errors="0"/);
});

void t.test("whatif does not know what becomes of an endpoint without a record", async (t) => {
  const path = folderWith(t, {
    "dark.yaml": "changes:\n  - { endpoint: dark, serves: new-chain.pem }\n",
  });
  writeFileSync(join(path, "anchorwatch.yaml"), `${ESTATE}  - { from: pfs, to: dark }\n`);
  const { code, stdout } = await whatIf(path, "dark.yaml", "--format", "json");
  t.equal(code, 3);
  t.match(JSON.parse(stdout), { summary: { unknown: 1 } });
});

void t.test("whatif judges a JDK upgrade and a java.security of its own", async (t) => {
  const path = folderWith(t, {
    "security.yaml": `changes:
  - client: java
    profile: openjdk-21
    java-security: |
      jdk.certpath.disabledAlgorithms=EC keySize < 384
      jdk.tls.disabledAlgorithms=SSLv3
`,
    "upgrade.yaml": "changes:\n  - { client: java, profile: openjdk-21 }\n",
  });
  t.equal((await whatIf(path, "upgrade.yaml")).code, 0);
  const { code, stdout } = await whatIf(path, "security.yaml", "--format", "json");
  t.equal(code, 2);
  t.match(JSON.parse(stdout), {
    links: [{ fate: "stays-fine" }, { fate: "breaks", client: "java" }, { fate: "stays-broken" }],
  });
});

void t.test("whatif checks names below a gateway's certificate as its flags say", async (t) => {
  const path = folderWith(t, {
    "flags.yaml": `changes:
  - { truststore: corp, certificate: old-root.pem, flags: [trustedForSsl] }
  - { endpoint: bpm, serverName: other.example.com }
`,
    "off.yaml": "changes:\n  - { truststore: corp, certificate: old-root.pem, flags: [] }\n",
  });
  const { stdout } = await whatIf(path, "flags.yaml", "--format", "json");
  t.match(JSON.parse(stdout), {
    summary: { breaks: 0 },
    order: { kind: "safe", order: [0, 1] },
    assumptions: [/^bpm: the same server is assumed/],
  });
  t.equal((await whatIf(path, "off.yaml")).code, 2);
});

void t.test("rotate writes a plan that whatif takes, and refuses what it cannot use", async (t) => {
  const path = folderWith(t, {});
  const rotate = (...args: readonly string[]) =>
    anchorwatch([
      "rotate",
      ...args,
      "--estate",
      join(path, "anchorwatch.yaml"),
      "--handshakes",
      join(path, "saved"),
    ]);
  const out = join(path, "plan.yaml");
  const written = await rotate(
    "--ca",
    join(path, "old-root.pem"),
    "--to",
    join(path, "new-root.pem"),
    "--serves",
    `bpm=${join(path, "new-chain.pem")}`,
    "--out",
    out,
  );
  t.equal(written.code, 0, written.stderr);
  t.match(written.stdout, "Safe in the order");
  t.equal((await whatIf(path, "plan.yaml")).code, 0);

  const printed = await rotate("bpm", "--serves", join(path, "new-chain.pem"));
  t.equal(printed.code, 0, printed.stderr);
  t.match(parse(printed.stdout), { changes: [{ truststore: "corp" }, { endpoint: "bpm" }] });

  const idle = join(path, "idle.yaml");
  const same = join(path, "old-root.pem");
  const nothing = await rotate("--ca", same, "--to", same, "--out", idle);
  t.match(
    [nothing.code, nothing.stdout],
    [0, /^No change is proposed yet: [^]*is not written\.\n$/],
  );
  t.notOk(existsSync(idle), "whatif takes no plan without changes");

  const refusals: readonly (readonly [string, readonly string[]])[] = [
    ["Say what is replaced", []],
    ["--ca needs --to FILE", ["--ca", "old-root"]],
    ["--serves FILE is missing", ["bpm"]],
    ["The estate has no endpoint", ["bmp", "--serves", join(path, "new-chain.pem")]],
    ["is neither a certificate file nor", ["--ca", "nobody", "--to", join(path, "new-root.pem")]],
    ["does not exist", ["bpm", "--serves", join(path, "missing.pem")]],
  ];
  for (const [said, args] of refusals) {
    const { code, stderr } = await rotate(...args);
    t.equal(code, 64, said);
    t.match(stderr, said);
  }
});
