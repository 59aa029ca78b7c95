import { profileOf } from "../trust/profiles.ts";
import type { JudgeInput } from "../trust/verdict.ts";
import type { Certificate } from "../x509/certificate.ts";

/** The same question at another time, with the top of a path among the anchors, whatever else is wrong with it. */
export function anchoredInput(
  input: JudgeInput,
  path: readonly Certificate[],
  at: number,
): JudgeInput {
  const top = path.at(-1);
  const rules = input.rules ?? profileOf(input.profile);
  return {
    ...input,
    rules:
      rules.rules.kind === "openssl"
        ? { ...rules, rules: { ...rules.rules, partialChain: true } }
        : rules,
    chain: path.map(({ der }) => der),
    anchors: top === undefined ? input.anchors : [top],
    host: null,
    nameCheck: "none",
    at,
    crls: [],
    ocspResponses: [],
    revocation: "none",
  };
}
