import t from "tap";
import { ClockProblem } from "../../src/daemon/clock-problem.ts";
import { Health } from "../../src/daemon/health.ts";
import { FakeClock } from "./fake-clock.ts";
import { silent } from "./samples.ts";

t.test("ClockProblem tells of a clock that was set, for an hour", async (t) => {
  const clock = new FakeClock();
  const health = new Health(clock, silent);
  const problem = new ClockProblem(clock, health);
  problem.set(5000);
  t.same(health.problems, [], "a clock that is kept right is no problem");
  problem.set(3 * 86_400_000);
  t.match(health.problems, [{ code: "clock-set", message: /went forth by 3 days at once/ }]);
  await clock.advance(1_800_000);
  problem.set(-7_200_000);
  t.match(health.problems, [{ code: "clock-set", message: /went back by 2 hours at once/ }]);
  await clock.advance(3_599_999);
  t.equal(health.problems.length, 1);
  await clock.advance(1);
  t.same(health.problems, []);
  problem.set(90_000);
  problem.close();
  t.equal(clock.timers, 0);
});
