import t from "tap";
import type { ProfileName } from "../../src/trust/profile-names.ts";
import { readCases, readGolden, requireShared } from "../corpora.ts";
import { judgeCase } from "./corpus-judge.ts";

/**
 * Each profile against the recorded answers of the real client. A listed exception must still disagree: one that no
 * longer applies fails the run.
 */
const COMPARISONS: readonly {
  readonly profile: ProfileName;
  readonly corpus: string;
  readonly golden: string;
  readonly exceptions: readonly string[];
}[] = [
  {
    profile: "openjdk-17",
    corpus: "scenarios-dev.json",
    golden: "scenarios-openjdk-17",
    exceptions: [],
  },
  {
    profile: "openjdk-25",
    corpus: "scenarios-dev.json",
    golden: "scenarios-openjdk-25",
    exceptions: [],
  },
  {
    profile: "openssl-3",
    corpus: "scenarios-dev.json",
    golden: "scenarios-openssl-3",
    exceptions: [],
  },
  {
    profile: "openssl-3-partial",
    corpus: "scenarios-dev.json",
    golden: "scenarios-openssl-3-partial",
    exceptions: [],
  },
  // the server cannot present a P-224 certificate to these clients: the handshake fails before any verdict
  {
    profile: "nodejs-20",
    corpus: "scenarios-dev.json",
    golden: "scenarios-nodejs-20",
    exceptions: ["scen::48-p224-leaf"],
  },
  {
    profile: "nodejs-24",
    corpus: "scenarios-dev.json",
    golden: "scenarios-nodejs-24",
    exceptions: ["scen::48-p224-leaf"],
  },
  { profile: "go", corpus: "scenarios-dev.json", golden: "scenarios-go-1.19", exceptions: [] },
  { profile: "go", corpus: "limbo-dev.json.gz", golden: "limbo-go-1.19", exceptions: [] },
  {
    profile: "openjdk-17",
    corpus: "limbo-dev.json.gz",
    golden: "limbo-openjdk-17",
    exceptions: [],
  },
  {
    profile: "openjdk-25",
    corpus: "limbo-dev.json.gz",
    golden: "limbo-openjdk-25",
    exceptions: [],
  },
  // the recorded OpenSSL accepts a P-192 root, which `openssl verify -auth_level 2` refuses
  {
    profile: "openssl-3",
    corpus: "limbo-dev.json.gz",
    golden: "limbo-openssl-3",
    exceptions: ["webpki::forbidden-p192-root"],
  },
  {
    profile: "openssl-3-partial",
    corpus: "limbo-dev.json.gz",
    golden: "limbo-openssl-3-partial",
    exceptions: ["webpki::forbidden-p192-root"],
  },
];

for (const { profile, corpus, golden, exceptions } of COMPARISONS)
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
    t.same(disagreements, exceptions, "only the explained cases disagree");
  });
