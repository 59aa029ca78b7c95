import type { Certificate } from "../../../x509/certificate.ts";
import { isSelfIssued } from "../../../x509/certificate.ts";
import type { Finding } from "../../finding.ts";
import { makeFinding } from "../../make-finding.ts";
import { verifyStep } from "../../remedies/verify-step.ts";
import type { Situation } from "../../situation.ts";
import { dateText, fingerprint, shortName } from "../../words.ts";
import { type PastChain, presentSince } from "./past-certificates.ts";

/** The server no longer sends an intermediate that it sent before, and that its certificate needs (C17, B1). */
export function intermediateDropped(
  leaf: Certificate,
  past: PastChain,
  situation: Situation,
): Finding | null {
  const sent = new Set(situation.sent.map(({ sha256 }) => sha256));
  const issuers = new Set([leaf, ...situation.sent].map(({ issuer }) => issuer.text));
  const present = new Set(situation.sent.map(({ subject }) => subject.text));
  const dropped = past.certificates.find(
    (each) =>
      !sent.has(each.sha256) &&
      !isSelfIssued(each) &&
      issuers.has(each.subject.text) &&
      !present.has(each.subject.text),
  );
  if (dropped === undefined) return null;
  const since = presentSince(situation);
  const name = shortName(dropped.subject);
  const works = situation.verdict.trusted === true;
  return makeFinding("chain.intermediate-dropped", {
    severity: works ? "warning" : "info",
    summary: `The server has not sent the intermediate ${name} since ${dateText(since)}; before, it did${works ? `, and clients that do not have it refuse the chain` : ""}`,
    remedy: [
      `Send ${name} (SHA-256 ${fingerprint(dropped)}) behind the server's certificate again: the renewal was installed without its chain`,
      verifyStep(situation),
    ],
    certificates: [dropped],
    time: since,
  });
}
