import t from "tap";
import { CONTESTS, type ContestName, openContest } from "./contests.ts";
import { printCase } from "./print-case.ts";
import { runContest } from "./run.ts";

/** How many cases each client gets here; `node test/differential/main.ts` asks as many as one likes. */
const CASES: Record<ContestName, number> = {
  "openjdk-17": 1500,
  "openjdk-25": 1500,
  "openjdk-17-sunx509": 700,
  "openssl-3": 250,
  "openssl-3-partial": 250,
  go: 1500,
};

const DAY = 86_400_000;

// other cases every day; a disagreement is repeated with the printed seed
const today = Math.floor(Date.now() / DAY);
const seed = Number(process.env["DIFFERENTIAL_SEED"] ?? today * 100_000);

for (const name of CONTESTS)
  t.test(`judge() as ${name} equals the real client on random estates`, async (t) => {
    const contest = await openContest(name);
    if (contest === undefined) {
      // JDK 25 is in no Debian release that this is tested on
      if (process.env["CI"] === "true" && name !== "openjdk-25")
        t.fail("The client is not installed");
      else t.plan(0, `The client of ${name} is not installed`);
      return;
    }
    t.teardown(contest.oracle.close);
    const outcome = await runContest(contest, {
      seed,
      cases: CASES[name],
      around: today * DAY,
      limit: 3,
      window: name.startsWith("openssl") ? 1 : 32,
    });
    t.comment(
      `${contest.oracle.version}, DIFFERENTIAL_SEED=${seed}: asked ${outcome.asked}, accepted ${outcome.accepted}, skipped ${outcome.skipped}`,
    );
    for (const { case: each, difference } of outcome.disagreements)
      t.comment(
        `${printCase(each, true)}\n  ours:   ${difference.ours}\n  theirs: ${difference.theirs}`,
      );
    t.same(
      outcome.disagreements.map((each) => each.case.seed),
      [],
      "no estate is judged differently",
    );
    t.ok(outcome.accepted * 20 > outcome.asked, "some estates are accepted");
  });
