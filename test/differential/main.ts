/*
 * Holds the judges against real clients on random estates:
 *   node test/differential/main.ts [--cases 20000] [--seed N] [--client NAME]... [--limit 20] [--certificates]
 * Exits with 1 when there is a disagreement.
 */
import { parseArgs } from "node:util";
import { CONTESTS, openContest } from "./contests.ts";
import { printCase } from "./print-case.ts";
import { runContest } from "./run.ts";

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "20000" },
    seed: { type: "string", default: String(Date.now() % 1_000_000_000) },
    client: { type: "string", multiple: true },
    limit: { type: "string", default: "20" },
    certificates: { type: "boolean", default: false },
    raw: { type: "boolean", default: false },
  },
});
const around = Math.floor(Date.now() / 86_400_000) * 86_400_000;
const wanted = CONTESTS.filter((name) => values.client?.includes(name) ?? true);
let failed = false;
for (const name of wanted) {
  // oxlint-disable-next-line no-await-in-loop -- one client after the other
  const contest = await openContest(name);
  if (contest === undefined) {
    console.log(`${name}: not installed`);
    continue;
  }
  const started = performance.now();
  // oxlint-disable-next-line no-await-in-loop -- as above
  const outcome = await runContest(contest, {
    seed: Number(values.seed),
    cases: Number(values.cases),
    around,
    limit: Number(values.limit),
    shrinks: !values.raw,
    window: name.startsWith("openssl") ? 1 : 32,
  });
  // oxlint-disable-next-line no-await-in-loop -- as above
  await contest.oracle.close();
  for (const { case: each, difference } of outcome.disagreements)
    console.log(
      `${name} disagrees (${difference.kind})\n${printCase(each, values.certificates)}\n  ours:   ${difference.ours.replaceAll("\n", "\n          ")}\n  theirs: ${difference.theirs.replaceAll("\n", "\n          ")}\n`,
    );
  failed ||= outcome.disagreements.length > 0;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `${name} ${contest.oracle.version}: seed ${values.seed}, asked ${outcome.asked}, accepted ${outcome.accepted}, refused ${outcome.refused}, skipped ${outcome.skipped}, disagreements ${outcome.disagreements.length}, ${seconds} s`,
  );
}
process.exitCode = failed ? 1 : 0;
