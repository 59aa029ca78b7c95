import t from "tap";
import { findBreak } from "../../src/trust/breaks-at.ts";
import { judge } from "../../src/trust/judge.ts";
import type { ProfileName } from "../../src/trust/profile-names.ts";
import { profileOf } from "../../src/trust/profiles.ts";
import { caseInput } from "../differential/compare.ts";
import { type ContestName, openContest } from "../differential/contests.ts";
import { estateCase } from "../differential/estate.ts";
import { readCases, requireShared } from "../corpora.ts";
import { corpusInput } from "./corpus-judge.ts";

const PROFILES: readonly ProfileName[] = ["openjdk-17", "openssl-3", "go", "nodejs-24", "strict"];
const AROUND = Date.UTC(2026, 10, 21);

t.test(
  "findBreak() gives the moment before which the verdict is good and at which it is bad",
  async (t) => {
    for (const profile of PROFILES) {
      let found = 0;
      for (let seed = 0; seed < 150; seed++) {
        const input = caseInput(estateCase(seed, AROUND), profileOf(profile));
        const turn = findBreak(input, judge(input));
        if (turn === null) continue;
        found++;
        const before = judge({ ...input, at: turn.badFrom - 1 }).accepted;
        const after = judge({ ...input, at: turn.badFrom });
        if (!before || after.accepted) t.fail(`${profile}, seed ${seed}`);
        if (turn.reason?.code !== after.reason?.code) t.fail(`${profile}, seed ${seed}: cause`);
      }
      t.ok(found > 5, `${profile}: ${found} verdicts turn bad`);
    }
  },
);

t.test("findBreak() looks past a certificate for which another one stands in", async (t) => {
  const corpus = requireShared(t, "corpora/scenarios-dev.json");
  if (corpus === undefined) return;
  for (const each of readCases(corpus)) {
    const input = corpusInput("openjdk-17", each);
    const verdict = judge(input);
    const turn = findBreak(input, verdict);
    if (!verdict.accepted) t.equal(turn, null, each.id);
    else if (turn !== null) t.notOk(judge({ ...input, at: turn.badFrom }).accepted, each.id);
  }
});

for (const name of ["openjdk-17", "openssl-3"] as const satisfies readonly ContestName[])
  t.test(`findBreak() as ${name} is where the real client turns`, async (t) => {
    const contest = await openContest(name);
    if (contest === undefined) {
      if (process.env["CI"] === "true") t.fail("The client is not installed");
      else t.plan(0, `The client of ${name} is not installed`);
      return;
    }
    t.teardown(contest.oracle.close);
    let checked = 0;
    for (let seed = 5000; seed < 5250 && checked < 30; seed++) {
      const each = estateCase(seed, AROUND);
      const input = caseInput(each, contest.profile);
      const turn = findBreak(input, judge(input));
      if (turn === null) continue;
      checked++;
      // oxlint-disable no-await-in-loop -- the client answers one question after the other
      const before = await contest.oracle.ask({ ...each, at: turn.badFrom - 1 });
      const after = await contest.oracle.ask({ ...each, at: turn.badFrom });
      // oxlint-enable no-await-in-loop
      t.same([before.verdict, after.verdict], ["accepted", "refused"], `seed ${seed}`);
    }
    t.ok(checked > 10, `${checked} turns were checked`);
  });
