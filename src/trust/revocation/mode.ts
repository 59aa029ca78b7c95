import type { JudgeInput } from "../verdict.ts";
import { isEmpty, readEvidence, type RevocationEvidence } from "./evidence.ts";

/**
 * What a client was told about revocation: nothing, which is the default of every client; to ask about the leaf
 * (openssl -crl_check, the JDK's onlyCheckRevocationOfEECert); or about the whole chain (openssl -crl_check_all, the
 * JDK's com.sun.net.ssl.checkRevocation). Clients that cannot check ignore it.
 */
export type RevocationMode = "none" | "leaf" | "chain";

/** What a client checks, and with what. */
export interface RevocationTask {
  readonly scope: "leaf" | "chain";
  readonly evidence: RevocationEvidence;
}

/**
 * What a client checks; null for nothing. Revocation lists are given to clients that are told to use them, so without
 * a word about it they switch the check on.
 * @param usual what this client checks then
 */
export function revocationTask(input: JudgeInput, usual: "leaf" | "chain"): RevocationTask | null {
  const evidence = readEvidence(input);
  const mode = input.revocation ?? (evidence.lists.length > 0 ? usual : "none");
  return mode === "none" ? null : { scope: mode, evidence };
}

/** What the strict profile looks at: whatever there is. */
export function strictEvidence(input: JudgeInput): RevocationEvidence | null {
  const evidence = readEvidence(input);
  return input.revocation === "none" || isEmpty(evidence) ? null : evidence;
}
