import { judge } from "../../src/trust/judge.ts";
import type { ProfileName } from "../../src/trust/profile-names.ts";
import type { JudgeInput, Verdict } from "../../src/trust/verdict.ts";
import { parseCertificate } from "../../src/x509/certificate.ts";
import { readPemBlocks } from "../../src/x509/pem.ts";
import { type CorpusCase, SCENARIO_TIME } from "../corpora.ts";

/** DER of the first block of a PEM text. */
export function derOf(pem: string): Uint8Array {
  const blocks = readPemBlocks(pem);
  const [first] = blocks.ok ? blocks.value : [];
  if (first === undefined) throw new Error("The corpus holds a text that is no PEM");
  return first.der;
}

/** A corpus case as input of the judge. */
export function corpusInput(profile: ProfileName, each: CorpusCase): JudgeInput {
  const host = each.expected_peer_name?.value ?? null;
  return {
    profile,
    chain: [each.peer_certificate, ...each.untrusted_intermediates].map(derOf),
    anchors: each.trusted_certs.flatMap((pem) => {
      const parsed = parseCertificate(derOf(pem));
      return parsed.ok ? [parsed.value] : [];
    }),
    host,
    nameCheck: host === null ? "none" : "https",
    purpose: each.validation_kind === "SERVER" ? "server" : "client",
    at: each.validation_time === null ? SCENARIO_TIME : Date.parse(each.validation_time),
    version: null,
    cipherSuite: null,
    maxPathLength: each.max_chain_depth,
    crls: (each.crls ?? []).map(derOf),
  };
}

/** The verdict of a profile on a corpus case. */
export function judgeCase(profile: ProfileName, each: CorpusCase): Verdict {
  return judge(corpusInput(profile, each));
}
