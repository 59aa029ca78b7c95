import { internCertificate } from "../../x509/certificate-cache.ts";
import type { Certificate } from "../../x509/certificate.ts";
import { domainOf } from "../comparison/neighbour.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { importSteps } from "../remedies/anchor-steps.ts";
import { verifyStep } from "../remedies/verify-step.ts";
import type { Situation } from "../situation.ts";
import { dateText, distanceText, fingerprint, printable, shortName } from "../words.ts";
import { inspectionProduct } from "./inspection-names.ts";

/** A certificate that was made while the connection was: no CA for servers is that fast. */
const FRESH = 2 * 3_600_000;

/**
 * A device on the way seems to open the connection and to sign a certificate of its own (D1): the issuer is named after
 * a product that does so, or a certificate that is minutes old comes from an unknown CA that also signs for unrelated
 * hosts, or that is another one than before.
 */
export function inspectionFinding(situation: Situation): Finding | null {
  const { sent, verdict, at } = situation;
  const [leaf] = sent;
  if (leaf === undefined || verdict.trusted === true) return null;
  const product = productOf(sent);
  const isFresh = leaf.notBefore <= at && at - leaf.notBefore < FRESH;
  const unrelated = unrelatedHosts(leaf, situation);
  const before = previousIssuer(leaf, situation);
  const signs = [
    ...(product === null ? [] : [`its issuer is named after ${product}`]),
    ...(isFresh ? [`it was made ${distanceText(leaf.notBefore, at)} ago`] : []),
    ...(unrelated.length === 0
      ? []
      : [`the same issuer signs for ${unrelated.slice(0, 3).join(", ")}`]),
    ...(before === null
      ? []
      : [`until ${dateText(before.lastSeen)} the issuer was ${before.name}`]),
  ];
  if (product === null && signs.length < 2) return null;
  const top = sent.at(-1) ?? leaf;
  const { store } = situation;
  return makeFinding("topology.inspection", {
    severity: "critical",
    summary: `This looks like TLS inspection: the certificate of ${printable(situation.handshake.endpoint.host)} is issued by ${printable(leaf.issuer.text)}, which is not in ${store.name}; ${signs.join("; ")}`,
    remedy: [
      "Ask the owner of the proxy or firewall for a bypass rule for this host, at least where the server asks for client certificates",
      "Or, where the inspection is wanted, import the root of the device, got from its owner, into the truststore of this client:",
      ...(top.subject.text === top.issuer.text
        ? importSteps(top, situation)
        : [
            `Compare with the owner of the device the SHA-256 fingerprint of ${shortName(leaf.issuer)}`,
          ]),
      `Check from another network that the server itself presents another certificate than ${fingerprint(leaf)}`,
      verifyStep(situation),
    ],
    certificates: [leaf, ...(top === leaf ? [] : [top])],
    truststore: store.name,
    clientMessage: verdict.clientMessage,
  });
}

function productOf(sent: readonly Certificate[]): string | null {
  for (const { issuer, subject } of sent) {
    const product = inspectionProduct(issuer.text) ?? inspectionProduct(subject.text);
    if (product !== null) return product;
  }
  return null;
}

/** Hosts of other domains whose certificates, seen in the same run, have the same issuer. */
function unrelatedHosts(
  { issuer }: Certificate,
  { handshake, neighbours = [] }: Situation,
): readonly string[] {
  const own = domainOf(handshake.endpoint.host);
  const hosts = neighbours
    .filter((neighbour) => neighbour.issuer === issuer.text && domainOf(neighbour.host) !== own)
    .map(({ host }) => host);
  return [...new Set(hosts)];
}

interface PastIssuer {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly lastSeen: number;
}

function previousIssuer({ issuer }: Certificate, { history }: Situation): PastIssuer | null {
  const last = history?.previous.at(-1);
  const der = last?.certificates[0];
  const parsed = der === undefined ? null : internCertificate(der);
  if (last === undefined || parsed?.ok !== true || parsed.value.issuer.text === issuer.text)
    return null;
  return { name: printable(parsed.value.issuer.text), lastSeen: last.lastSeen };
}
