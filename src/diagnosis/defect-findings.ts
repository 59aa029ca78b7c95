import type { Reason } from "../trust/reason.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { FindingCode } from "./finding-codes.ts";
import type { Finding } from "./finding.ts";
import { makeFinding } from "./make-finding.ts";
import { importByNameSteps } from "./remedies/anchor-steps.ts";
import { verifyStep } from "./remedies/verify-step.ts";
import { listDefect, REVOKED_STEPS } from "./revocation-findings.ts";
import type { Situation } from "./situation.ts";
import { dateText, distanceText, fingerprint, printable, shortName } from "./words.ts";

interface Defect {
  readonly code: FindingCode;
  readonly summary: string;
  readonly remedy: readonly string[];
}

/** The finding for one reason that spoils a path. */
export function defectFinding(reason: Reason, situation: Situation): Finding {
  const certificate = certificateOf(reason, situation);
  const { code, summary, remedy } = describe(reason, certificate, situation);
  const located = situation.anchors.find((each) => each.certificate === certificate);
  return makeFinding(code, {
    severity: "critical",
    summary,
    remedy: [...remedy, verifyStep(situation)],
    certificates: certificate === undefined ? [] : [certificate],
    truststore: code.startsWith("truststore.") ? situation.store.name : null,
    alias: located?.alias ?? null,
    clientMessage: situation.verdict.clientMessage,
  });
}

function certificateOf({ certificate }: Reason, situation: Situation): Certificate | undefined {
  if (certificate === null) return undefined;
  return (
    situation.anchors.find((each) => each.certificate.sha256 === certificate)?.certificate ??
    situation.sent.find(({ sha256 }) => sha256 === certificate)
  );
}

function describe(
  reason: Reason,
  certificate: Certificate | undefined,
  situation: Situation,
): Defect {
  const { store, profile, sent } = situation;
  const name = certificate === undefined ? "a certificate" : shortName(certificate.subject);
  const detail = printable(reason.detail);
  const isLeaf = certificate !== undefined && certificate.sha256 === sent[0]?.sha256;
  switch (reason.code) {
    case "expired":
      return expiredDefect(certificate, isLeaf, situation);
    case "not-yet-valid":
      return {
        code: "leaf.not-yet-valid",
        summary: `${name} is not valid before ${certificate === undefined ? detail : dateText(certificate.notBefore)}`,
        remedy: ["Correct the clock of this client, or wait until the certificate becomes valid"],
      };
    case "partial-chain":
      return partialDefect(certificate, isLeaf, situation);
    case "no-anchors":
      return {
        code: "truststore.no-anchors",
        summary: `${store.name} holds no trust anchor, so ${profile.title} trusts nobody`,
        remedy: [
          "Check that this is the file that was meant",
          "Import the CA certificates that the client needs",
        ],
      };
    case "issuer-unknown":
      return isLeafStored(situation) ? pinnedDefect(situation) : orderDefect(situation);
    case "self-signed":
    case "self-signed-in-chain":
    case "anchor-mismatch":
    case "name-chaining":
      return orderDefect(situation);
    case "key-identifier-mismatch":
    case "signature-invalid":
      return {
        code: "chain.signature-invalid",
        summary: `${name} does not fit the key of its issuer (${detail === "" ? "the signature fails" : detail})`,
        remedy: ["Configure the current certificate of the issuer on the server"],
      };
    case "not-a-ca":
    case "key-cert-sign-missing":
      return {
        code: "chain.not-ca",
        summary: `${name} issued a certificate although it may not: ${reason.code === "not-a-ca" ? "it is not a CA certificate" : "its key usage lacks keyCertSign"}`,
        remedy: [`Have ${name} re-issued as a CA with keyCertSign, and replace it on the server`],
      };
    case "anchor-not-a-ca":
    case "anchor-key-cert-sign-missing":
      return {
        code: "truststore.anchor-not-ca",
        summary: `The anchor ${name} in ${store.name} is not a CA certificate that may sign certificates, so ${profile.title} refuses it`,
        remedy: [
          "Have the root re-issued with basicConstraints CA:TRUE and keyUsage keyCertSign, and replace it in the truststore",
          "Stopgap for Java: -Djdk.security.allowNonCaAnchor=true",
        ],
      };
    case "path-length-exceeded":
      return {
        code: "chain.path-length",
        summary: `The path is longer than the pathLenConstraint of ${name} allows`,
        remedy: [
          "Use an intermediate directly below a CA that allows it, or have that CA re-issued with a larger pathLen",
        ],
      };
    case "name-constraints":
    case "name-constraints-unsupported":
      return {
        code: "chain.name-constraints",
        summary: `${name} carries a name that the name constraints of its CA forbid${detail === "" ? "" : `: ${detail}`}`,
        remedy: ["Have the certificate issued by a CA that may sign this name, or change the name"],
      };
    case "unknown-critical-extension":
      return {
        code: "chain.critical-extension",
        summary: `${name} has a critical extension that ${profile.title} does not know${detail === "" ? "" : ` (${detail})`}`,
        remedy: ["Have the certificate re-issued without this extension, or with it not critical"],
      };
    case "algorithm-disabled":
      return {
        code: "chain.weak-algorithm",
        summary: `${profile.title} refuses the algorithm of ${name}${detail === "" ? "" : `: ${detail}`}`,
        remedy: ["Have the certificate re-issued with a SHA-256 signature"],
      };
    case "key-too-small":
      return {
        code: "chain.weak-key",
        summary: `The key of ${name} is too small for ${profile.title}${detail === "" ? "" : ` (${detail})`}`,
        remedy: ["Re-key with RSA 2048 bits or more, or with P-256"],
      };
    case "key-usage":
    case "netscape-type":
      return {
        code: "leaf.key-usage",
        summary: `The key usage of ${name} does not allow this key exchange${detail === "" ? "" : ` (${detail})`}`,
        remedy: [
          "Have the certificate re-issued with digitalSignature, from a template for TLS servers",
        ],
      };
    case "extended-key-usage":
      return {
        code: isLeaf ? "leaf.extended-key-usage" : "chain.extended-key-usage",
        summary: `The extended key usage of ${name} does not include TLS server authentication`,
        remedy: ["Have the certificate re-issued with serverAuth, from a template for TLS servers"],
      };
    case "policy":
      return {
        code: "chain.refused",
        summary: `The certificate policies of the path are not satisfied`,
        remedy: ["Use an intermediate whose policies the client accepts"],
      };
    case "distrusted":
    case "blocked":
      return {
        code: "chain.distrusted",
        summary: `${profile.title} distrusts ${name}${detail === "" ? "" : ` (${detail})`}, whatever truststore it is in`,
        remedy: [
          "Have the certificate issued by another CA",
          "Importing the same root elsewhere does not help; jdk.security.caDistrustPolicies in java.security decides",
        ],
      };
    case "revoked":
      return {
        code: "chain.revoked",
        summary: `${name} is revoked${detail === "" ? "" : ` since ${dateText(Date.parse(reason.detail))}`}, and ${profile.title} checks that`,
        remedy: REVOKED_STEPS,
      };
    case "revocation-unknown":
      return revocationDefect(certificate, name, situation);
    case "chain-empty":
      return {
        code: "chain.empty",
        summary: "The server sent no certificate",
        remedy: ["Configure a certificate on the server"],
      };
    case "chain-too-long":
      return {
        code: "chain.too-long",
        summary: `The server sends more certificates than ${profile.title} accepts${detail === "" ? "" : ` (${detail})`}`,
        remedy: ["Send the certificate and its intermediates only"],
      };
    case "certificate-malformed":
      return {
        code: "chain.malformed",
        summary: `A certificate of the chain cannot be read by ${profile.title}${detail === "" ? "" : `: ${detail}`}`,
        remedy: ["Have the certificate re-issued in correct form"],
      };
    case "budget-exceeded":
      return {
        code: "estate.not-judged",
        summary: `The chain was not judged: ${detail}`,
        remedy: ["Remove certificates that do not belong to the chain"],
      };
  }
}

/** What keeps a client that insists on it from finding out whether a certificate is revoked. */
function revocationDefect(
  certificate: Certificate | undefined,
  name: string,
  { verdict }: Situation,
): Defect {
  const status = verdict.revocation.find(
    (statement) => statement.certificate.sha256 === certificate?.sha256,
  )?.status;
  return status?.kind === "unknown"
    ? listDefect(status.cause, name, printable(status.detail))
    : listDefect("not-given", name, "");
}

function expiredDefect(
  certificate: Certificate | undefined,
  isLeaf: boolean,
  situation: Situation,
): Defect {
  const { store, at, profile } = situation;
  if (certificate === undefined)
    return { code: "leaf.expired", summary: "A certificate has expired", remedy: ["Renew it"] };
  const name = shortName(certificate.subject);
  const since = `expired on ${dateText(certificate.notAfter)}, ${distanceText(certificate.notAfter, at)} ago`;
  if (isLeaf)
    return {
      code: "leaf.expired",
      summary: `The certificate of the server, ${name}, ${since}`,
      remedy: [
        `Renew the certificate of ${name} and install it on the server`,
        "If it was renewed already, restart or reload the server: it still presents the old one",
      ],
    };
  const stored = situation.anchors.some((each) => each.certificate.sha256 === certificate.sha256);
  if (!stored)
    return {
      code: "chain.intermediate-expired",
      summary: `The intermediate ${name} ${since}`,
      remedy: [
        `Replace ${name} on the server with its renewed certificate (same name and key, new dates)`,
      ],
    };
  const sentTwin = situation.sent.some(
    (each) =>
      each.sha256 !== certificate.sha256 &&
      each.subject.text === certificate.subject.text &&
      each.notAfter > at,
  );
  const alias = situation.anchors.find((each) => each.certificate === certificate)?.alias ?? null;
  if (sentTwin)
    return {
      code: "truststore.stale-intermediate",
      summary: `${store.name} holds an expired copy of ${name} that hides the valid one the server sends`,
      remedy: [
        `Delete the expired certificate${alias === null ? "" : ` (alias ${alias})`}, SHA-256 ${fingerprint(certificate)}, from ${store.name}`,
      ],
    };
  return {
    code: "truststore.anchor-expired",
    summary: `The anchor ${name} in ${store.name} ${since}, and ${profile.title} checks that`,
    remedy: importByNameSteps(certificate.subject, situation),
  };
}

function partialDefect(
  certificate: Certificate | undefined,
  isLeaf: boolean,
  situation: Situation,
): Defect {
  if (isLeaf || certificate === undefined) return pinnedDefect(situation);
  const { store, profile } = situation;
  return {
    code: "truststore.intermediate-only",
    summary: `${store.name} holds the intermediate ${shortName(certificate.subject)} but not the root ${certificate.issuer.text}; ${profile.title} needs the root, Java would not`,
    remedy: importByNameSteps(certificate.issuer, situation),
  };
}

function isLeafStored({ anchors, sent }: Situation): boolean {
  return anchors.some(({ certificate }) => certificate.sha256 === sent[0]?.sha256);
}

function pinnedDefect(situation: Situation): Defect {
  const { store, profile, sent } = situation;
  const [leaf] = sent;
  const issuer = leaf?.issuer.text ?? "its CA";
  return {
    code: "truststore.leaf-pinned",
    summary: `${store.name} holds the server's own certificate instead of its CA, and ${profile.title} does not accept that`,
    remedy: leaf === undefined ? [`Import ${issuer}`] : importByNameSteps(leaf.issuer, situation),
  };
}

function orderDefect({ profile, sent }: Situation): Defect {
  return {
    code: "chain.out-of-order",
    summary: `A path exists, but ${profile.title} does not find it in the ${sent.length} certificates as they are sent`,
    remedy: [
      "Send the certificates in order: the server's own first, then each one's issuer, and nothing else",
    ],
  };
}
