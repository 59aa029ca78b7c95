import type { Finding } from "../../finding.ts";
import type { Situation } from "../../situation.ts";
import { certificateChanged } from "./certificate-changed.ts";
import { chainChanged } from "./chain-changed.ts";
import { intermediateDropped } from "./intermediate-dropped.ts";
import { issuerChanged } from "./issuer-changed.ts";
import { type PastChain, pastChains, presentSince } from "./past-certificates.ts";
import { rolledBack } from "./rolled-back.ts";
import { serialReused } from "./serial-reused.ts";
import { versionChanged } from "./version-changed.ts";

/** How long a change is reported while everything works, in milliseconds. */
const NEWS = 7 * 86_400_000;

/** Findings about what changed since an endpoint was looked at before; empty without a history. */
export function historyFindings(situation: Situation): readonly Finding[] {
  return [...chainChanges(situation), ...versionChanged(situation, NEWS)];
}

function chainChanges(situation: Situation): readonly Finding[] {
  const [leaf] = situation.sent;
  const past = pastChains(situation);
  const last = past.at(-1);
  if (leaf === undefined || last === undefined) return [];
  if (situation.verdict.trusted === true && situation.at - presentSince(situation) > NEWS)
    return [];
  const dropped = intermediateDropped(leaf, last, situation);
  const found = dropped === null ? [] : [dropped];
  if (last.leaf.sha256 === leaf.sha256)
    return dropped === null ? chainChanged(last, situation) : found;
  const twin = past.find(
    ({ leaf: old }) =>
      old.sha256 !== leaf.sha256 &&
      old.serialNumber === leaf.serialNumber &&
      old.issuer.text === leaf.issuer.text,
  );
  const newer = past.findLast(
    ({ leaf: old }) =>
      old.subject.text === leaf.subject.text &&
      old.issuer.text === leaf.issuer.text &&
      old.notBefore > leaf.notBefore &&
      old.notAfter > leaf.notAfter,
  );
  return [
    ...found,
    ...(twin === undefined ? [] : [serialReused(leaf, twin)]),
    newer === undefined ? changeOf(last, past, situation) : rolledBack(leaf, newer, situation),
  ].filter((finding) => finding !== null);
}

function changeOf(
  last: PastChain,
  past: readonly PastChain[],
  situation: Situation,
): Finding | null {
  const [leaf] = situation.sent;
  if (leaf === undefined) return null;
  if (last.leaf.issuer.text === leaf.issuer.text) return certificateChanged(leaf, last, situation);
  // after an interlude with another issuer everything is as it was
  const isBack = past.some(({ leaf: old }) => old.issuer.text === leaf.issuer.text);
  return isBack ? null : issuerChanged(leaf, last, situation);
}
