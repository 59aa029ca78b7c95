import type { Certificate } from "../../../x509/certificate.ts";
import { ORGANIZATION } from "../../../x509/oids.ts";
import type { Name } from "../../../x509/name.ts";
import type { Finding } from "../../finding.ts";
import { makeFinding } from "../../make-finding.ts";
import type { Situation } from "../../situation.ts";
import { dateText, fingerprint, printable } from "../../words.ts";
import { type PastChain, presentSince } from "./past-certificates.ts";

/** The server presents a certificate of another CA than before (C17): wanted, or a sign of a device on the way. */
export function issuerChanged(
  leaf: Certificate,
  { leaf: old }: PastChain,
  situation: Situation,
): Finding {
  const since = presentSince(situation);
  // CAs change their intermediates all the time
  const sameOwner = ownerOf(leaf.issuer) !== null && ownerOf(leaf.issuer) === ownerOf(old.issuer);
  const isRefused = situation.verdict.trusted !== true;
  return makeFinding("leaf.issuer-changed", {
    // a refusal is reported as what it is; the change tells where it comes from
    severity: sameOwner || isRefused ? "info" : "warning",
    summary: `The issuer of the server's certificate changed on ${dateText(since)}: ${printable(old.issuer.text)} before, ${printable(leaf.issuer.text)} now`,
    remedy: [
      "Ask the owner of the server whether the CA was changed; where it was not, something on the way presents a certificate of its own",
      `Compare with the owner of the server that the SHA-256 fingerprint of its certificate is ${fingerprint(leaf)}`,
    ],
    certificates: [leaf, old],
    time: since,
  });
}

function ownerOf(name: Name): string | null {
  const owner = name.rdns.flat().find(({ type }) => type === ORGANIZATION)?.text;
  return owner === undefined || owner === "" ? null : owner.toLowerCase();
}
