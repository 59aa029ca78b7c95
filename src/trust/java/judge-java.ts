import type { Certificate } from "../../x509/certificate.ts";
import { nameConstraints } from "../../x509/extensions.ts";
import type { Budget } from "../budget.ts";
import type { ClientAnswer } from "../client-answer.ts";
import type { JavaRules } from "../profile.ts";
import { reason } from "../reason.ts";
import type { JudgeInput } from "../verdict.ts";
import { indexAnchors, type JavaContext } from "./context.ts";
import { matchHostName } from "./host-name.ts";
import { nameMessage, refusalMessage } from "./messages.ts";
import { checkParsable } from "./parse-refusals.ts";
import { type JavaOutcome, validatePkix } from "./pkix-validator.ts";
import { refusal, type Refusal } from "./refusal.ts";
import { validateSimple } from "./simple-validator.ts";

/** The answer of a JSSE client: X509TrustManagerImpl.checkServerTrusted and what precedes it in the handshake. */
export function judgeJava(
  chain: readonly Certificate[],
  input: JudgeInput,
  options: { readonly rules: JavaRules; readonly budget: Budget },
): ClientAnswer {
  const { rules, budget } = options;
  const context: JavaContext = {
    rules,
    budget,
    at: input.at,
    purpose: input.purpose,
    anchors: indexAnchors(input.anchors),
    version: input.version,
    cipherSuite: input.cipherSuite,
    maxPathLength: input.maxPathLength,
  };
  const early = checkMessage(chain, rules, input.version !== null);
  const outcome: JavaOutcome =
    early !== null
      ? { kind: "refused", refusal: early }
      : rules.validator === "pkix"
        ? validatePkix(chain, context)
        : validateSimple(chain, context);
  const [leaf] = chain;
  const constraintsEvaluated =
    outcome.kind === "trusted" &&
    outcome.path.slice(1, -1).some((each) => nameConstraints(each).state === "present");
  const name =
    leaf === undefined || input.host === null
      ? null
      : matchHostName(leaf, input.host, {
          rules,
          nameCheck: input.nameCheck,
          constraintsEvaluated,
        });
  const nameText = name === null || name.matches ? null : name.text;
  return outcome.kind === "trusted"
    ? {
        path: outcome.path,
        reason: null,
        nameMatch: name?.matches ?? null,
        pathMessage: null,
        nameMessage: nameText === null ? null : nameMessage(nameText, rules),
      }
    : {
        path: null,
        reason: outcome.refusal.reason,
        nameMatch: name?.matches ?? null,
        pathMessage: refusalMessage(outcome.refusal, rules),
        nameMessage: nameText === null ? null : nameMessage(nameText, rules),
      };
}

/** What fails before any trust decision: the length of the message, certificates that do not parse. */
function checkMessage(
  chain: readonly Certificate[],
  rules: JavaRules,
  onTheWire: boolean,
): Refusal | null {
  if (onTheWire && chain.length > rules.maxChainLength)
    return refusal(
      "parse",
      reason("chain-too-long", { detail: `${chain.length} certificates` }),
      `The certificate chain length (${chain.length}) exceeds the maximum allowed length (${rules.maxChainLength})`,
    );
  for (const [depth, certificate] of chain.entries()) {
    const cause = checkParsable(certificate, depth);
    if (cause !== null) return cause;
  }
  return null;
}
