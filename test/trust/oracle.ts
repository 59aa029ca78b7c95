import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { type CorpusCase, readCases, requireShared, SCENARIO_TIME } from "../corpora.ts";
import { requireTool } from "../tools.ts";
import { derOf, judgeCase } from "./corpus-judge.ts";

const base64 = (pem: string): string => Buffer.from(derOf(pem)).toString("base64");

/** The line format that the oracle reads; see its header. */
function oracleLine(each: CorpusCase): string {
  const time = each.validation_time === null ? SCENARIO_TIME : Date.parse(each.validation_time);
  return [
    each.id,
    "SUCCESS",
    each.validation_kind,
    time,
    each.expected_peer_name?.kind ?? "",
    each.expected_peer_name?.value ?? "",
    "",
    each.max_chain_depth ?? "",
    each.trusted_certs.map(base64).join(","),
    each.untrusted_intermediates.map(base64).join(","),
    base64(each.peer_certificate),
    "",
    "",
    "",
  ].join("\t");
}

t.test(
  "judge() as openjdk-17 agrees with the JSSE of this machine on every scenario",
  async (t) => {
    const java = requireTool(t, "java");
    const corpus = java && requireShared(t, "corpora/scenarios-dev.json");
    const oracle = corpus && requireShared(t, "oracle/JsseLimbo.java");
    if (java === undefined || corpus === undefined || oracle === undefined) return;
    const folder = mkdtempSync(join(tmpdir(), "oracle-"));
    t.teardown(() => rmSync(folder, { recursive: true, force: true }));
    const cases = readCases(corpus);
    const input = join(folder, "cases.tsv");
    const output = join(folder, "answers.tsv");
    writeFileSync(input, `${cases.map(oracleLine).join("\n")}\n`);
    execFileSync(java, [oracle, input, output], { stdio: "pipe" });
    const answers = new Map(
      readFileSync(output, "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => line.split("\t"))
        .map((fields) => [fields[0] ?? "", fields[2] ?? ""]),
    );
    let agreed = 0;
    for (const each of cases) {
      const actual = judgeCase("openjdk-17", each).accepted ? "SUCCESS" : "FAILURE";
      if (t.equal(actual, answers.get(each.id), each.id)) agreed++;
    }
    t.comment(`${agreed} of ${cases.length} scenarios agree with the JSSE of this machine`);
  },
);
