import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t, { type Test } from "tap";
import { judge } from "../../../src/trust/judge.ts";
import type { RevocationMode } from "../../../src/trust/revocation/mode.ts";
import type { Verdict } from "../../../src/trust/verdict.ts";
import type { ProfileName } from "../../../src/trust/profile-names.ts";
import { parseCertificate } from "../../../src/x509/certificate.ts";
import { requireTool } from "../../tools.ts";
import { type JavaHome, requireJava } from "../../truststore/java-peers.ts";
import { NOW, pem } from "./authority.ts";
import { type RevocationCase, revocationCases } from "./cases.ts";

/** More by the environment: `REVOCATION_RUNS=3000 REVOCATION_SEED=7 npm test -- test/trust.test.ts`. */
const RUNS = Number(process.env["REVOCATION_RUNS"] ?? 250);
const SEED = Number(process.env["REVOCATION_SEED"] ?? 5280);

const generator = revocationCases(SEED);
const cases = Array.from({ length: RUNS }, () => generator.next().value);

function ask(each: RevocationCase, profile: ProfileName, revocation: RevocationMode): Verdict {
  const root = parseCertificate(each.root);
  if (!root.ok) throw new Error(root.error.message);
  return judge({
    profile,
    chain: each.chain,
    anchors: [root.value],
    host: null,
    nameCheck: "none",
    purpose: "server",
    at: NOW,
    version: null,
    cipherSuite: null,
    maxPathLength: null,
    crls: each.crls,
    ocspResponses: each.ocspResponses,
    revocation,
  });
}

for (const [option, mode] of [
  ["-crl_check", "leaf"],
  ["-crl_check_all", "chain"],
] as const)
  t.test(
    `judge() as openssl-3 agrees with openssl verify ${option} about made lists`,
    async (t) => {
      const openssl = requireTool(t, "openssl");
      if (openssl === undefined) return;
      const folder = t.testdir({});
      const wrong: string[] = [];
      const seen = new Map<string, number>();
      for (const each of cases) {
        const file = (name: string, ...ders: readonly Uint8Array[]): string => {
          const path = join(folder, name);
          writeFileSync(
            path,
            ders.map((der) => pem(name === "crls" ? "X509 CRL" : "CERTIFICATE", der)).join(""),
          );
          return path;
        };
        const [leaf = new Uint8Array(), ...others] = each.chain;
        const all = option === "-crl_check_all" ? ["-crl_check"] : [];
        const { stdout, stderr } = spawnSync(
          openssl,
          [
            "verify",
            ...all,
            option,
            "-attime",
            String(NOW / 1000),
            "-CAfile",
            file("root", each.root),
            ...(others.length === 0 ? [] : ["-untrusted", file("others", ...others)]),
            ...(each.crls.length === 0 ? [] : ["-CRLfile", file("crls", ...each.crls)]),
            file("leaf", leaf),
          ],
          { encoding: "utf8" },
        );
        const found = /error (\d+) at (\d+) depth lookup: (.*)/.exec(stdout + stderr);
        const theirs =
          found === null ? "ok" : `verify error:num=${found[1]}:${found[3]} (depth ${found[2]})`;
        seen.set(theirs, (seen.get(theirs) ?? 0) + 1);
        const ours = ask(each, "openssl-3", mode).clientMessage ?? "ok";
        if (ours !== theirs) wrong.push(`${each.what}: openssl ${theirs}, we ${ours}`);
      }
      t.comment(`seed ${SEED}, ${RUNS} cases: ${JSON.stringify(Object.fromEntries(seen))}`);
      t.same(wrong.slice(0, 5), [], `${wrong.length} of ${RUNS} differ`);
      t.ok(seen.size > 4, "the cases differ");
    },
  );

function compareWithJava(t: Test, { java }: JavaHome, profile: ProfileName): void {
  const base64 = (list: readonly Uint8Array[]): string =>
    list.map((der) => Buffer.from(der).toString("base64")).join(",");
  const input = cases.map((each) =>
    [
      NOW,
      base64(each.chain),
      base64([each.root]),
      base64(each.crls),
      base64(each.ocspResponses),
    ].join("\t"),
  );
  const oracle = fileURLToPath(new URL("oracle.java", import.meta.url));
  // distribution points are not fetched: the names in them do not exist
  const answers = execFileSync(java, ["-Duser.timezone=UTC", oracle], {
    input: `${input.join("\n")}\n`,
  })
    .toString("utf8")
    .trimEnd()
    .split("\n");
  const wrong: string[] = [];
  const seen = new Map<string, number>();
  for (const [index, each] of cases.entries()) {
    const [verdict = "", text = ""] = (answers[index] ?? "").split("\t");
    const theirs = verdict === "ok" ? "ok" : text;
    const kind = theirs.replace(/reason: .*/, "");
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    const { trusted, clientMessage } = ask(each, profile, "chain");
    const ours = trusted === true ? "ok" : (clientMessage ?? "");
    if (verdict === "ok" ? ours !== "ok" : !ours.includes(text))
      wrong.push(`${each.what}: Java ${theirs}, we ${ours}`);
  }
  t.comment(`seed ${SEED}, ${RUNS} cases: ${JSON.stringify(Object.fromEntries(seen))}`);
  t.same(wrong.slice(0, 5), [], `${wrong.length} of ${RUNS} differ`);
  t.ok(seen.size > 2, "the cases differ");
}

for (const release of [17, 25] as const)
  t.test(
    `judge() as openjdk-${release} agrees with the JDK about made lists and responses`,
    async (t) => {
      const home = requireJava(t, release);
      if (home !== undefined) compareWithJava(t, home, `openjdk-${release}`);
    },
  );
