import { cipherSuiteFacts } from "../tls/cipher-suite-facts.ts";
import { buildHello } from "../tls/hello-builder.ts";
import type { HelloShape } from "../tls/hello-shape.ts";
import { SIGNATURE_SCHEMES, signatureSchemeName } from "../tls/signature-schemes.ts";
import { singleHello } from "../tls/single-hello.ts";
import { Version, versionName } from "../tls/versions.ts";
import type { Interview } from "./interview.ts";
import { shrink } from "./shrink.ts";
import type { SchemeSurvey, SurveyedVersion } from "./survey-record.ts";

const ALL = SIGNATURE_SCHEMES.map(({ code }) => code);
const OF_TLS13 = SIGNATURE_SCHEMES.filter(({ tls13 }) => tls13).map(({ code }) => code);

/** Finds the schemes with which a server signs in TLS 1.3; those inside certificates are not restricted. */
export function surveySchemes13(interview: Interview): Promise<SchemeSurvey> {
  return surveySchemes(interview, Version.tls13, OF_TLS13, (signatureSchemes) => ({
    ...buildHello({ versions: [Version.tls13], signatureSchemes }),
    certificateSignatureSchemes: ALL,
  }));
}

/** Finds them in TLS 1.2; null when none of its suites signs anything. */
export async function surveySchemes12(
  interview: Interview,
  cipherSuites: readonly number[],
): Promise<SchemeSurvey | null> {
  const signing = cipherSuites.filter((code) => {
    const facts = cipherSuiteFacts(code);
    const ephemeral = facts?.keyExchange === "ecdhe" || facts?.keyExchange === "dhe";
    return ephemeral && facts.authentication !== "none";
  });
  if (signing.length === 0) return null;
  return surveySchemes(interview, Version.tls12, ALL, (signatureSchemes) =>
    singleHello({ version: Version.tls12, cipherSuites: signing, signatureSchemes }),
  );
}

async function surveySchemes(
  interview: Interview,
  version: number,
  schemes: readonly number[],
  shapeFor: (schemes: readonly number[]) => HelloShape,
): Promise<SchemeSurvey> {
  const { chosen, end } = await shrink(schemes, {
    ask: (offered) =>
      interview.ask({ shape: shapeFor(offered), until: ["signature"], leads: true }),
    choice: ({ signatureScheme }) =>
      schemes.find((code) => signatureSchemeName(code) === signatureScheme),
  });
  return {
    version: versionName(version) as SurveyedVersion,
    schemes: chosen.map(({ item }) => signatureSchemeName(item)),
    ignoresOffer: end?.kind === "refused" && end.failure.code === "parameter-unsupported",
  };
}
