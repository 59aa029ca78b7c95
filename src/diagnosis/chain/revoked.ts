import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { refusalFinding } from "../refusal-finding.ts";
import { listDefect, REVOKED_STEPS } from "../revocation-findings.ts";
import type { Situation } from "../situation.ts";
import { dateText, printable, shortName } from "../words.ts";

const nameOf = (certificate: Certificate | undefined): string =>
  certificate === undefined ? "a certificate" : shortName(certificate.subject);

/**
 * A certificate of the path is revoked, and this client looks at that (C13).
 * @param since RFC 3339; empty when it is not known
 */
export function revokedFinding(
  certificate: Certificate | undefined,
  since: string,
  situation: Situation,
): Finding {
  return refusalFinding("chain.revoked", situation, {
    summary: `${nameOf(certificate)} is revoked${since === "" ? "" : ` since ${dateText(Date.parse(since))}`}, and ${situation.profile.title} checks that`,
    remedy: REVOKED_STEPS,
    certificates: certificate === undefined ? [] : [certificate],
  });
}

/** What keeps a client that insists on it from finding out whether a certificate is revoked (C13, C14). */
export function statusUnknownFinding(
  certificate: Certificate | undefined,
  situation: Situation,
): Finding {
  const status = situation.verdict.revocation.find(
    (statement) => statement.certificate.sha256 === certificate?.sha256,
  )?.status;
  const { code, summary, remedy } =
    status?.kind === "unknown"
      ? listDefect(status.cause, nameOf(certificate), printable(status.detail))
      : listDefect("not-given", nameOf(certificate), "");
  return refusalFinding(code, situation, {
    summary,
    remedy,
    certificates: certificate === undefined ? [] : [certificate],
  });
}
