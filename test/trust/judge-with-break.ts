import t from "tap";
import { findBreak, momentsOf } from "../../src/trust/breaks-at.ts";
import { judgeOnce, judgeWithBreak } from "../../src/trust/judge-with-break.ts";
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

const acceptedBy = (profile: ProfileName): JudgeInput => {
  const input = inputs(profile).find((each) => judge(each).accepted);
  if (input === undefined) throw new Error("No case is accepted");
  return input;
};

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
  const input = acceptedBy("openssl-3");
  const first = judgeWithBreak(input);
  t.equal(judgeWithBreak({ ...input, chain: [...input.chain] }), first);
  t.equal(judgeWithBreak({ ...input, anchors: [...input.anchors] }), first, "the same anchors");
  t.not(judgeWithBreak({ ...input, at: input.at - 1 }), first, "an earlier time");
  t.not(judgeWithBreak({ ...input, host: "other.example" }), first, "another name");
  t.not(judgeWithBreak({ ...input, anchors: input.anchors.slice(1) }), first, "fewer anchors");
  t.not(judgeWithBreak({ ...input, profile: "strict" }), first, "another client");
  t.not(judgeWithBreak({ ...input, chain: input.chain.slice(0, 1) }), first, "another chain");
});

t.test(
  "judgeOnce() says at every date of a chain whether it is accepted, and by which path",
  async (t) => {
    for (const profile of PROFILES)
      for (const [seed, input] of inputs(profile).slice(0, 12).entries())
        for (const date of momentsOf(input))
          for (const at of [date - MINUTE, date, date + MINUTE]) {
            const moved = { ...input, at };
            const words = ({ accepted, trusted, path }: ReturnType<typeof judge>): string =>
              JSON.stringify([accepted, trusted, path.map(({ sha256 }) => sha256)]);
            if (words(judgeOnce(moved)) !== words(judge(moved)))
              t.fail(`${profile}, seed ${seed}, ${new Date(at).toISOString()}`);
          }
  },
);

t.test(
  "judgeOnce() judges an accepted chain once, and takes what judgeWithBreak() knows",
  async (t) => {
    const input = { ...acceptedBy("go"), maxPathLength: 9 };
    const first = judgeOnce(input);
    t.equal(judgeOnce({ ...input, anchors: [...input.anchors] }), first);
    t.not(judgeOnce({ ...input, at: input.at - 1 }), first, "an earlier time");
    const other = { ...acceptedBy("openssl-3"), maxPathLength: 9 };
    const { verdict } = judgeWithBreak(other);
    t.equal(judgeOnce(other), verdict);
  },
);

t.test("judgeWithBreak() remembers no refusal", async (t) => {
  const input = inputs("go").find((each) => !judge(each).accepted);
  if (input === undefined) throw new Error("No case is refused");
  t.not(judgeWithBreak(input), judgeWithBreak(input));
});
