import { judge } from "../../src/trust/judge.ts";
import type { Profile } from "../../src/trust/profile.ts";
import type { JudgeInput, Verdict } from "../../src/trust/verdict.ts";
import { internCertificate } from "../../src/x509/certificate-cache.ts";
import type { Answer } from "./answer.ts";
import { encodeCertificate } from "./certificate-spec.ts";
import type { EstateCase } from "./estate.ts";

/** The case as input of the judge. */
export function caseInput(each: EstateCase, profile: Profile): JudgeInput {
  return {
    profile: profile.name,
    rules: profile,
    chain: each.chain.map(encodeCertificate),
    anchors: each.anchors.flatMap((spec) => {
      const parsed = internCertificate(encodeCertificate(spec));
      return parsed.ok ? [parsed.value] : [];
    }),
    host: each.host,
    nameCheck: each.host === null ? "none" : "https",
    purpose: "server",
    at: each.at,
    version: null,
    cipherSuite: null,
    maxPathLength: null,
  };
}

/** Where judge and client differ; null when they agree. */
export interface Difference {
  readonly kind: "verdict" | "message";
  readonly ours: string;
  readonly theirs: string;
}

/** Holds a verdict against a real answer: accepted or not, then the words. */
export function compare(verdict: Verdict, answer: Answer, isJava: boolean): Difference | null {
  if (answer.verdict === "skipped") return null;
  const ours = verdict.accepted ? "" : ourWords(verdict, isJava);
  const theirs = answer.lines.map(withoutAddresses).join("\n");
  const accepted = answer.verdict === "accepted";
  if (verdict.accepted !== accepted)
    return { kind: "verdict", ours: ours || "accepted", theirs: theirs || "accepted" };
  return accepted || ours === theirs ? null : { kind: "message", ours, theirs };
}

/** The judge prints the handshake's exception first, the trust manager's own ones follow. */
function ourWords({ clientMessage }: Verdict, isJava: boolean): string {
  const lines = (clientMessage ?? "").split("\nCaused by: ");
  return isJava ? lines.slice(1).join("\n") : lines.join("\n");
}

/** Object addresses differ from run to run. */
const withoutAddresses = (line: string): string => line.replaceAll(/@[0-9a-f]{4,8}\b/g, "@0");

/** Judges a case and compares. */
export function differenceOf(
  each: EstateCase,
  answer: Answer,
  profile: Profile,
): Difference | null {
  return compare(judge(caseInput(each, profile)), answer, profile.rules.kind === "java");
}
