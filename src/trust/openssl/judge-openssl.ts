import type { Certificate } from "../../x509/certificate.ts";
import { type Budget, BudgetExceeded } from "../budget.ts";
import type { ClientAnswer } from "../client-answer.ts";
import type { NameMatch } from "../name-match.ts";
import type { OpenSslRules } from "../profile.ts";
import { reason } from "../reason.ts";
import { revocationTask } from "../revocation/mode.ts";
import type { JudgeInput } from "../verdict.ts";
import { buildChain, type BuiltChain } from "./build-chain.ts";
import { checkExtensions } from "./check-extensions.ts";
import { checkRevocation, type OpenSslRevocation } from "./check-revocation.ts";
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
  const { path, errors } = verify(chain, leaf, context, opensslRevocation(input, rules));
  const [error] = errors;
  const name = input.host === null ? null : matchName(leaf, input.host, rules);
  return {
    path: error === undefined ? path : null,
    reason: error?.reason ?? null,
    nameMatch: name?.matches ?? null,
    pathMessage: error === undefined ? null : message(errors, rules),
    nameMessage: name === null || name.matches ? null : nameText(name.text, rules),
    nameFirst: rules.hostNames === "openssl" && error?.afterName === true,
  };
}

function matchName(leaf: Certificate, host: string, rules: OpenSslRules): NameMatch {
  return rules.hostNames === "node"
    ? matchNodeHostName(leaf, host)
    : matchHostName(leaf, host, rules);
}

/** Lists that are given to a command come with -crl_check; Node.js checks the whole chain with its option `crl`. */
function opensslRevocation(input: JudgeInput, rules: OpenSslRules): OpenSslRevocation | null {
  const task = revocationTask(input, rules.hostNames === "node" ? "chain" : "leaf");
  if (task === null) return null;
  const lists = task.evidence.lists.flatMap((read) => (read.ok ? [read.value] : []));
  return { scope: task.scope, lists };
}

/** An error and whether OpenSSL comes to it after it has checked the host name. */
type Found = VerifyError & { readonly afterName: boolean };

/** The chain, and the errors that matter: the first one, or all where the client's callback goes on. */
function verify(
  chain: readonly Certificate[],
  leaf: Certificate,
  context: OpenSslContext,
  revocation: OpenSslRevocation | null,
): { readonly path: readonly Certificate[]; readonly errors: readonly Found[] } {
  const built = buildChain(chain, context);
  const errors: Found[] = [];
  try {
    for (const error of errorsOf(built, leaf, context, revocation)) {
      errors.push(error);
      if (context.rules.hostNames === "openssl") break;
    }
  } catch (error) {
    // what was found before the work ended is enough for a refusal
    if (!(error instanceof BudgetExceeded) || errors.length === 0) throw error;
  }
  return { path: built.chain, errors };
}

/** X509_verify_cert and verify_chain, in their order, as a callback that goes on would see them. */
function* errorsOf(
  built: BuiltChain,
  leaf: Certificate,
  context: OpenSslContext,
  revocation: OpenSslRevocation | null,
): Generator<Found> {
  for (const error of checkLeafKey(leaf, context)) yield { ...error, afterName: false };
  if (built.error !== null) yield { ...built.error, afterName: false };
  for (const error of checkExtensions(built.chain, context)) yield { ...error, afterName: false };
  for (const error of checkSecurityLevel(built.chain, context))
    yield { ...error, afterName: false };
  const revoked = revocation === null ? null : checkRevocation(built.chain, revocation, context);
  if (revoked !== null) yield { ...revoked, afterName: true };
  for (const error of verifyChain(built.chain, context)) yield { ...error, afterName: true };
  for (const error of checkChainNames(built.chain, context)) yield { ...error, afterName: true };
}

/** What the client prints: OpenSSL's own programs the first error, Node.js, whose callback goes on, the last one. */
function message(errors: readonly VerifyError[], rules: OpenSslRules): string {
  const error = errors.at(rules.hostNames === "node" ? -1 : 0);
  if (error === undefined) return "";
  if (rules.hostNames === "node") return nodeMessage(error.number, error.text, rules);
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
