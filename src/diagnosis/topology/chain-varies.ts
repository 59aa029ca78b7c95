import type { Handshake } from "../../probe/handshake.ts";
import type { Investigation, Variation } from "../../probe/investigation/investigation.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { counted, hostPort } from "../words.ts";

/** Clients that get the answer of a variation. */
const WHO: Partial<Record<Variation, string>> = {
  "rsa-only": "clients that accept RSA keys only",
  "ecdsa-only": "clients that accept ECDSA keys only",
  "tls12-only": "clients of TLS 1.2",
  "no-alpn": "clients without ALPN",
};

/**
 * The server has a chain that this client would accept, and sends another one to it (D4).
 * @param isAccepted whether the client would accept what another conversation brought
 */
export function chainVariesFinding(
  { about, experiments }: Investigation,
  isAccepted: (handshake: Handshake) => boolean,
): Finding | null {
  const good = experiments.find(
    ({ variation, handshake }) =>
      WHO[variation] !== undefined && handshake.certificates.length > 0 && isAccepted(handshake),
  );
  if (good === undefined) return null;
  const [mine, other] = [about, good.handshake].map(({ certificates }) =>
    counted(certificates.length, "certificate"),
  );
  const who = WHO[good.variation] ?? "other clients";
  return makeFinding("topology.chain-varies", {
    severity: "critical",
    summary: `${hostPort(about.endpoint)} sends ${who} another chain, which is in order (${other} instead of ${mine}): it has two, and only one of them is faulty`,
    remedy: [
      "Configure the chain of each certificate that the server has: nginx: ssl_certificate twice, each with its full chain; Apache: SSLCertificateFile twice; HAProxy: FILE.rsa and FILE.ecdsa",
    ],
  });
}
