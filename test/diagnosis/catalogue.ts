import t from "tap";
import { CASE_IDS, CATALOGUE, codesOfCase, UNSEEN_CASES } from "../../src/diagnosis/catalogue.ts";
import { FINDING_CODES } from "../../src/diagnosis/finding-codes.ts";

t.test("CATALOGUE has an entry for every finding code, in the order of the codes", async (t) => {
  t.same(Object.keys(CATALOGUE).toSorted(), [...FINDING_CODES].toSorted());
  for (const [code, { title, cases }] of Object.entries(CATALOGUE)) {
    t.match(title, /^[A-Z].*[^.]$/, `${code} has a title without a full stop`);
    t.ok(title.length <= 110, `the title of ${code} fits on a line`);
    for (const id of cases) t.ok(CASE_IDS.includes(id), `${id} is a case of the catalogue`);
    t.equal(new Set(cases).size, cases.length, `${code} names each case once`);
  }
});

t.test(
  "CATALOGUE leaves no case of the failure catalogue without a code or a reason",
  async (t) => {
    t.equal(CASE_IDS.length, 96);
    for (const id of CASE_IDS) {
      const codes = codesOfCase(id);
      const reason = UNSEEN_CASES[id];
      t.ok(codes.length > 0 || reason !== undefined, `${id} is covered`);
      t.notOk(codes.length > 0 && reason !== undefined, `${id} is not both covered and unseen`);
    }
  },
);
