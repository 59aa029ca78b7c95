import { roleOf } from "../../diagnosis/lint/role.ts";
import { knownCertificate } from "../../diagnosis/lint/known-certificates.ts";
import { dateText, shortName } from "../../diagnosis/words.ts";
import type { StoreFile } from "../../truststore/truststore.ts";
import { type Certificate, sameKey } from "../../x509/certificate.ts";
import { namesEqual } from "../../x509/name.ts";
import type { Note, Refusal } from "./write-outcome.ts";

/** What speaks against taking a certificate into a store, and what there is to know about it. */
export interface Opinion {
  readonly refusals: readonly Refusal[];
  readonly notes: readonly Note[];
}

/**
 * Looks at a certificate before it becomes trusted. `force` turns what is refused as a mistake into a warning; a
 * certificate that is there already is refused in any case.
 * @param at ms since 1970
 */
export function opinionOn(
  certificate: Certificate,
  store: StoreFile,
  { force, at }: { readonly force: boolean; readonly at: number },
): Opinion {
  const refusals: Refusal[] = [];
  const notes: Note[] = [];
  const warn = (message: string): void => void notes.push({ message, isWarning: true });
  const name = shortName(certificate.subject);
  const objections = [leafObjection(certificate), knownObjection(certificate)].filter(
    (objection) => objection !== null,
  );
  for (const objection of objections)
    if (force) warn(`${objection.message}; added because of --force`);
    else refusals.push(objection);
  const twin = store.entries.find(
    ({ sha256, kind, visibleToJava }) =>
      sha256 === certificate.sha256 && kind.kind === "certificate" && visibleToJava.visible,
  );
  if (twin !== undefined)
    refusals.push({
      message: `${name} is in the store already${twin.alias === null ? "" : ` as '${twin.alias}'`}`,
      remedy: [],
    });
  if (certificate.notAfter < at)
    warn(`${name} expired on ${dateText(certificate.notAfter)}: only Java clients take it still`);
  if (certificate.notBefore > at)
    warn(`${name} is not valid before ${dateText(certificate.notBefore)}`);
  if (roleOf(certificate) === "self-signed-leaf")
    warn(`${name} is no CA: it stands for one server, and only until its next certificate`);
  if (roleOf(certificate) === "ca-without-signing")
    warn(`${name} lacks keyCertSign in its key usage: Java, OpenSSL and Go refuse what it signed`);
  notes.push(...kinNotes(certificate, store));
  notes.push({
    isWarning: false,
    message: `${name}: compare with the owner that this is its fingerprint, before any client uses the store`,
  });
  return { refusals, notes };
}

function leafObjection(certificate: Certificate): Refusal | null {
  if (roleOf(certificate) !== "leaf") return null;
  const name = shortName(certificate.subject);
  return {
    message: `${name} is a server's or user's own certificate, not a CA: Java would trust it until its next renewal on ${dateText(certificate.notAfter)} at the latest, OpenSSL and Node.js not at all`,
    remedy: [
      `Add the CA that issued it instead: ${certificate.issuer.text}, from its owner, after comparing the fingerprint`,
      "If it is to be pinned on purpose, repeat the command with --force",
    ],
  };
}

function knownObjection(certificate: Certificate): Refusal | null {
  const known = knownCertificate(certificate);
  if (known === null) return null;
  return {
    message: `${shortName(certificate.subject)} is ${known.what}`,
    remedy: ["If it is needed nevertheless, repeat the command with --force"],
  };
}

/** How it relates to certificates of the same name that the store holds. */
function kinNotes(certificate: Certificate, { entries }: StoreFile): readonly Note[] {
  const kin = entries.flatMap((entry) =>
    entry.certificate.ok &&
    entry.sha256 !== certificate.sha256 &&
    namesEqual(entry.certificate.value.subject, certificate.subject, "openssl")
      ? [{ entry, held: entry.certificate.value }]
      : [],
  );
  return kin.slice(0, 5).map(({ entry, held }) => ({
    isWarning: false,
    message: sameKey(held, certificate)
      ? `#${entry.index + 1} has the same name and key: the new certificate is another issue of it`
      : `#${entry.index + 1} has the same name and another key: keep both until no server uses the old one`,
  }));
}
