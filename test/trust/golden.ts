import t from "tap";
import type { ProfileName } from "../../src/trust/profile-names.ts";
import { readCases, readGolden, requireShared } from "../corpora.ts";
import { judgeCase } from "./corpus-judge.ts";
import { exceptionsTo } from "./exceptions.ts";

/**
 * Each profile against the recorded answers of the real client. A listed exception must still disagree: one that no
 * longer applies fails the run.
 */
const COMPARISONS: readonly (readonly [profile: ProfileName, corpus: string, golden: string])[] = [
  ["openjdk-17", "scenarios-dev.json", "scenarios-openjdk-17"],
  ["openjdk-25", "scenarios-dev.json", "scenarios-openjdk-25"],
  ["openssl-3", "scenarios-dev.json", "scenarios-openssl-3"],
  ["openssl-3-partial", "scenarios-dev.json", "scenarios-openssl-3-partial"],
  ["nodejs-20", "scenarios-dev.json", "scenarios-nodejs-20"],
  ["nodejs-24", "scenarios-dev.json", "scenarios-nodejs-24"],
  ["go", "scenarios-dev.json", "scenarios-go-1.19"],
  ["go", "limbo-dev.json.gz", "limbo-go-1.19"],
  ["openjdk-17", "limbo-dev.json.gz", "limbo-openjdk-17"],
  ["openjdk-25", "limbo-dev.json.gz", "limbo-openjdk-25"],
  ["openssl-3", "limbo-dev.json.gz", "limbo-openssl-3"],
  ["openssl-3-partial", "limbo-dev.json.gz", "limbo-openssl-3-partial"],
];

for (const [profile, corpus, golden] of COMPARISONS)
  t.test(`judge() as ${profile} agrees with the client on ${golden}`, async (t) => {
    const corpusFile = requireShared(t, `corpora/${corpus}`);
    const goldenFile = corpusFile && requireShared(t, `corpora/golden/${golden}.tsv.gz`);
    if (corpusFile === undefined || goldenFile === undefined) return;
    const answers = readGolden(goldenFile);
    const disagreements: string[] = [];
    let judged = 0;
    for (const each of readCases(corpusFile)) {
      const answer = answers.get(each.id);
      if (answer === undefined) continue;
      judged++;
      const actual = judgeCase(profile, each).accepted ? "SUCCESS" : "FAILURE";
      if (actual !== answer.actual) disagreements.push(each.id);
    }
    t.comment(`${judged - disagreements.length} of ${judged} agree`);
    t.ok(judged > 60, "the corpus was judged");
    t.same(disagreements, exceptionsTo(golden), "only the explained cases disagree");
  });
