import t from "tap";
import { readCases, readGolden, requireShared } from "../corpora.ts";
import { judgeCase } from "./corpus-judge.ts";
import { exceptionsTo } from "./exceptions.ts";

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
  t.same(disagreements.toSorted(), exceptionsTo("strict").toSorted());
  t.ok(agreed >= 1078, `${agreed} of the ${pyca.size} cases that pyca judges, pyca has 1078`);
});
