import type { Certificate } from "../../x509/certificate.ts";
import type { Budget } from "../budget.ts";
import type { ClientAnswer } from "../client-answer.ts";
import type { GoRules } from "../profile.ts";
import { reason } from "../reason.ts";
import type { JudgeInput } from "../verdict.ts";
import { buildChains, type Complaint, type GoSearch, validityComplaint } from "./build-chains.ts";
import { chainAllows, parseComplaint } from "./certificate-facts.ts";
import { matchHostName } from "./host-name.ts";

/** The answer of Certificate.Verify, and of VerifyHostname, which it calls between the leaf and the search. */
export function judgeGo(
  chain: readonly Certificate[],
  input: JudgeInput,
  options: { readonly rules: GoRules; readonly budget: Budget },
): ClientAnswer {
  const [leaf] = chain;
  if (leaf === undefined)
    return {
      path: null,
      reason: reason("chain-empty"),
      nameMatch: null,
      pathMessage: "tls: received empty certificates message",
      nameMessage: null,
    };
  const name = input.host === null ? null : matchHostName(leaf, input.host);
  const verified = verify(leaf, chain, input, options);
  return {
    path: verified.kind === "trusted" ? verified.path : null,
    reason: verified.kind === "trusted" ? null : verified.complaint.reason,
    nameMatch: name?.matches ?? null,
    pathMessage: verified.kind === "trusted" ? null : verified.complaint.text,
    nameMessage: name === null || name.matches ? null : name.text,
    nameFirst: verified.kind === "refused" && verified.afterName,
  };
}

type Verification =
  | { readonly kind: "trusted"; readonly path: readonly Certificate[] }
  | { readonly kind: "refused"; readonly complaint: Complaint; readonly afterName: boolean };

const refused = (complaint: Complaint, afterName: boolean): Verification => ({
  kind: "refused",
  complaint,
  afterName,
});

function verify(
  leaf: Certificate,
  chain: readonly Certificate[],
  { anchors, at, purpose }: JudgeInput,
  { rules, budget }: { readonly rules: GoRules; readonly budget: Budget },
): Verification {
  for (const [depth, certificate] of chain.entries()) {
    const text = parseComplaint(certificate);
    if (text === null) continue;
    const where = { sha256: certificate.sha256, depth, detail: text };
    return refused({ reason: reason("certificate-malformed", where), text }, false);
  }
  const search: GoSearch = {
    roots: anchors,
    intermediates: chain.slice(1),
    at,
    rules,
    budget,
    signatures: 0,
  };
  const early = validityComplaint(leaf, "leaf", [], search);
  if (early !== null) return refused(early, false);
  const isRoot = anchors.some(({ sha256 }) => sha256 === leaf.sha256);
  const { chains, error } = isRoot
    ? { chains: [[leaf]], error: null }
    : buildChains([leaf], search);
  if (error !== null) return refused(error, true);
  const path = chains.find((each) => chainAllows(each, purpose));
  return path === undefined
    ? refused(
        {
          reason: reason("extended-key-usage", { depth: 0 }),
          text: "x509: certificate specifies an incompatible key usage",
        },
        true,
      )
    : { kind: "trusted", path };
}
