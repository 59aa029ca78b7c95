import { isSelfIssued, type Certificate } from "../../x509/certificate.ts";
import { internCertificate } from "../../x509/certificate-cache.ts";
import { canonicalName } from "../../x509/name.ts";

/** What a certificate has to do with the others that were sent. */
export type SentRole =
  | { readonly kind: "leaf" }
  /** Its name is that of the issuer of another one. */
  | { readonly kind: "issuer"; readonly of: number; readonly inOrder: boolean }
  | { readonly kind: "repeated"; readonly as: number }
  /** No way leads to it from the server's certificate. */
  | { readonly kind: "stray" }
  | { readonly kind: "unreadable"; readonly message: string };

/** One certificate as sent, with its place. */
export interface SentCertificate {
  /** 0 is sent first. */
  readonly position: number;
  readonly der: Uint8Array;
  /** Null when it cannot be parsed. */
  readonly certificate: Certificate | null;
  readonly role: SentRole;
  /** Whether it names itself as its issuer. */
  readonly isSelfIssued: boolean;
}

/** The chain as sent, in order, with what each certificate is good for. Judged by names alone, as readers would. */
export function sentChain(chain: readonly Uint8Array[]): readonly SentCertificate[] {
  const certificates = chain.map((der) => {
    const parsed = internCertificate(der);
    return parsed.ok ? parsed.value : null;
  });
  const certifies = certifiedBy(certificates);
  const first = new Map<string, number>();
  let previous = 0;
  return chain.map((der, position): SentCertificate => {
    const certificate = certificates[position] ?? null;
    const common = { position, der, certificate };
    if (certificate === null) {
      const parsed = internCertificate(der);
      const message = parsed.ok ? "" : parsed.error.message;
      return { ...common, role: { kind: "unreadable", message }, isSelfIssued: false };
    }
    const selfIssued = isSelfIssued(certificate);
    const earlier = first.get(certificate.sha256);
    if (earlier !== undefined)
      return { ...common, role: { kind: "repeated", as: earlier }, isSelfIssued: selfIssued };
    first.set(certificate.sha256, position);
    const below = certifies.get(certificate.sha256);
    if (position === 0) return { ...common, role: { kind: "leaf" }, isSelfIssued: selfIssued };
    if (below === undefined)
      return { ...common, role: { kind: "stray" }, isSelfIssued: selfIssued };
    const inOrder = below.includes(previous);
    const of = inOrder ? previous : (below[0] ?? 0);
    previous = position;
    return { ...common, role: { kind: "issuer", of, inOrder }, isSelfIssued: selfIssued };
  });
}

/** For each certificate that can be reached from the first one: positions of those that name it as their issuer. */
function certifiedBy(
  certificates: readonly (Certificate | null)[],
): ReadonlyMap<string, readonly number[]> {
  const places = certificates.flatMap((certificate, position) =>
    certificate === null ? [] : [{ certificate, position }],
  );
  const bySubject = Map.groupBy(places, ({ certificate }) =>
    canonicalName(certificate.subject, "openssl"),
  );
  const reached = new Map<string, number[]>();
  const waiting = places.slice(0, 1).filter(({ position }) => position === 0);
  const seen = new Set(waiting.map(({ certificate }) => certificate.sha256));
  for (const { certificate, position } of waiting)
    for (const issuer of bySubject.get(canonicalName(certificate.issuer, "openssl")) ?? []) {
      const { sha256 } = issuer.certificate;
      if (sha256 === certificate.sha256) continue;
      const known = reached.get(sha256);
      if (known === undefined) reached.set(sha256, [position]);
      else if (!known.includes(position)) known.push(position);
      if (seen.has(sha256)) continue;
      seen.add(sha256);
      waiting.push(issuer);
    }
  return reached;
}
