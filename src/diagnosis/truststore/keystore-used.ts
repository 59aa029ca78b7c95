import type { Certificate } from "../../x509/certificate.ts";
import { locate } from "../certificate-facts.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import { importByNameSteps } from "../remedies/anchor-steps.ts";
import { verifyStep } from "../remedies/verify-step.ts";
import type { Situation } from "../situation.ts";
import { dateText } from "../words.ts";
import { rootSteps } from "./root-steps.ts";

/**
 * Whether all that a client sees in its stores belongs to private keys: somebody's keystore serves as truststore, and of
 * a key's chain only the first certificate counts (sun.security.validator.TrustStoreUtil).
 */
export function isKeystoreOnly({ truststores, anchors }: Situation): boolean {
  if (anchors.length === 0) return false;
  const entries = truststores.flatMap(({ store }) =>
    store.ok ? store.value.files.flatMap((file) => file.entries) : [],
  );
  const ofKeys = new Set(
    entries.filter(({ kind }) => kind.kind === "key").map(({ sha256 }) => sha256),
  );
  return anchors.every(({ certificate }) => ofKeys.has(certificate.sha256));
}

/** A server's keystore is the truststore: works by its own certificate, until that is renewed (A10). */
export function keystoreUsedFinding(leaf: Certificate, situation: Situation): Finding {
  const { store } = situation;
  return makeFinding("truststore.keystore-used", {
    severity: "warning",
    summary: `${store.name} is the keystore of a server: its only anchor is that server's own certificate (valid until ${dateText(leaf.notAfter)}), so the link works until the certificate is renewed`,
    remedy: [...rootSteps(leaf, situation), verifyStep(situation)],
    certificates: [leaf],
    truststore: store.name,
    alias: locate(leaf, situation)?.alias ?? null,
    time: leaf.notAfter,
  });
}

/** A keystore is the truststore, and the CA in its key's chain does not count. */
export function keystoreUsedInVainFinding(top: Certificate, situation: Situation): Finding {
  const { store, profile } = situation;
  return refusalFinding("truststore.keystore-used", situation, {
    summary: `${store.name} is a keystore without an entry for a trusted CA: of the chain of a private key, ${profile.title} takes the first certificate only, so that ${top.issuer.text} does not count`,
    remedy: importByNameSteps(top.issuer, situation),
    certificates: [top],
  });
}
