import type { Certificate } from "../../x509/certificate.ts";
import { type OpenSslContext, timeState, verifyError, type VerifyError } from "./context.ts";
import { VerifyErrors } from "./errors.ts";
import { likelyIssued, looksSelfSigned } from "./facts.ts";

/** The one chain that OpenSSL builds, and how much of it came from the peer. */
export interface BuiltChain {
  readonly chain: readonly Certificate[];
  /** Certificates at depth 0 … untrusted-1 came from the peer, the rest from the store. */
  readonly untrusted: number;
  readonly error: VerifyError | null;
}

/**
 * build_chain of x509_vfy.c (OpenSSL 3.0) with trusted-first: at every step the store is asked before the peer's
 * certificates, and an issuer once chosen is never reconsidered.
 * @param sent the chain as sent, leaf first
 */
export function buildChain(sent: readonly Certificate[], context: OpenSslContext): BuiltChain {
  const [leaf, ...others] = sent;
  if (leaf === undefined) return { chain: [], untrusted: 0, error: null };
  const chain: Certificate[] = [leaf];
  const remaining = [...others];
  let untrusted = 1;
  let askPeer = true;
  for (;;) {
    context.budget.step();
    const current = chain.at(-1);
    if (current === undefined) break;
    const selfSigned = looksSelfSigned(current);
    const issuer = chain.length > context.maxDepth ? undefined : trustedIssuer(current, context);
    if (issuer !== undefined) {
      const grown = adopt(chain, current, issuer, selfSigned, untrusted);
      if (grown !== "mimic") {
        untrusted = grown;
        askPeer = false;
        if (isTrusted(chain, untrusted, context)) return { chain, untrusted, error: null };
        if (!looksSelfSigned(chain.at(-1) ?? current)) continue;
      }
    }
    if (!askPeer) break;
    const next =
      selfSigned || chain.length > context.maxDepth
        ? undefined
        : peerIssuer(current, chain, remaining, context);
    if (next === undefined) {
      askPeer = false;
      break;
    }
    remaining.splice(remaining.indexOf(next), 1);
    chain.push(next);
    untrusted++;
  }
  return lastResort(chain, untrusted, context);
}

/** Adds a stored issuer, or exchanges a self-signed certificate for its stored twin; an imitation is left alone. */
function adopt(
  chain: Certificate[],
  current: Certificate,
  issuer: Certificate,
  selfSigned: boolean,
  untrusted: number,
): number | "mimic" {
  if (!selfSigned) {
    chain.push(issuer);
    return untrusted;
  }
  if (chain.length !== untrusted) return untrusted;
  if (issuer.sha256 !== current.sha256) return "mimic";
  chain[chain.length - 1] = issuer;
  return untrusted - 1;
}

/** X509_STORE_CTX_get1_issuer: the first one valid now, else the one that expired last. */
function trustedIssuer(subject: Certificate, context: OpenSslContext): Certificate | undefined {
  let best: Certificate | undefined;
  for (const candidate of context.store.bySubject(subject.issuer)) {
    if (!likelyIssued(candidate, subject)) continue;
    if (timeState(candidate, context.at) === "valid") return candidate;
    if (best === undefined || candidate.notAfter > best.notAfter) best = candidate;
  }
  return best;
}

function peerIssuer(
  subject: Certificate,
  chain: readonly Certificate[],
  remaining: readonly Certificate[],
  context: OpenSslContext,
): Certificate | undefined {
  let best: Certificate | undefined;
  for (const candidate of remaining) {
    if (!likelyIssued(candidate, subject)) continue;
    if (chain.some(({ sha256 }) => sha256 === candidate.sha256)) continue;
    if (timeState(candidate, context.at) === "valid") return candidate;
    if (best === undefined || candidate.notAfter > best.notAfter) best = candidate;
  }
  return best;
}

/** check_trust: a self-signed certificate of the store ends the path; with partial chains any of the store does. */
function isTrusted(
  chain: readonly Certificate[],
  untrusted: number,
  { rules }: OpenSslContext,
): boolean {
  const fromStore = chain.slice(untrusted);
  return (
    fromStore.some((each) => looksSelfSigned(each)) || (rules.partialChain && fromStore.length > 0)
  );
}

function lastResort(chain: Certificate[], untrusted: number, context: OpenSslContext): BuiltChain {
  const [leaf] = chain;
  if (context.rules.partialChain && untrusted === chain.length && leaf !== undefined) {
    const match = context.store.find(leaf);
    // the leaf alone is exchanged: what was found above it stays, and is checked
    if (match !== undefined)
      return { chain: [match, ...chain.slice(1)], untrusted: 0, error: null };
  }
  return { chain, untrusted, error: buildError(chain, untrusted, context) };
}

function buildError(
  chain: readonly Certificate[],
  untrusted: number,
  context: OpenSslContext,
): VerifyError {
  const depth = chain.length - 1;
  const certificate = chain.at(-1);
  const at = { certificate, depth };
  if (chain.length > context.maxDepth)
    return verifyError(VerifyErrors.chainTooLong, "chain-too-long", at);
  if (certificate !== undefined && looksSelfSigned(certificate))
    return depth === 0
      ? verifyError(VerifyErrors.depthZeroSelfSigned, "self-signed", at)
      : verifyError(VerifyErrors.selfSignedInChain, "self-signed-in-chain", at);
  return untrusted < chain.length
    ? verifyError(VerifyErrors.unableToGetIssuer, "partial-chain", at)
    : verifyError(VerifyErrors.unableToGetIssuerLocally, "issuer-unknown", at);
}
