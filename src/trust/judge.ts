import { internCertificate } from "../x509/certificate-cache.ts";
import type { Certificate } from "../x509/certificate.ts";
import { Budget, BudgetExceeded } from "./budget.ts";
import type { ClientAnswer } from "./client-answer.ts";
import { explorePaths } from "./explore-paths.ts";
import { judgeGo } from "./go/judge-go.ts";
import { judgeJava } from "./java/judge-java.ts";
import { judgeOpenSsl } from "./openssl/judge-openssl.ts";
import type { Profile } from "./profile.ts";
import { profileOf } from "./profiles.ts";
import { reason } from "./reason.ts";
import { allAsRenewed, asRenewed, type Renewed } from "./renewed.ts";
import { revocationOfPath } from "./revocation/check-path.ts";
import { isEmpty, readEvidence } from "./revocation/evidence.ts";
import type { RevocationStatement } from "./revocation/status.ts";
import { judgeStrict } from "./strict/judge-strict.ts";
import { vendorMessage } from "./vendor-words.ts";
import type { JudgeInput, Verdict } from "./verdict.ts";

/** A certificate of the message that is not one. */
interface Malformed {
  readonly depth: number;
  readonly message: string;
}

const NONE_RENEWED: Renewed = new Set();

/**
 * Judges one chain as one client would, and keeps every path that was possible with what spoils it.
 *
 * Pure: the same input gives the same verdict. Bounded: hostile chains end in `trusted: null`.
 */
export function judge(question: JudgeInput): Verdict {
  const { renewed = NONE_RENEWED } = question;
  const anchors = allAsRenewed(question.anchors, renewed);
  const input = anchors === question.anchors ? question : { ...question, anchors };
  const chain: Certificate[] = [];
  let malformed: Malformed | null = null;
  for (const [depth, der] of input.chain.entries()) {
    const parsed = internCertificate(der);
    if (parsed.ok) chain.push(asRenewed(parsed.value, renewed));
    else malformed ??= { depth, message: parsed.error.message };
  }
  const candidates = explorePaths(chain, input);
  const answer = malformed === null ? askClient(chain, input) : unreadable(malformed, input);
  const trusted = answer.reason?.code === "budget-exceeded" ? null : answer.path !== null;
  const nameRefused = input.nameCheck !== "none" && answer.nameMatch === false;
  const path = answer.path ?? candidates[0]?.nodes.map(({ certificate }) => certificate) ?? [];
  return {
    profile: input.profile,
    trusted,
    nameMatch: answer.nameMatch,
    accepted: trusted === true && !nameRefused,
    path,
    reason: answer.reason,
    candidates,
    clientMessage: wordsOf(input, answer, nameRefused, chain.at(-1)),
    revocation: revocationOf(path, chain, input),
  };
}

/** What lists and responses say about a path, whether this client asks or not. */
function revocationOf(
  path: readonly Certificate[],
  chain: readonly Certificate[],
  input: JudgeInput,
): readonly RevocationStatement[] {
  const evidence = readEvidence(input);
  if (isEmpty(evidence)) return [];
  return revocationOfPath(path, evidence, { others: [...chain, ...input.anchors], at: input.at });
}

/** The client's own text, or the product's where the rules are borrowed. */
function wordsOf(
  input: JudgeInput,
  answer: ClientAnswer,
  nameRefused: boolean,
  top: Certificate | undefined,
): string | null {
  const { words } = rulesOf(input);
  if (words === undefined) return messageOf(answer, nameRefused);
  if (answer.reason !== null)
    return vendorMessage(words, { kind: "path", reason: answer.reason, top });
  return nameRefused ? vendorMessage(words, { kind: "name", text: nameTextOf(answer) }) : null;
}

/** What a name message says behind the classes of its exceptions. */
function nameTextOf({ nameMessage }: ClientAnswer): string {
  return /: (?:\([a-z_]+\) )?([^\n]*)/.exec(nameMessage ?? "")?.[1] ?? "";
}

/** Of two faults the client prints the one that it meets first. */
function messageOf(
  { pathMessage, nameMessage, nameFirst = false }: ClientAnswer,
  nameRefused: boolean,
): string | null {
  const aboutName = nameRefused ? nameMessage : null;
  return nameFirst ? (aboutName ?? pathMessage) : (pathMessage ?? aboutName);
}

function rulesOf({ rules, profile }: JudgeInput): Profile {
  return rules ?? profileOf(profile);
}

function askClient(chain: readonly Certificate[], input: JudgeInput): ClientAnswer {
  const { rules } = rulesOf(input);
  const budget = new Budget();
  try {
    switch (rules.kind) {
      case "java":
        return judgeJava(chain, input, { rules, budget });
      case "openssl":
        return judgeOpenSsl(chain, input, { rules, budget });
      case "go":
        return judgeGo(chain, input, { rules, budget });
      case "strict":
        return judgeStrict(chain, input, { rules, budget });
    }
  } catch (error) {
    if (!(error instanceof BudgetExceeded)) throw error;
    return {
      path: null,
      reason: reason("budget-exceeded", { detail: error.message }),
      nameMatch: null,
      pathMessage: null,
      nameMessage: null,
    };
  }
}

/** Clients parse every certificate of the message before they judge; one that does not parse ends it. */
function unreadable({ depth, message }: Malformed, input: JudgeInput): ClientAnswer {
  const { rules } = rulesOf(input);
  return {
    path: null,
    reason: reason("certificate-malformed", { depth, detail: message }),
    nameMatch: null,
    pathMessage:
      rules.kind === "java"
        ? "javax.net.ssl.SSLHandshakeException: (bad_certificate) Failed to parse server certificates"
        : "error:0A00010E:SSL routines::bad certificate: the certificate cannot be parsed",
    nameMessage: null,
  };
}
