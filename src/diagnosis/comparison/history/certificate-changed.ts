import { type Certificate, sameKey } from "../../../x509/certificate.ts";
import type { Finding } from "../../finding.ts";
import { makeFinding } from "../../make-finding.ts";
import type { Situation } from "../../situation.ts";
import { dateText, fingerprint, shortName } from "../../words.ts";
import { type PastChain, presentSince } from "./past-certificates.ts";

/** The server presents another certificate of the same CA than before: mostly a renewal (C17). */
export function certificateChanged(
  leaf: Certificate,
  { leaf: old }: PastChain,
  situation: Situation,
): Finding {
  const since = presentSince(situation);
  const key = sameKey(leaf, old) ? "the same key" : "a new key";
  return makeFinding("leaf.changed", {
    severity: "info",
    summary: `The certificate of ${shortName(leaf.subject)} changed on ${dateText(since)}: ${key}, same issuer, valid until ${dateText(leaf.notAfter)} instead of ${dateText(old.notAfter)}`,
    remedy: [
      `Where nobody renewed it, compare with the owner of the server that its SHA-256 fingerprint is ${fingerprint(leaf)}`,
    ],
    certificates: [leaf, old],
    time: since,
  });
}
