import { type Certificate, isSelfIssued, sameKey } from "../x509/certificate.ts";
import { basicConstraints, valueOf } from "../x509/extensions.ts";
import { isSelfSigned } from "../x509/verify-signature.ts";
import type { Break } from "../trust/breaks-at.ts";
import type { Finding } from "./finding.ts";
import { makeFinding } from "./make-finding.ts";
import { importByNameSteps } from "./remedies/anchor-steps.ts";
import { verifyStep } from "./remedies/verify-step.ts";
import type { Situation } from "./situation.ts";
import { counted, dateText, distanceText, fingerprint, shortName } from "./words.ts";

/** Findings about a chain that this client accepts: what will break, and what breaks for others. */
export function latentFindings(situation: Situation, breaks: Break | null): readonly Finding[] {
  const { verdict, sent } = situation;
  const [leaf] = sent;
  const anchor = verdict.path.at(-1);
  if (leaf === undefined || anchor === undefined || verdict.trusted !== true) return [];
  return [
    expiringFinding(breaks, leaf, anchor, situation),
    verdict.path.length === 1 && !isSelfSigned(leaf) ? pinnedFinding(leaf, situation) : null,
    ...overlookedExpiry(leaf, anchor, situation),
    verdict.path.length > 1 && !isSelfIssued(anchor)
      ? intermediateFinding(anchor, situation)
      : null,
    ...(verdict.path.length > 1 ? [orderFinding(situation), superfluousFinding(situation)] : []),
  ].filter((finding) => finding !== null);
}

function expiringFinding(
  breaks: Break | null,
  leaf: Certificate,
  anchor: Certificate,
  situation: Situation,
): Finding | null {
  const { at, thresholds, profile } = situation;
  if (breaks === null || breaks.time - at > Math.max(thresholds.warning, thresholds.critical))
    return null;
  const { certificate, time } = breaks;
  const code =
    certificate.sha256 === leaf.sha256
      ? "leaf.expiring"
      : certificate.sha256 === anchor.sha256
        ? "truststore.anchor-expiring"
        : "chain.intermediate-expiring";
  const name = shortName(certificate.subject);
  return makeFinding(code, {
    severity: time - at <= thresholds.critical ? "critical" : "warning",
    summary: `Works now, but ${profile.title} will refuse the connection in ${distanceText(at, time)}: ${name} expires on ${dateText(time)}`,
    remedy:
      code === "truststore.anchor-expiring"
        ? [...importByNameSteps(certificate.subject, situation), verifyStep(situation)]
        : [
            `Renew ${name} and install it on the server before ${dateText(time)}`,
            verifyStep(situation),
          ],
    certificates: [certificate],
    time,
    truststore: code === "truststore.anchor-expiring" ? situation.store.name : null,
  });
}

function pinnedFinding(leaf: Certificate, situation: Situation): Finding {
  const located = situation.anchors.find(({ certificate }) => certificate.sha256 === leaf.sha256);
  const { store } = situation;
  return makeFinding("truststore.leaf-pinned", {
    severity: "warning",
    summary: `Works until the server gets its next certificate: ${store.name} holds the server's own certificate (valid until ${dateText(leaf.notAfter)}) instead of its CA`,
    remedy: [...importByNameSteps(leaf.issuer, situation), verifyStep(situation)],
    certificates: [leaf],
    truststore: store.name,
    alias: located?.alias ?? null,
    time: leaf.notAfter,
  });
}

/** Certificates whose end this client does not look at, while others do. */
function overlookedExpiry(
  leaf: Certificate,
  anchor: Certificate,
  situation: Situation,
): readonly (Finding | null)[] {
  const { at, store, profile } = situation;
  if (anchor.notAfter >= at) return [];
  const name = shortName(anchor.subject);
  const since = `expired on ${dateText(anchor.notAfter)}`;
  if (anchor.sha256 === leaf.sha256)
    return [
      makeFinding("leaf.expired", {
        severity: "warning",
        summary: `The certificate ${name} ${since}; ${profile.title} accepts it only because it is itself in ${store.name}`,
        remedy: [
          `Renew the certificate of ${name}, and import its CA instead of the certificate itself`,
        ],
        certificates: [leaf],
        time: leaf.notAfter,
      }),
    ];
  if (sentTwin(anchor, situation))
    return [
      makeFinding("truststore.stale-intermediate", {
        severity: "warning",
        summary: `${store.name} holds a copy of ${name} that ${since} beside the valid one the server sends; ${profile.title} does not look at that, OpenSSL and Node.js clients refuse it`,
        remedy: [
          `Delete the expired certificate, SHA-256 ${fingerprint(anchor)}, from ${store.name}`,
        ],
        certificates: [anchor],
        truststore: store.name,
        time: anchor.notAfter,
      }),
    ];
  return [
    makeFinding("truststore.anchor-expired", {
      severity: "warning",
      summary: `The anchor ${name} in ${store.name} ${since}; ${profile.title} does not look at that, OpenSSL, Go and Node.js clients refuse it`,
      remedy: importByNameSteps(anchor.subject, situation),
      certificates: [anchor],
      truststore: store.name,
      time: anchor.notAfter,
    }),
  ];
}

/** Whether the server sends a valid certificate of the same name and key. */
function sentTwin(stored: Certificate, { sent, at }: Situation): boolean {
  return sent.some(
    (each) =>
      sameKey(each, stored) && each.subject.text === stored.subject.text && each.notAfter > at,
  );
}

function intermediateFinding(anchor: Certificate, situation: Situation): Finding | null {
  if (valueOf(basicConstraints(anchor))?.ca !== true) return null;
  const { store } = situation;
  return makeFinding("truststore.intermediate-only", {
    severity: "info",
    summary: `${store.name} holds the intermediate ${shortName(anchor.subject)} as anchor; OpenSSL and Node.js clients need its root as well`,
    remedy: importByNameSteps(anchor.issuer, situation),
    certificates: [anchor],
    truststore: store.name,
  });
}

function orderFinding({ sent, verdict }: Situation): Finding | null {
  const used = new Set(verdict.path.map(({ sha256 }) => sha256));
  const order = sent.filter(({ sha256 }) => used.has(sha256)).map(({ sha256 }) => sha256);
  const wanted = verdict.path
    .map(({ sha256 }) => sha256)
    .filter((sha256) => order.includes(sha256));
  const distinct = [...new Set(order)];
  if (distinct.join() === wanted.join()) return null;
  return makeFinding("chain.out-of-order", {
    severity: "info",
    summary:
      "The server sends its certificates out of order; simple Java trust managers refuse that",
    remedy: ["Send the server's own certificate first, then each one's issuer"],
    certificates: sent,
  });
}

function superfluousFinding({ sent, verdict }: Situation): Finding | null {
  const used = new Set(verdict.path.map(({ sha256 }) => sha256));
  const seen = new Set<string>();
  const extra = sent.filter((certificate) => {
    const repeated = seen.has(certificate.sha256);
    seen.add(certificate.sha256);
    return repeated || (!used.has(certificate.sha256) && !isSelfIssued(certificate));
  });
  if (extra.length === 0) return null;
  return makeFinding("chain.superfluous", {
    severity: "info",
    summary: `The server sends ${counted(extra.length, "certificate")} that the path does not need (${extra
      .map(({ subject }) => shortName(subject))
      .slice(0, 3)
      .join(", ")}); simple Java trust managers refuse that`,
    remedy: ["Remove from the server's chain what does not lead from its certificate to the root"],
    certificates: extra,
  });
}
