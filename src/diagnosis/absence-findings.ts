import type { CandidatePath } from "../trust/path-graph.ts";
import { type Certificate, isSelfIssued } from "../x509/certificate.ts";
import { authorityInfoAccess, valueOf } from "../x509/extensions.ts";
import { namesEqual } from "../x509/name.ts";
import { isSignedBy } from "../x509/verify-signature.ts";
import type { Finding } from "./finding.ts";
import { makeFinding } from "./make-finding.ts";
import { copySteps, importByNameSteps, importSteps } from "./remedies/anchor-steps.ts";
import { verifyStep } from "./remedies/verify-step.ts";
import type { LocatedAnchor, Situation } from "./situation.ts";
import { counted, printable, shortName } from "./words.ts";

/** The finding for a path that reaches no anchor: something is missing, in the store or in what was sent. */
export function absenceFinding(path: CandidatePath, situation: Situation): Finding {
  const top = path.nodes.at(-1)?.certificate;
  const [leaf] = situation.sent;
  if (top === undefined || leaf === undefined)
    return makeFinding("chain.empty", {
      severity: "critical",
      summary: "The server sent no certificate",
      remedy: ["Configure a certificate on the server"],
    });
  if (path.end === "self-signed" && path.nodes.length === 1)
    return selfSignedFinding(leaf, situation);
  const found = path.end === "self-signed" ? sameIn(top, situation) : issuerIn(top, situation);
  if (found !== undefined && isSelfIssued(found.certificate))
    return elsewhereFinding(top, found, situation);
  if (path.end === "self-signed") return sentRootFinding(top, situation);
  if (top.sha256 === leaf.sha256) return incompleteFinding(leaf, found, situation);
  return missingAnchorFinding(top, situation);
}

function sameIn(root: Certificate, { elsewhere }: Situation): LocatedAnchor | undefined {
  return elsewhere.find(({ certificate }) => certificate.sha256 === root.sha256);
}

function issuerIn(child: Certificate, { elsewhere }: Situation): LocatedAnchor | undefined {
  return elsewhere.find(
    ({ certificate }) =>
      namesEqual(certificate.subject, child.issuer, "openssl") && isSignedBy(child, certificate),
  );
}

function selfSignedFinding(leaf: Certificate, situation: Situation): Finding {
  return makeFinding("chain.self-signed", {
    severity: "critical",
    summary: `The server presents a self-signed certificate (${shortName(leaf.subject)}) that is not in ${situation.store.name}`,
    remedy: [
      "Have a CA that the clients trust issue a certificate for this server",
      "If the self-signed certificate is wanted, import exactly this one:",
      ...importSteps(leaf, situation),
      verifyStep(situation),
    ],
    certificates: [leaf],
    truststore: situation.store.name,
    clientMessage: situation.verdict.clientMessage,
  });
}

function elsewhereFinding(top: Certificate, found: LocatedAnchor, situation: Situation): Finding {
  const name = shortName(found.certificate.subject);
  const place =
    found.alias === null ? found.store.name : `${found.store.name} (alias ${found.alias})`;
  return makeFinding("truststore.anchor-elsewhere", {
    severity: "critical",
    summary: `${name} is missing in ${situation.store.name}, but ${place} holds it; the server's chain is in order`,
    remedy: [...copySteps(found, situation), verifyStep(situation)],
    certificates: [top, found.certificate],
    truststore: situation.store.name,
    alias: found.alias,
    clientMessage: situation.verdict.clientMessage,
  });
}

function sentRootFinding(root: Certificate, situation: Situation): Finding {
  return makeFinding("truststore.anchor-missing", {
    severity: "critical",
    summary: `${shortName(root.subject)} is missing in ${situation.store.name}; the server sends a complete chain, the truststore is the problem`,
    remedy: [...importSteps(root, situation), verifyStep(situation)],
    certificates: [root],
    truststore: situation.store.name,
    clientMessage: situation.verdict.clientMessage,
  });
}

function missingAnchorFinding(top: Certificate, situation: Situation): Finding {
  return makeFinding("truststore.anchor-missing", {
    severity: "critical",
    summary: `The issuer of ${shortName(top.subject)}, ${top.issuer.text}, is missing in ${situation.store.name}; the server's chain is in order up to there`,
    remedy: [...importByNameSteps(top.issuer, situation), verifyStep(situation)],
    certificates: [top],
    truststore: situation.store.name,
    clientMessage: situation.verdict.clientMessage,
  });
}

/** The leaf's issuer is neither sent nor stored: an intermediate was not sent (B1) or a wrong one was (B2). */
function incompleteFinding(
  leaf: Certificate,
  found: LocatedAnchor | undefined,
  situation: Situation,
): Finding {
  const issuer = leaf.issuer.text;
  const strays = situation.sent.length > 1;
  const location = valueOf(authorityInfoAccess(leaf))
    ?.map((access) => access.location)
    .find(({ kind }) => kind === "uri");
  const source =
    location?.kind === "uri"
      ? [
          `The certificate of the issuer is published at ${printable(location.value)}; compare its fingerprint with the CA`,
        ]
      : found === undefined
        ? []
        : [`${found.store.name} holds the certificate of the issuer`];
  return makeFinding(strays ? "chain.unrelated-intermediate" : "chain.incomplete", {
    severity: "critical",
    summary: strays
      ? `The server sends ${counted(situation.sent.length - 1, "further certificate")}, none of which issued its own; ${issuer} is needed`
      : `The server sends only its own certificate; the issuer ${issuer} is neither sent nor in ${situation.store.name}`,
    remedy: [
      `Configure the server to send its certificate followed by ${issuer} and every further intermediate`,
      ...source,
      "nginx: ssl_certificate with the full chain file; Java: import the CA's reply with its chain into the key entry; IBM HTTP Server: add the intermediates to the key database",
      "If the issuer is a root of its own, import it into the truststore instead, after comparing its fingerprint with the owner",
      verifyStep(situation),
    ],
    certificates: [leaf],
    truststore: situation.store.name,
    clientMessage: situation.verdict.clientMessage,
  });
}
