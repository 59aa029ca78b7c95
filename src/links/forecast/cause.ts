import type { Assessment } from "../../diagnosis/assessment.ts";
import { type Break, breaksUntil } from "../../trust/breaks-at.ts";
import { internCertificate } from "../../x509/certificate-cache.ts";
import type { Certificate } from "../../x509/certificate.ts";
import { isSelfSigned } from "../../x509/verify-signature.ts";
import type { LoadedClient } from "../loaded-client.ts";

/**
 * What ends: the server's own certificate, a CA between it and the anchor, the anchor in the client's truststore, or
 * what the client shows for itself.
 */
export type CauseKind = "leaf" | "intermediate" | "anchor" | "client-certificate";

/** A truststore of the client that holds a certificate. */
export interface StorePlace {
  readonly truststore: string;
  /** Null where the store has no file. */
  readonly path: string | null;
  readonly alias: string | null;
}

/** One reason for which a link will break. */
export interface Cause {
  readonly kind: CauseKind;
  readonly certificate: Certificate;
  /** The last moment before it breaks, ms since 1970. */
  readonly at: number;
  /** Whether the server sends the certificate. */
  readonly isSent: boolean;
  /** Where the client's truststores hold it. */
  readonly places: readonly StorePlace[];
}

/** The time that a forecast is about, in ms since 1970. */
export interface Span {
  readonly at: number;
  readonly until: number;
}

/**
 * Why a link that works will break, in order. The first cause is told whenever it comes; further ones, each as if the
 * earlier were repaired in time, up to the end of the span.
 */
export function causesOf(
  { ahead, handshake, ok }: Assessment,
  client: LoadedClient,
  { at, until }: Span,
): readonly Cause[] {
  if (!ok) return [];
  const chain = breaksOf(ahead ?? null, until).map((found) => causeOf(found, ahead, client));
  // a server that accepts what has ended goes on doing so
  const own = ownCauses(handshake.clientCertificateAnswer, client).filter((each) => each.at >= at);
  return [...chain, ...own].toSorted((a, b) => a.at - b.at);
}

function breaksOf(ahead: NonNullable<Assessment["ahead"]> | null, until: number): readonly Break[] {
  if (ahead === null) return [];
  const { input, first } = ahead;
  return first.time > until ? [first] : breaksUntil(input, first, until);
}

function causeOf(
  { certificate, time }: Break,
  ahead: Assessment["ahead"],
  client: LoadedClient,
): Cause {
  const sent = (ahead?.input.chain ?? []).flatMap((der) => {
    const parsed = internCertificate(der);
    return parsed.ok ? [parsed.value.sha256] : [];
  });
  const isSent = sent.includes(certificate.sha256);
  const places = placesOf(certificate, client);
  const kind =
    certificate.sha256 === sent[0] ? "leaf" : places.length > 0 ? "anchor" : "intermediate";
  return { kind, certificate, at: time, isSent, places };
}

const known = new WeakMap<LoadedClient["party"], Map<string, readonly StorePlace[]>>();

/** Where the client's truststores hold a certificate. */
function placesOf({ sha256 }: Certificate, { party }: LoadedClient): readonly StorePlace[] {
  const memory = known.get(party) ?? new Map<string, readonly StorePlace[]>();
  known.set(party, memory);
  const before = memory.get(sha256);
  if (before !== undefined) return before;
  const places = party.truststores.flatMap(({ name, store }) =>
    (store.ok ? store.value.files : []).flatMap(({ path, entries }) =>
      entries
        .filter((entry) => entry.sha256 === sha256)
        .map(({ alias }) => ({ truststore: name, path, alias })),
    ),
  );
  memory.set(sha256, places);
  return places;
}

/** The ends of what the client was asked for and sent. A root that it sends as well is of no consequence. */
function ownCauses(
  answer: Assessment["handshake"]["clientCertificateAnswer"],
  { identity }: LoadedClient,
): readonly Cause[] {
  if (answer?.kind !== "sent" || identity?.ok !== true) return [];
  for (const { chain } of identity.value.keyring.certificates) {
    const [leaf, ...others] = chain.flatMap((der) => {
      const parsed = internCertificate(der);
      return parsed.ok ? [parsed.value] : [];
    });
    if (leaf?.sha256 !== answer.sha256) continue;
    return [leaf, ...others.filter((each) => !isSelfSigned(each))].map((certificate) => ({
      kind: "client-certificate",
      certificate,
      at: certificate.notAfter,
      isSent: false,
      places: [],
    }));
  }
  return [];
}
