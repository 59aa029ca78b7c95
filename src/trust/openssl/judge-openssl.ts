import type { Certificate } from "../../x509/certificate.ts";
import type { Budget } from "../budget.ts";
import type { ClientAnswer } from "../client-answer.ts";
import type { NameMatch } from "../name-match.ts";
import type { OpenSslRules } from "../profile.ts";
import { reason } from "../reason.ts";
import type { JudgeInput } from "../verdict.ts";
import { buildChain } from "./build-chain.ts";
import { checkExtensions } from "./check-extensions.ts";
import { indexStore, type OpenSslContext, type VerifyError } from "./context.ts";
import { VerifyErrors } from "./errors.ts";
import { matchHostName } from "./host-name.ts";
import { checkChainNames } from "./name-constraints.ts";
import { matchNodeHostName } from "./node-host-name.ts";
import { nodeMessage } from "./node-messages.ts";
import { checkLeafKey, checkSecurityLevel } from "./security-level.ts";
import { verifyChain } from "./verify-chain.ts";

/** Certificates allowed above the leaf by default (X509_VERIFY_PARAM depth). */
const DEFAULT_DEPTH = 100;

/** The answer of X509_verify_cert, and of the host check that its caller makes. */
export function judgeOpenSsl(
  chain: readonly Certificate[],
  input: JudgeInput,
  options: { readonly rules: OpenSslRules; readonly budget: Budget },
): ClientAnswer {
  const { rules, budget } = options;
  const [leaf] = chain;
  if (leaf === undefined)
    return {
      path: null,
      reason: reason("chain-empty"),
      nameMatch: null,
      pathMessage: "no peer certificate available",
      nameMessage: null,
    };
  const context: OpenSslContext = {
    rules,
    budget,
    at: input.at,
    purpose: input.purpose,
    store: indexStore(input.anchors),
    maxDepth: (input.maxPathLength ?? DEFAULT_DEPTH) + 1,
  };
  const { path, error } = verify(chain, leaf, context);
  const name = input.host === null ? null : matchName(leaf, input.host, rules);
  return {
    path: error === null ? path : null,
    reason: error?.reason ?? null,
    nameMatch: name?.matches ?? null,
    pathMessage: error === null ? null : message(error, rules),
    nameMessage: name === null || name.matches ? null : nameText(name.text, rules),
  };
}

function matchName(leaf: Certificate, host: string, rules: OpenSslRules): NameMatch {
  return rules.hostNames === "node"
    ? matchNodeHostName(leaf, host)
    : matchHostName(leaf, host, rules);
}

/** X509_verify_cert and verify_chain, in their order. */
function verify(
  chain: readonly Certificate[],
  leaf: Certificate,
  context: OpenSslContext,
): { readonly path: readonly Certificate[]; readonly error: VerifyError | null } {
  const weak = checkLeafKey(leaf, context);
  if (weak !== null) return { path: [leaf], error: weak };
  const built = buildChain(chain, context);
  const error =
    built.error ??
    checkExtensions(built, context) ??
    checkSecurityLevel(built.chain, context) ??
    verifyChain(built.chain, context) ??
    checkChainNames(built.chain, context);
  return { path: built.chain, error };
}

function message(error: VerifyError, rules: OpenSslRules): string {
  if (rules.hostNames === "node") return nodeMessage(error.number, error.text);
  return `verify error:num=${error.number}:${error.text}${error.reason.depth === null ? "" : ` (depth ${error.reason.depth})`}`;
}

function nameText(text: string, rules: OpenSslRules): string {
  if (rules.hostNames === "node") return text;
  const number =
    text === VerifyErrors.addressMismatch[1]
      ? VerifyErrors.addressMismatch[0]
      : VerifyErrors.hostNameMismatch[0];
  return `verify error:num=${number}:${text} (depth 0)`;
}
