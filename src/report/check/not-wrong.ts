import type { Assessment } from "../../diagnosis/assessment.ts";
import { counted, nameToCheck, printable } from "../../diagnosis/words.ts";
import { sentChain } from "./sent-chain.ts";
import { storeHoldings } from "./store-holdings.ts";

/**
 * What was looked at and is in order, so that nobody searches there; empty for links that work and where nothing could
 * be looked at.
 * @param at the moment for which was judged, ms since 1970
 */
export function notWrong(assessment: Assessment, at: number): readonly string[] {
  const { ok, handshake, verdict, findings, client } = assessment;
  if (ok || handshake.certificates.length === 0) return [];
  const troubles = findings.filter(({ severity }) => severity !== "info");
  const isFree = (prefix: string): boolean =>
    troubles.every(({ code }) => !code.startsWith(prefix));
  const isOnly = (prefix: string): boolean =>
    troubles.length > 0 && troubles.every(({ code }) => code.startsWith(prefix));
  const statements: string[] = [];
  // another hello than the client's own may have come through
  const isAgreed = isFree("handshake.") && isFree("topology.hello-dropped");
  if (handshake.outcome === "complete" && isAgreed)
    statements.push(
      `network and encryption: ${handshake.version ?? "the handshake"} is agreed on and complete`,
    );
  if (isOnly("truststore.")) statements.push("the certificates that the server sends");
  if (verdict?.nameMatch === true && isFree("name."))
    statements.push(`the name: the certificate is for ${printable(nameToCheck(handshake))}`);
  const dates = datesText(assessment, at);
  if (dates !== null && isFree("leaf.expir")) statements.push(dates);
  const holdings = storeHoldings(assessment);
  if (holdings !== null && holdings.total > 0 && isFree("truststore."))
    statements.push(
      `the truststore: ${counted(holdings.total, "CA")} ${holdings.total === 1 ? "was" : "were"} read from ${client.truststores.map(({ name }) => printable(name)).join(", ")}`,
    );
  if (!handshake.clientCertificateRequested && handshake.outcome === "complete")
    statements.push("client certificates: the server asks for none");
  return statements;
}

function datesText({ handshake }: Assessment, at: number): string | null {
  const sent = sentChain(handshake.certificates).flatMap(({ certificate }) =>
    certificate === null ? [] : [certificate],
  );
  const areValid = sent.every(({ notBefore, notAfter }) => notBefore <= at && at <= notAfter);
  if (sent.length === 0 || !areValid) return null;
  return sent.length === 1
    ? "the dates: the certificate is valid"
    : `the dates: ${sent.length === 2 ? "both" : `all ${sent.length}`} certificates sent are valid`;
}
