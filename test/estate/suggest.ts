import t from "tap";
import { suggest } from "../../src/estate/suggest.ts";

void t.test("suggest() finds the word that was meant", async (t) => {
  const known = ["schedule", "thresholds", "truststores", "clients", "to", "from"];
  for (const [word, meant] of [
    ["shedule", "schedule"],
    ["scheduel", "schedule"],
    ["treshold", "thresholds"],
    ["trustStores", "truststores"],
    ["client", "clients"],
    ["ot", "to"],
    ["colour", null],
    ["", null],
    ["x".repeat(100_000), null],
  ] as const)
    t.equal(suggest(word, known), meant, word.slice(0, 20));
});
