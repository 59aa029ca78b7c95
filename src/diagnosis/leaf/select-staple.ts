import { responseStatus } from "../../trust/revocation/check-responses.ts";
import type { UnknownCause } from "../../trust/revocation/status.ts";
import type { Certificate } from "../../x509/certificate.ts";
import { tlsFeature, valueOf } from "../../x509/extensions.ts";
import { parseOcspResponse } from "../../x509/ocsp.ts";
import type { Finding } from "../finding.ts";
import { CAUSE_TEXTS } from "../revocation-causes.ts";
import type { Situation } from "../situation.ts";
import { printable } from "../words.ts";
import { stapleInvalidFinding } from "./staple-invalid.ts";
import { stapleMissingFinding } from "./staple-missing.ts";
import { stapleStaleFinding } from "./staple-stale.ts";

/** Status request (RFC 6066) and its second version, as tlsFeature names them. */
const STAPLING: ReadonlySet<number> = new Set([5, 17]);

const STAPLE_TEXTS: Record<UnknownCause, string> = {
  ...CAUSE_TEXTS,
  "not-covered": "it is about another certificate",
  "responder-unaware": "the responder does not know the certificate",
};

/** What the server's stapled response is worth; null when it is fine or nobody asks for one. */
export function stapleFinding(situation: Situation): Finding | null {
  const { handshake, sent, verdict } = situation;
  const [leaf] = sent;
  if (leaf === undefined) return null;
  const { ocspStaple } = handshake;
  if (ocspStaple === null) return demandsStaple(leaf, situation);
  const issuer = verdict.path[0]?.sha256 === leaf.sha256 ? verdict.path[1] : undefined;
  if (issuer === undefined) return null;
  const parsed = parseOcspResponse(ocspStaple);
  if (!parsed.ok) return stapleInvalidFinding(leaf, `it cannot be read: ${parsed.error.message}`);
  if (parsed.value.kind === "error")
    return stapleInvalidFinding(leaf, `the responder answered ${parsed.value.status}`);
  const status = responseStatus(parsed.value, leaf, issuer, situation.at);
  if (status.kind !== "unknown") return null;
  const detail = printable(status.detail);
  return status.cause === "stale"
    ? stapleStaleFinding(leaf, detail)
    : stapleInvalidFinding(
        leaf,
        `${STAPLE_TEXTS[status.cause]}${detail === "" ? "" : ` (${detail})`}`,
      );
}

/** Offline chains have no server that could have stapled anything. */
function demandsStaple(leaf: Certificate, situation: Situation): Finding | null {
  const features = valueOf(tlsFeature(leaf)) ?? [];
  const isDemanded =
    situation.handshake.address !== null && features.some((feature) => STAPLING.has(feature));
  return isDemanded ? stapleMissingFinding(leaf, situation) : null;
}
