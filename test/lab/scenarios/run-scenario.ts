import t, { type Test } from "tap";
import type { ProfileName } from "../../../src/trust/profile-names.ts";
import { profileOf } from "../../../src/trust/profiles.ts";
import { type CheckRecordRead, checkRecords } from "../../cli/records.ts";
import { findTool } from "../../tools.ts";
import { runCommand } from "../../cli/command-thread.ts";
import { type Lab, openLab } from "./lab.ts";
import { REAL_CLIENTS } from "./real-clients.ts";
import {
  type Estate,
  type Expectation,
  type Scenario,
  type StoreFile,
  USUAL_PROFILES,
} from "./scenario.ts";

/** What came of the scenarios of this test file. */
const tally = { cases: 0, headlines: 0, asked: 0, equal: 0 };

/** Runs scenarios end to end through `check`, and asks the real clients that are here. */
export function runScenarios(side: string, scenarios: readonly Scenario[]): void {
  t.test(`check names every fault of the lab: ${side}`, async (t) => {
    for (const tool of ["openssl", "java", "keytool"] as const)
      if (findTool(tool) === undefined) {
        const reason = `${tool} is not installed`;
        if (process.env["CI"] === "true") t.fail(reason);
        else t.plan(0, reason);
        return;
      }
    for (const scenario of scenarios)
      await t.test(`${scenario.id} ${scenario.title}`, (t) => runScenario(t, scenario));
    t.comment(
      `${side}: ${tally.cases} verdicts, ${tally.headlines} with the right headline; ${tally.asked} real clients asked, ${tally.equal} agree`,
    );
  });
}

async function runScenario(t: Test, scenario: Scenario): Promise<void> {
  const lab = openLab(scenario.id);
  try {
    const estate = await scenario.build(lab);
    const profiles = scenario.profiles ?? USUAL_PROFILES;
    for (const [store, group] of storesOf(estate, profiles)) {
      const records = await check(t, lab, estate, store, group);
      for (const record of records)
        await t.test(record.profile, (t) => judgeRecord(t, scenario, record, { estate, store }));
      t.same(
        records.map(({ profile }) => profile),
        group,
        "every client is judged",
      );
    }
  } finally {
    await lab.stop();
  }
}

/** Which clients load which file. */
function storesOf(
  { store, javaStore = store ?? undefined }: Estate,
  profiles: readonly ProfileName[],
): ReadonlyMap<StoreFile, readonly ProfileName[]> {
  const groups = new Map<StoreFile, ProfileName[]>();
  for (const profile of profiles) {
    const file = profileOf(profile).storeFamily === "java" ? javaStore : store;
    if (file === undefined || file === null) continue;
    groups.set(file, [...(groups.get(file) ?? []), profile]);
  }
  return groups;
}

async function check(
  t: Test,
  lab: Lab,
  estate: Estate,
  store: StoreFile,
  profiles: readonly ProfileName[],
): Promise<readonly CheckRecordRead[]> {
  const common = [
    "check",
    estate.target,
    "--connect",
    `127.0.0.1:${estate.port}`,
    "--format",
    "ndjson",
    ...(estate.arguments ?? []),
  ];
  const records: CheckRecordRead[] = [];
  for (const args of clientArguments(lab, estate, store, profiles)) {
    const { stdout, stderr } = await runCommand([...common, ...args]);
    t.equal(stderr, "");
    records.push(...checkRecords(t, stdout));
  }
  return records;
}

/** The clients on the command line, or one run for each where an estate file describes them. */
function clientArguments(
  lab: Lab,
  { others }: Estate,
  store: StoreFile,
  profiles: readonly ProfileName[],
): readonly (readonly string[])[] {
  if (store.password !== null) process.env["LAB_STORE_PASSWORD"] = store.password;
  if (others === undefined)
    return [
      [
        "--truststore",
        store.path,
        ...(store.password === null ? [] : ["--truststore-password", "env:LAB_STORE_PASSWORD"]),
        ...profiles.flatMap((profile) => ["--as", profile]),
      ],
    ];
  const truststore = ({ path, password }: StoreFile): object => ({
    path,
    ...(password === null ? {} : { password: { env: "LAB_STORE_PASSWORD" } }),
  });
  const file = lab.write(
    "anchorwatch.yaml",
    JSON.stringify({
      version: 1,
      truststores: {
        own: truststore(store),
        ...Object.fromEntries(
          Object.entries(others).map(([name, other]) => [name, truststore(other)]),
        ),
      },
      clients: Object.fromEntries(
        profiles.map((profile) => [profile, { profile, trust: ["own"] }]),
      ),
    }),
  );
  return profiles.map((profile) => ["--estate", file, "--client", profile]);
}

interface Circumstances {
  readonly estate: Estate;
  readonly store: StoreFile;
}

async function judgeRecord(
  t: Test,
  scenario: Scenario,
  record: CheckRecordRead,
  { estate, store }: Circumstances,
): Promise<void> {
  const profile = record.profile as ProfileName;
  const expected = scenario.except?.[profile] ?? scenario.expected;
  judgeFindings(t, record, expected, scenario.says ?? []);
  const client = REAL_CLIENTS[profile];
  if (client === undefined || !(scenario.realClients ?? [profile]).includes(profile)) return;
  const missing = client.missing();
  if (missing !== null) {
    t.comment(missing);
    return;
  }
  tally.asked++;
  const real = await client.ask(estate, store);
  const accepted = t.equal(real.accepted, expected.accepted, `the real client: ${real.words}`);
  const words =
    scenario.verdictOnly === true ||
    isQuoted(record, real.words) ||
    t.equal(
      comparable(real.words, record.clientMessage),
      comparable(record.clientMessage ?? "", null),
      "the words of the real client",
    );
  if (accepted && words) tally.equal++;
}

/** Whether a client's words about a handshake contain the reason that is predicted: libraries add where it arose. */
function isQuoted({ clientMessage, findings }: CheckRecordRead, words: string): boolean {
  const isHandshake = /^(handshake|client-auth)\./.test(findings[0]?.code ?? "");
  const reason = comparable(clientMessage ?? "", null);
  return isHandshake && reason !== "" && comparable(words, null).includes(reason);
}

/**
 * Words without what differs between runs and update levels: addresses of objects, the alert that newer JDKs put in
 * front, the hint that Node.js adds. Of a store that cannot be read only the exception itself is predicted.
 */
function comparable(text: string, predicted: string | null): string {
  const plain = text
    .replaceAll(/@[0-9a-f]{4,8}\b/g, "@0")
    .replaceAll(/(Exception: )\([a-z_]+\) /g, "$1")
    .replace(/^tls: failed to verify certificate: /, "")
    .replace(/(current time )\S+/, "$1…")
    .replace(/; if the root CA is installed locally[^\n]*/, "")
    .replaceAll(/ \(caused by (.*)\)$/gm, "\nCaused by: $1")
    .trim();
  const lines = plain.split("\nCaused by: ");
  const from =
    predicted?.startsWith("java.") === true
      ? lines.findIndex((line) => comparable(predicted, null).startsWith(line))
      : 0;
  return lines.slice(Math.max(0, from)).join("\n");
}

function judgeFindings(
  t: Test,
  { findings, trusted, nameMatch, handshake }: CheckRecordRead,
  expected: Expectation,
  says: readonly (string | RegExp)[],
): void {
  const [headline] = findings;
  tally.cases++;
  const isCutShort = findings.some(
    ({ code, severity }) =>
      severity === "critical" &&
      (/^(handshake|client-auth)\./.test(code) || code === "topology.hello-dropped"),
  );
  const accepted =
    trusted === true && nameMatch !== false && handshake.outcome === "complete" && !isCutShort;
  t.equal(accepted, expected.accepted, "accepted");
  const grave = findings.filter(({ severity }) => severity !== "info");
  const found = expected.headline === null ? (grave[0]?.code ?? null) : (headline?.code ?? null);
  if (t.equal(found, expected.headline, `headline: ${headline?.summary ?? "none"}`))
    tally.headlines++;
  const others = expected.others ?? {};
  for (const { code, severity, summary } of grave)
    if (code !== expected.headline && others[code] === undefined)
      t.fail(`Unexpected finding ${code} (${severity}): ${summary}`);
  for (const [code, severity] of Object.entries(others))
    t.equal(findings.find((each) => each.code === code)?.severity, severity, `finding ${code}`);
  for (const words of says) t.match(headline?.summary, words);
}
