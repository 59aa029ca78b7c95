import t from "tap";
import { findBreak, momentsOf } from "../../src/trust/breaks-at.ts";
import { judgeWithBreak } from "../../src/trust/judge-with-break.ts";
import { judge } from "../../src/trust/judge.ts";
import type { ProfileName } from "../../src/trust/profile-names.ts";
import { profileOf } from "../../src/trust/profiles.ts";
import type { JudgeInput } from "../../src/trust/verdict.ts";
import { caseInput } from "../differential/compare.ts";
import { estateCase } from "../differential/estate.ts";

const PROFILES: readonly ProfileName[] = ["openjdk-17", "openssl-3", "go", "strict"];
const AROUND = Date.UTC(2026, 10, 21);
const MINUTE = 60_000;

const inputs = (profile: ProfileName): readonly JudgeInput[] =>
  Array.from({ length: 60 }, (_, seed) => caseInput(estateCase(seed, AROUND), profileOf(profile)));

t.test("judgeWithBreak() says at every date of a chain what judging anew says", async (t) => {
  for (const profile of PROFILES) {
    let accepted = 0;
    for (const [seed, input] of inputs(profile).entries())
      for (const date of momentsOf(input))
        for (const at of [date - MINUTE, date - 1, date, date + MINUTE]) {
          const moved = { ...input, at };
          const remembered = judgeWithBreak(moved);
          const verdict = judge(moved);
          if (verdict.accepted) accepted++;
          const words = ({ trusted, path, clientMessage, reason }: typeof verdict): string =>
            JSON.stringify([trusted, path.map(({ sha256 }) => sha256), clientMessage, reason]);
          if (words(remembered.verdict) !== words(verdict))
            t.fail(`${profile}, seed ${seed}, ${new Date(at).toISOString()}`);
          if (remembered.breaks?.badFrom !== findBreak(moved, verdict)?.badFrom)
            t.fail(`${profile}, seed ${seed}, ${new Date(at).toISOString()}: break`);
        }
    t.ok(accepted > 50, `${profile}: ${accepted} times accepted`);
  }
});

t.test("judgeWithBreak() judges an accepted chain once, and another one anew", async (t) => {
  const input = inputs("openssl-3").find((each) => judge(each).accepted);
  if (input === undefined) throw new Error("No case is accepted");
  const first = judgeWithBreak(input);
  t.equal(judgeWithBreak({ ...input, chain: [...input.chain] }), first);
  t.not(judgeWithBreak({ ...input, at: input.at - 1 }), first, "an earlier time");
  t.not(judgeWithBreak({ ...input, host: "other.example" }), first, "another name");
  t.not(judgeWithBreak({ ...input, anchors: [...input.anchors] }), first, "other anchors");
  t.not(judgeWithBreak({ ...input, profile: "strict" }), first, "another client");
  t.not(judgeWithBreak({ ...input, chain: input.chain.slice(0, 1) }), first, "another chain");
});

t.test("judgeWithBreak() remembers no refusal", async (t) => {
  const input = inputs("go").find((each) => !judge(each).accepted);
  if (input === undefined) throw new Error("No case is refused");
  t.not(judgeWithBreak(input), judgeWithBreak(input));
});
