import { type Certificate, isSelfIssued } from "../../x509/certificate.ts";
import { basicConstraints, valueOf } from "../../x509/extensions.ts";
import { namesEqual } from "../../x509/name.ts";
import { isSelfSigned, isSignedBy } from "../../x509/verify-signature.ts";
import type { LocatedAnchor, Situation } from "../situation.ts";
import { aliasFor, fingerprint, printable, shellWord, shortName } from "../words.ts";
import { certificateFileName, inFolder } from "./certificate-files.ts";
import { knownCertificates } from "./server-bundle.ts";
import { surroundingsOf } from "./surroundings.ts";
import { SYSTEMS } from "./system-table.ts";
import { keytoolExport } from "./tools/keytool.ts";
import { extractStep } from "./verify-step.ts";

/** How to make this client trust a certificate that is at hand, with the fingerprint to compare. */
export function importSteps(ca: Certificate, situation: Situation): readonly string[] {
  return [compareStep(ca), ...fileSteps(ca, situation), ...insertSteps(ca, situation)];
}

/**
 * How to make this client trust a CA of which the name is known. Where that CA is an intermediate that is at hand, its
 * root is meant: clients of the OpenSSL family accept nothing less, and intermediates change more often. Where its certificate is at hand after all (in another
 * store, sent along, fetched or seen elsewhere) that very certificate is recommended, with its fingerprint.
 */
export function importByNameSteps(
  issuer: Certificate["issuer"],
  situation: Situation,
): readonly string[] {
  const name = rootNameAbove(issuer, situation);
  const found = rootOfName(name, situation);
  const located = situation.elsewhere.find(
    ({ certificate }) => certificate.sha256 === found?.sha256,
  );
  if (located !== undefined) return copySteps(located, situation);
  if (found !== undefined) return importSteps(found, situation);
  const file = `${aliasFor(name)}.pem`;
  return [
    `Get the CA certificate ${printable(name.text)} from its owner, not from the connection, as ${file} (PEM), and compare its SHA-256 fingerprint with the owner: openssl x509 -in ${shellWord(file)} -noout -fingerprint -sha256`,
    ...placeSteps(file, { alias: freeAlias(name, "new", situation), role: "ca" }, situation),
  ];
}

/** How to copy an anchor that another store of the estate holds. */
export function copySteps(found: LocatedAnchor, situation: Situation): readonly string[] {
  const { certificate, store: source, alias } = found;
  const { folder } = surroundingsOf(situation);
  const file = certificateFileName(certificate);
  const path = found.file ?? source.path;
  const exported =
    folder !== null || path === null
      ? fileSteps(certificate, situation)
      : source.isJavaStore && alias !== null
        ? [keytoolExport(file, alias, { ...source, path })]
        : [
            `anchorwatch store extract ${shellWord(path)} ${certificate.sha256} --out ${shellWord(file)}`,
          ];
  return [...exported, compareStep(certificate), ...insertSteps(certificate, situation)];
}

/** How to take a certificate out of the client's store. */
export function removeSteps(certificate: Certificate, situation: Situation): readonly string[] {
  const { client } = surroundingsOf(situation);
  const located = situation.anchors.find((each) => each.certificate.sha256 === certificate.sha256);
  const { remove, restart } = SYSTEMS[client].client;
  return [
    ...remove({
      alias: located?.alias ?? null,
      fingerprint: fingerprint(certificate),
      store: located?.store ?? situation.store,
    }),
    ...restart,
  ];
}

/** The step without which nothing that came over the wire may be trusted. */
function compareStep(certificate: Certificate): string {
  return `Compare with the owner of ${shortName(certificate.subject)} that its SHA-256 fingerprint is ${fingerprint(certificate)}`;
}

function fileSteps(certificate: Certificate, situation: Situation): readonly string[] {
  const { folder } = surroundingsOf(situation);
  const name = certificateFileName(certificate);
  return folder === null
    ? [`Write it into the file ${name} with the next command`, extractStep(situation, ".")]
    : [`It is written into ${inFolder(folder, name)}`];
}

function insertSteps(ca: Certificate, situation: Situation): readonly string[] {
  const { folder } = surroundingsOf(situation);
  const file = inFolder(folder, certificateFileName(ca));
  const role = isAuthority(ca) ? "ca" : "server";
  return placeSteps(
    file,
    { alias: freeAlias(ca.subject, ca.sha256.slice(0, 8), situation), role },
    situation,
  );
}

function placeSteps(
  file: string,
  what: { readonly alias: string; readonly role: "ca" | "server" },
  situation: Situation,
): readonly string[] {
  const { client, isClientKnown } = surroundingsOf(situation);
  const { importCa, restart } = SYSTEMS[client].client;
  return [
    ...importCa({ file, ...what, store: situation.store, isKnown: isClientKnown }),
    ...restart,
  ];
}

/** Version 1 certificates cannot say what they are; a root of that age is one all the same. */
function isAuthority(certificate: Certificate): boolean {
  return certificate.version === 1 || valueOf(basicConstraints(certificate))?.ca === true;
}

/** keytool refuses an alias that is taken: a suffix makes a new one. */
function freeAlias(
  name: Certificate["subject"],
  suffix: string,
  { anchors, store }: Situation,
): string {
  const alias = aliasFor(name);
  const isTaken = anchors.some(
    (each) => each.store.name === store.name && each.alias?.toLowerCase() === alias,
  );
  return isTaken ? `${alias.slice(0, 51)}-${suffix}` : alias;
}

/** The name at which a chain of issuers at hand ends, from one of them upwards. */
function rootNameAbove(name: Certificate["issuer"], situation: Situation): Certificate["issuer"] {
  const known = knownCertificates(situation);
  const seen = new Set<string>();
  let top = name;
  for (;;) {
    const issuer = known.find(
      (candidate) => namesEqual(candidate.subject, top, "openssl") && isAuthority(candidate),
    );
    if (issuer === undefined || isSelfIssued(issuer) || seen.has(issuer.sha256)) return top;
    seen.add(issuer.sha256);
    top = issuer.issuer;
  }
}

/** A root of that name at hand that is valid, not in the store already, and issued something that is on the path. */
function rootOfName(name: Certificate["issuer"], situation: Situation): Certificate | undefined {
  const { anchors, sent, verdict, at } = situation;
  const stored = new Set(anchors.map(({ certificate }) => certificate.sha256));
  const children = [...sent, ...verdict.path];
  return knownCertificates(situation).find(
    (candidate) =>
      !stored.has(candidate.sha256) &&
      candidate.notBefore <= at &&
      at <= candidate.notAfter &&
      namesEqual(candidate.subject, name, "openssl") &&
      isAuthority(candidate) &&
      isSelfSigned(candidate) &&
      children.some((child) => child.sha256 !== candidate.sha256 && isSignedBy(child, candidate)),
  );
}
