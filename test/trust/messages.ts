import t from "tap";
import { readCases, readGolden, requireShared } from "../corpora.ts";
import { judgeCase } from "./corpus-judge.ts";

/** What stays of a Java message without class names and the parts that differ by wording only. */
function essence(text: string): string {
  const tail = text
    .replace(/ \[reason=.*\]$/, "")
    .replace(/ <- .*$/, "")
    .replace(/^javax\.net\.ssl\.SSLHandshakeException: /, "")
    .replace(/^\([a-z_]+\) /, "")
    .replace(/^\w+Exception: /, "");
  return tail.trim();
}

t.test("judge() as openjdk-17 words its refusals as the JDK does", async (t) => {
  const corpus = requireShared(t, "corpora/scenarios-dev.json");
  const golden = corpus && requireShared(t, "corpora/golden/scenarios-openjdk-17.tsv.gz");
  if (corpus === undefined || golden === undefined) return;
  const answers = readGolden(golden);
  for (const each of readCases(corpus)) {
    const answer = answers.get(each.id);
    if (answer?.actual !== "FAILURE") continue;
    const { clientMessage } = judgeCase("openjdk-17", each);
    t.equal(essence(clientMessage ?? ""), essence(answer.message), each.id);
  }
});

t.test("judge() as openssl-3 gives the verify error of the real one", async (t) => {
  const corpus = requireShared(t, "corpora/scenarios-dev.json");
  const golden = corpus && requireShared(t, "corpora/golden/scenarios-openssl-3.tsv.gz");
  if (corpus === undefined || golden === undefined) return;
  const answers = readGolden(golden);
  for (const each of readCases(corpus)) {
    const answer = answers.get(each.id);
    if (answer?.actual !== "FAILURE") continue;
    const { clientMessage } = judgeCase("openssl-3", each);
    t.match(clientMessage, answer.message, each.id);
  }
});
