import t from "tap";
import type { ProfileName } from "../../src/trust/profile-names.ts";
import type { Verdict } from "../../src/trust/verdict.ts";
import { readCases, readGolden, requireShared } from "../corpora.ts";
import { judgeCase } from "./corpus-judge.ts";
import { exceptionsTo } from "./exceptions.ts";

/** The golden files' form of an exception and its causes: simple names, a cause only when it adds words. */
function javaChain({ clientMessage }: Verdict): string {
  const [, ...exceptions] = (clientMessage ?? "").split("\nCaused by: ");
  let text = "";
  let last = "";
  for (const exception of exceptions) {
    const at = exception.indexOf(": ");
    const message = exception.slice(at + 2);
    const words = `${exception.slice(0, at).replace(/^.*\./, "")}: ${message}`;
    if (!last.includes(message)) text += `${text === "" ? "" : " <- "}${words}`;
    last = words;
  }
  return text;
}

/** What the golden files of a client hold, and what of ours is to equal it. */
interface Words {
  readonly profile: ProfileName;
  readonly golden: string;
  readonly corpus: string;
  readonly ours: (verdict: Verdict) => string;
  readonly theirs: (message: string) => string;
}

const JAVA = {
  ours: javaChain,
  theirs: (message: string): string => message.replace(/ \[reason=\w+ idx=-?\d+\]$/, ""),
};
/** The files have the text without number and depth. */
const OPENSSL = {
  ours: ({ clientMessage }: Verdict): string =>
    /^verify error:num=\d+:(.*?)( \(depth \d+\))?$/.exec(clientMessage ?? "")?.[1] ?? "",
  theirs: (message: string): string => message,
};
/** The clock was read while the cases ran. */
const GO = {
  ours: ({ clientMessage }: Verdict): string => withoutClock(clientMessage ?? ""),
  theirs: (message: string): string => withoutClock(message),
};
const withoutClock = (text: string): string =>
  text.replaceAll(/current time \S+/g, "current time T");
/** The files cut the text. */
const NODE = {
  ours: ({ clientMessage }: Verdict): string => (clientMessage ?? "").slice(0, 80),
  theirs: (message: string): string => message.replace(" ", ": ").slice(0, 80),
};

const SCENARIOS = "scenarios-dev.json";
const LIMBO = "limbo-dev.json.gz";

const WORDS: readonly Words[] = [
  { profile: "openjdk-17", corpus: SCENARIOS, golden: "scenarios-openjdk-17", ...JAVA },
  { profile: "openjdk-25", corpus: SCENARIOS, golden: "scenarios-openjdk-25", ...JAVA },
  { profile: "openjdk-17", corpus: LIMBO, golden: "limbo-openjdk-17", ...JAVA },
  { profile: "openjdk-25", corpus: LIMBO, golden: "limbo-openjdk-25", ...JAVA },
  { profile: "openssl-3", corpus: SCENARIOS, golden: "scenarios-openssl-3", ...OPENSSL },
  {
    profile: "openssl-3-partial",
    corpus: SCENARIOS,
    golden: "scenarios-openssl-3-partial",
    ...OPENSSL,
  },
  { profile: "openssl-3", corpus: LIMBO, golden: "limbo-openssl-3", ...OPENSSL },
  { profile: "openssl-3-partial", corpus: LIMBO, golden: "limbo-openssl-3-partial", ...OPENSSL },
  { profile: "go", corpus: SCENARIOS, golden: "scenarios-go-1.19", ...GO },
  { profile: "go", corpus: LIMBO, golden: "limbo-go-1.19", ...GO },
  { profile: "nodejs-20", corpus: SCENARIOS, golden: "scenarios-nodejs-20", ...NODE },
  { profile: "nodejs-24", corpus: SCENARIOS, golden: "scenarios-nodejs-24", ...NODE },
];

for (const { profile, corpus, golden, ours, theirs } of WORDS)
  t.test(`judge() as ${profile} words every refusal as the client does in ${golden}`, async (t) => {
    const corpusFile = requireShared(t, `corpora/${corpus}`);
    const goldenFile = corpusFile && requireShared(t, `corpora/golden/${golden}.tsv.gz`);
    if (corpusFile === undefined || goldenFile === undefined) return;
    const answers = readGolden(goldenFile);
    const different: string[] = [];
    const exceptions = exceptionsTo(`${golden} words`);
    let compared = 0;
    for (const each of readCases(corpusFile)) {
      const answer = answers.get(each.id);
      const verdict = answer?.actual === "FAILURE" ? judgeCase(profile, each) : null;
      if (answer === undefined || verdict === null || verdict.accepted) continue;
      compared++;
      if (ours(verdict) === theirs(answer.message)) continue;
      different.push(each.id);
      if (!exceptions.includes(each.id))
        t.comment(`${each.id}: ${ours(verdict)} | ${theirs(answer.message)}`);
    }
    t.comment(`${compared - different.length} of ${compared} texts are equal`);
    t.same(different, exceptions, "only the explained texts differ");
  });
