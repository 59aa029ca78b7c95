import type { Handshake } from "../../probe/handshake.ts";
import { internCertificate } from "../../x509/certificate-cache.ts";
import { isSelfIssued } from "../../x509/certificate.ts";
import { basicConstraints, valueOf } from "../../x509/extensions.ts";
import { hostPort } from "../words.ts";
import type { KnownIssuer } from "./known-issuer.ts";
import { type Neighbour, neighbourOf } from "./neighbour.ts";

/** Endpoints and intermediates that are remembered: enough for an estate, bounded for a scan. */
const MOST = 1000;

/** Intermediates and issuers that other endpoints of one run send; what was seen first is kept. */
export class SeenElsewhere {
  readonly #issuers = new Map<string, KnownIssuer>();
  readonly #neighbours = new Map<string, Neighbour>();

  /** Takes note of what an endpoint sent. */
  add(handshake: Handshake): void {
    const place = hostPort(handshake.endpoint);
    const neighbour = neighbourOf(handshake);
    if (neighbour !== null && this.#neighbours.size < MOST) this.#neighbours.set(place, neighbour);
    for (const der of handshake.certificates.slice(1)) {
      const parsed = internCertificate(der);
      if (!parsed.ok || this.#issuers.size >= MOST) continue;
      const certificate = parsed.value;
      const isIntermediate =
        valueOf(basicConstraints(certificate))?.ca === true && !isSelfIssued(certificate);
      if (isIntermediate && !this.#issuers.has(certificate.sha256))
        this.#issuers.set(certificate.sha256, { certificate, how: "seen", where: place });
    }
  }

  /** Intermediates that endpoints other than this one send. */
  issuersBeside(handshake: Handshake): readonly KnownIssuer[] {
    const place = hostPort(handshake.endpoint);
    return [...this.#issuers.values()].filter(({ where }) => where !== place);
  }

  /** Endpoints other than this one. */
  neighboursOf(handshake: Handshake): readonly Neighbour[] {
    const place = hostPort(handshake.endpoint);
    return [...this.#neighbours].flatMap(([where, neighbour]) =>
      where === place ? [] : neighbour,
    );
  }
}
