import t from "tap";
import { readCases, readGolden, requireShared } from "../corpora.ts";
import { judgeCase } from "./corpus-judge.ts";

/** Opinions of the suite that the strict profile does not share; the first one contradicts another case of the suite. */
const EXCEPTIONS: readonly string[] = [
  "rfc5280::ca-as-leaf",
  "webpki::cn::punycode-not-in-san",
  "webpki::cn::utf8-vs-punycode-mismatch",
  "webpki::cn::case-mismatch",
  "webpki::san::public-suffix-multi-label-wildcard-san",
  "webpki::san::public-suffix-private-namespace-wildcard-san",
];

t.test("judge() as strict shares the suite's opinion, but for the explained cases", async (t) => {
  const corpus = requireShared(t, "corpora/limbo-dev.json.gz");
  const golden = corpus && requireShared(t, "corpora/golden/limbo-pyca.tsv.gz");
  if (corpus === undefined || golden === undefined) return;
  const pyca = readGolden(golden);
  let agreed = 0;
  const disagreements: string[] = [];
  for (const each of readCases(corpus)) {
    if (each.validation_kind !== "SERVER") continue;
    const actual = judgeCase("strict", each).accepted ? "SUCCESS" : "FAILURE";
    if (actual !== each.expected_result) disagreements.push(each.id);
    else if (pyca.has(each.id)) agreed++;
  }
  t.same(disagreements.toSorted(), EXCEPTIONS.toSorted());
  t.ok(agreed >= 1078, `${agreed} of the ${pyca.size} cases that pyca judges, pyca has 1078`);
});
