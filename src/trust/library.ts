import type { Result } from "../x509/result.ts";
import { type ChainCase, type ChainCaseError, readChainCase } from "./chain-case.ts";
import { type Judgement, judgeWithBreak } from "./judge-with-break.ts";

/**
 * What the package offers to programs as `anchorwatch/trust`: chains judged as each client would. Everything here is documented in docs/library.md and keeps to semantic versioning.
 */
export { type Certificate, type CertificateError, parseCertificate } from "../x509/certificate.ts";
export { type PemBlock, type PemError, readPemBlocks } from "../x509/pem.ts";
export type { Result } from "../x509/result.ts";
export type { Break } from "./breaks-at.ts";
export type { ChainCase, ChainCaseError, Encoded } from "./chain-case.ts";
export { judge } from "./judge.ts";
export { type Judgement, judgeWithBreak } from "./judge-with-break.ts";
export type { CandidatePath, PathNode } from "./path-graph.ts";
export { isProfileName, PROFILE_NAMES, type ProfileName } from "./profile-names.ts";
export type { Profile } from "./profile.ts";
export { profileOf } from "./profiles.ts";
export type { Reason } from "./reason.ts";
export type { JudgeInput, NameCheck, Purpose, Verdict } from "./verdict.ts";

/**
 * Judges a chain as one client would and finds the moment at which an accepted chain turns bad.
 *
 * Does no I/O and reads no clock. Hostile certificates end in a verdict or an error, never in an exception.
 * @throws {TypeError} where a field has another type than declared
 */
export function judgeChain(data: ChainCase): Result<Judgement, ChainCaseError> {
  const input = readChainCase(data);
  return input.ok ? { ok: true, value: judgeWithBreak(input.value) } : input;
}
