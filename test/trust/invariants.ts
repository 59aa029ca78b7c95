import t from "tap";
import fc from "fast-check";
import { judge } from "../../src/trust/judge.ts";
import type { JudgeInput } from "../../src/trust/verdict.ts";
import { readCases, requireShared } from "../corpora.ts";
import { corpusInput } from "./corpus-judge.ts";

t.test("judge() as openssl-3 does not depend on the order of the sent issuers", async (t) => {
  const corpus = requireShared(t, "corpora/scenarios-dev.json");
  if (corpus === undefined) return;
  for (const each of readCases(corpus).filter(
    ({ untrusted_intermediates: sent }) => sent.length > 1,
  )) {
    const input = corpusInput("openssl-3", each);
    const [leaf, ...issuers] = input.chain;
    if (leaf === undefined) continue;
    const reversed: JudgeInput = { ...input, chain: [leaf, ...issuers.toReversed()] };
    t.equal(judge(reversed).accepted, judge(input).accepted, each.id);
  }
});

t.test(
  "judge() gives every candidate path from the leaf, and the accepted path ends at an anchor",
  async (t) => {
    const corpus = requireShared(t, "corpora/scenarios-dev.json");
    if (corpus === undefined) return;
    for (const each of readCases(corpus)) {
      for (const profile of ["openjdk-17", "openssl-3", "openjdk-17-sunx509"] as const) {
        const input = corpusInput(profile, each);
        const { trusted, path, candidates, reason } = judge(input);
        t.ok(
          candidates.every(({ nodes }) => nodes[0]?.certificate.sha256 === path[0]?.sha256),
          `${each.id}: candidates start at the leaf`,
        );
        if (trusted === true) {
          const last = path.at(-1);
          t.ok(
            input.anchors.some(({ sha256 }) => sha256 === last?.sha256),
            `${each.id}: ends at an anchor`,
          );
          t.equal(reason, null);
        } else t.not(reason, null, `${each.id}: a refusal has a reason`);
      }
    }
  },
);

t.test("judge() answers damaged chains with data and never throws", async (t) => {
  const corpus = requireShared(t, "corpora/scenarios-dev.json");
  if (corpus === undefined) return;
  const cases = readCases(corpus).slice(0, 12);
  fc.assert(
    fc.property(
      fc.nat(cases.length - 1),
      fc.nat(4000),
      fc.nat(255),
      fc.constantFrom("openjdk-17", "openjdk-25", "openssl-3", "openjdk-17-sunx509" as const),
      (index, offset, octet, profile) => {
        const each = cases[index];
        if (each === undefined) return;
        const input = corpusInput(profile, each);
        const [leaf, ...issuers] = input.chain;
        const damaged = Uint8Array.from(leaf ?? []);
        damaged[offset % damaged.length] = octet;
        const verdict = judge({ ...input, chain: [damaged, ...issuers] });
        if (verdict.trusted === true && verdict.reason !== null)
          throw new Error("Trusted with a reason");
      },
    ),
    { numRuns: 300, seed: 20_261_121 },
  );
  t.pass("300 damaged chains were judged");
});
