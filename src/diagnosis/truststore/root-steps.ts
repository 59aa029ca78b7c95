import { type Certificate, isSelfIssued } from "../../x509/certificate.ts";
import { namesEqual } from "../../x509/name.ts";
import { isSelfSigned, isSignedBy } from "../../x509/verify-signature.ts";
import { copySteps, importByNameSteps, importSteps } from "../remedies/anchor-steps.ts";
import type { Situation } from "../situation.ts";

/** The certificate furthest up that what was sent leads to. */
function topOf(leaf: Certificate, sent: readonly Certificate[]): Certificate {
  const seen = new Set([leaf.sha256]);
  let top = leaf;
  for (;;) {
    const child = top;
    const issuer = sent.find(
      (each) =>
        !seen.has(each.sha256) &&
        namesEqual(each.subject, child.issuer, "openssl") &&
        isSignedBy(child, each),
    );
    if (issuer === undefined) return top;
    seen.add(issuer.sha256);
    top = issuer;
  }
}

/**
 * How to put the root above a certificate into the store: from another store of the estate that holds it, else from
 * its owner. Never an intermediate, which OpenSSL and Node.js would not accept.
 */
export function rootSteps(leaf: Certificate, situation: Situation): readonly string[] {
  const top = topOf(leaf, situation.sent);
  const found = situation.elsewhere.find(
    ({ certificate }) =>
      isSelfIssued(certificate) &&
      namesEqual(certificate.subject, top.issuer, "openssl") &&
      isSignedBy(top, certificate),
  );
  if (found !== undefined) return copySteps(found, situation);
  return isSelfSigned(top) && top.sha256 !== leaf.sha256
    ? importSteps(top, situation)
    : importByNameSteps(top.issuer, situation);
}
