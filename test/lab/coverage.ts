import { readdirSync, readFileSync } from "node:fs";
import t from "tap";
import { CASE_IDS, type CaseId, UNSEEN_CASES } from "../../src/diagnosis/catalogue.ts";

/** Cases that no server and truststore made here can show, and the test that proves their finding. */
const ELSEWHERE: Readonly<Partial<Record<CaseId, string>>> = {
  // only CAs that Java distrusts by name, whose keys nobody has
  A18: "../diagnosis/own-facts.ts",
  // lies in the configuration of a system
  A24: "../estate/systems/liberty-checks.ts",
  // needs a history
  C17: "../diagnosis/comparison.ts",
};

const folder = new URL(".", import.meta.url);

t.test(
  "The lab has a scenario for every case of the catalogue that a probe can show",
  async (t) => {
    const built = new Set(
      readdirSync(folder)
        .filter((name) => name.endsWith("-side.ts"))
        .flatMap((name) => [
          ...readFileSync(new URL(name, folder), "utf8").matchAll(
            /(?:^ {4}id: |openLab\()["`]([A-F]\d+)\b/gm,
          ),
        ])
        .map(([, id]) => id),
    );
    for (const id of CASE_IDS) {
      const elsewhere = ELSEWHERE[id];
      const isUnseen = UNSEEN_CASES[id] !== undefined;
      t.equal(built.has(id), elsewhere === undefined && !isUnseen, id);
      if (elsewhere !== undefined)
        t.match(
          readFileSync(new URL(elsewhere, folder), "utf8"),
          /distrusted|filter-conflict|changed/,
          id,
        );
    }
  },
);
