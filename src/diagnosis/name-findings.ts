import type { Certificate } from "../x509/certificate.ts";
import { subjectAltName, valueOf } from "../x509/extensions.ts";
import { formatGeneralName, parseAddress } from "../x509/general-name.ts";
import type { Finding } from "./finding.ts";
import { makeFinding } from "./make-finding.ts";
import type { Situation } from "./situation.ts";
import { nameToCheck, printable, shortName } from "./words.ts";

/** Findings about the name of the server, independent of trust. */
export function nameFindings(situation: Situation): readonly Finding[] {
  const [leaf] = situation.sent;
  if (leaf === undefined) return [];
  if (situation.verdict.nameMatch === false) return [mismatchFinding(leaf, situation)];
  return commonNameOnly(leaf) ? [commonNameFinding(leaf)] : [];
}

function mismatchFinding(
  leaf: Certificate,
  { handshake, checksName, verdict, profile }: Situation,
): Finding {
  const host = printable(nameToCheck(handshake));
  const names = namesOf(leaf);
  const isAddress = parseAddress(host) !== null;
  const covers = names.length === 0 ? "no name at all" : names.slice(0, 5).join(", ");
  const remedy = [
    isAddress
      ? `Connect by a name of the certificate, or have it re-issued with the address ${host} as iPAddress`
      : `Have the certificate re-issued with ${host} among its subjectAltNames, or connect by a name that it carries`,
    "Check that the server selects the intended certificate for this server name (SNI, virtual host)",
  ];
  if (!checksName)
    return makeFinding("name.unchecked-mismatch", {
      severity: "warning",
      summary: `The certificate is for ${covers}, not for ${host}; this client does not check names, so nothing fails until it does`,
      remedy: [...remedy, "Do this before an update of the client turns name checking on"],
      certificates: [leaf],
    });
  return makeFinding(isAddress ? "name.address-not-covered" : "name.mismatch", {
    severity: "critical",
    summary: `The certificate is for ${covers}, not for ${host}, so ${profile.title} refuses the connection`,
    remedy,
    certificates: [leaf],
    clientMessage: verdict.trusted === true ? verdict.clientMessage : null,
  });
}

function namesOf(leaf: Certificate): readonly string[] {
  const alternatives = valueOf(subjectAltName(leaf)) ?? [];
  const shown = alternatives
    .filter(({ kind }) => kind === "dns" || kind === "ip")
    .map((name) => printable(formatGeneralName(name).replace(/^(DNS|IP):/, "")));
  return shown.length > 0 ? shown : leaf.subject.rdns.length > 0 ? [shortName(leaf.subject)] : [];
}

function commonNameOnly(leaf: Certificate): boolean {
  const names = valueOf(subjectAltName(leaf)) ?? [];
  return !names.some(({ kind }) => kind === "dns" || kind === "ip");
}

function commonNameFinding(leaf: Certificate): Finding {
  return makeFinding("name.common-name-only", {
    severity: "info",
    summary: `The certificate names the server only in its CN; Go clients and browsers ignore that`,
    remedy: ["Have the certificate re-issued with a subjectAltName"],
    certificates: [leaf],
  });
}
