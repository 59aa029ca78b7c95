import type { Certificate } from "../../x509/certificate.ts";
import type { Budget } from "../budget.ts";
import type { ClientAnswer } from "../client-answer.ts";
import type { JavaRules } from "../profile.ts";
import { reason } from "../reason.ts";
import { revocationTask } from "../revocation/mode.ts";
import type { JudgeInput } from "../verdict.ts";
import { indexAnchors, type JavaContext } from "./context.ts";
import { JavaCrash } from "./crash.ts";
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
    revocation: revocationTask(input, "chain"),
    leaf: { addedName: null },
  };
  const outcome = decide(chain, context, input);
  const [leaf] = chain;
  const name =
    leaf === undefined || input.host === null
      ? null
      : matchHostName(leaf, input.host, {
          rules,
          nameCheck: input.nameCheck,
          addedName: outcome.kind === "trusted" ? context.leaf.addedName : null,
        });
  const nameText =
    name === null || name.matches ? null : nameMessage(name.text, name.causes, rules);
  const answer = { nameMatch: name?.matches ?? null, nameMessage: nameText };
  return outcome.kind === "trusted"
    ? { ...answer, path: outcome.path, reason: null, pathMessage: null }
    : {
        ...answer,
        path: null,
        reason: outcome.refusal.reason,
        pathMessage: refusalMessage(outcome.refusal, rules),
      };
}

function decide(
  chain: readonly Certificate[],
  context: JavaContext,
  input: JudgeInput,
): JavaOutcome {
  const early = checkStore(context) ?? checkMessage(chain, context.rules, input.version !== null);
  if (early !== null) return { kind: "refused", refusal: early };
  try {
    return context.rules.validator === "pkix"
      ? validatePkix(chain, context)
      : validateSimple(chain, context);
  } catch (error) {
    if (!(error instanceof JavaCrash)) throw error;
    const [outermost = "", ...causes] = error.exceptions;
    return {
      kind: "refused",
      refusal: refusal(
        "crash",
        reason("name-constraints-unsupported", { detail: error.message }),
        outermost,
        causes,
      ),
    };
  }
}

/** A store with a certificate that the JDK cannot read does not load at all. */
function checkStore({ anchors, rules }: JavaContext): Refusal | null {
  const unreadable = anchors.unreadable(rules.wording);
  if (unreadable === null) return null;
  const [outermost = "", ...causes] = unreadable;
  return refusal(
    "unreadable-store",
    reason("no-anchors", { detail: `the store does not load: ${outermost}` }),
    outermost,
    causes,
  );
}

/** What fails before any trust decision: the length of the message, certificates that do not parse. */
function checkMessage(
  chain: readonly Certificate[],
  rules: JavaRules,
  onTheWire: boolean,
): Refusal | null {
  if (onTheWire && chain.length > rules.maxChainLength)
    return refusal(
      "protocol",
      reason("chain-too-long", { detail: `${chain.length} certificates` }),
      // it counts no further than the first one too many
      `The certificate chain length (${rules.maxChainLength + 1}) exceeds the maximum allowed length (${rules.maxChainLength})`,
    );
  for (const [depth, certificate] of chain.entries()) {
    const cause = checkParsable(certificate, depth, rules.wording);
    if (cause !== null) return cause;
  }
  return null;
}
