import { anchorsFor } from "../../truststore/anchors.ts";
import type { IgnoredReason } from "../../truststore/anchors.ts";
import type { Certificate } from "../../x509/certificate.ts";
import { namesEqual } from "../../x509/name.ts";
import { isSignedBy } from "../../x509/verify-signature.ts";
import type { Finding } from "../finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import { importSteps } from "../remedies/anchor-steps.ts";
import type { Situation } from "../situation.ts";
import { IGNORED_WORDS } from "../visibility-words.ts";
import { printable, shortName } from "../words.ts";

/** A certificate of the client's own store that is no anchor for it. */
export interface UnseenEntry {
  readonly certificate: Certificate;
  readonly alias: string | null;
  readonly reason: IgnoredReason;
}

/** What the client's stores hold without the client seeing an anchor in it. */
export function unseenEntries({ truststores, profile }: Situation): readonly UnseenEntry[] {
  return truststores.flatMap(({ store }) =>
    store.ok
      ? anchorsFor(store.value, profile.storeFamily).ignored.flatMap(({ entry, reason }) =>
          reason !== "duplicate" && entry.certificate.ok
            ? [{ certificate: entry.certificate.value, alias: entry.alias, reason }]
            : [],
        )
      : [],
  );
}

/** The unseen entry that would complete a path: the certificate itself where it is a root, else its issuer. */
export function unseenIssuer(
  top: Certificate,
  isRoot: boolean,
  situation: Situation,
): UnseenEntry | undefined {
  return unseenEntries(situation).find(({ certificate }) =>
    isRoot
      ? certificate.sha256 === top.sha256
      : namesEqual(certificate.subject, top.issuer, "openssl") && isSignedBy(top, certificate),
  );
}

/** The store holds the CA in a form, or with a mark, that makes it no anchor for this client (A23). */
export function entryInvisibleFinding(entry: UnseenEntry, situation: Situation): Finding {
  const { store, profile } = situation;
  const { certificate, alias, reason } = entry;
  const where = alias === null ? store.name : `${store.name} (alias ${printable(alias)})`;
  return refusalFinding("truststore.entry-invisible", situation, {
    summary: `${where} holds ${shortName(certificate.subject)}, but it is no anchor for ${profile.title}: ${IGNORED_WORDS[reason]}; the server's chain is in order`,
    remedy: [...markSteps(reason), ...importSteps(certificate, situation)],
    certificates: [certificate],
    alias,
  });
}

/** How to set the mark that is missing, by the name that the product gives it. */
function markSteps(reason: IgnoredReason): readonly string[] {
  switch (reason) {
    case "not-flagged-trusted":
      return [
        "In a key database of IBM: gskcapicmd -cert -modify -db FILE -stashed -label LABEL -trust enable",
        "In a database of NSS: certutil -M -d FOLDER -n NICKNAME -t C,,",
      ];
    case "distrusted":
    case "trusted-peer-only":
      return ["In a database of NSS: certutil -M -d FOLDER -n NICKNAME -t C,,"];
    case "purpose-rejected":
    case "purpose-not-trusted":
      return [
        "openssl x509 -in ca.cer -clrtrust -clrreject -addtrust serverAuth -trustout -out ca.pem",
      ];
    default:
      return [];
  }
}
