import { internCertificate } from "../../x509/certificate-cache.ts";
import type { FailureCode, Handshake } from "../handshake.ts";
import { cipherSuiteName } from "../tls/cipher-suite-names.ts";
import { groupName } from "../tls/groups.ts";
import type { HelloShape } from "../tls/hello-shape.ts";
import { signatureScheme } from "../tls/signature-schemes.ts";
import { versionName } from "../tls/versions.ts";

/** A part of what two sides agree on in their hellos. */
export type OfferPart = "version" | "cipher-suite" | "group" | "signature-scheme";

/** The names of what a hello offers, as a handshake's record spells them. */
export interface OfferNames {
  readonly versions: readonly string[];
  readonly cipherSuites: readonly string[];
  readonly groups: readonly string[];
  readonly signatureSchemes: readonly string[];
}

const known = new WeakMap<HelloShape, OfferNames>();

/** Names what a hello offers, in its order; computed once for each shape. */
export function offerNames(shape: HelloShape): OfferNames {
  const kept = known.get(shape);
  if (kept !== undefined) return kept;
  const names: OfferNames = {
    versions: shape.versions.map(versionName),
    cipherSuites: shape.cipherSuites.map(cipherSuiteName),
    groups: shape.groups.map(groupName),
    signatureSchemes: shape.signatureSchemes.flatMap((code) => signatureScheme(code)?.name ?? []),
  };
  known.set(shape, names);
  return names;
}

/**
 * What a server chose in a conversation that a hello of this shape does not offer. What is not known is not outside.
 * A field that a server describes itself needs no name, and before TLS 1.2 nobody names signatures.
 */
export function outsideOffer(handshake: Handshake, shape: HelloShape): readonly OfferPart[] {
  const { version, cipherSuite, group, keyExchange, signatureScheme: scheme } = handshake;
  const offer = offerNames(shape);
  const namesSignatures = version === "TLSv1.3" || version === "TLSv1.2";
  const describesField = version !== "TLSv1.3" && keyExchange?.kind === "dhe";
  const missing = (name: string | null, offered: readonly string[]): boolean =>
    name !== null && !offered.includes(name);
  const parts: readonly (readonly [OfferPart, boolean])[] = [
    ["version", missing(version, offer.versions)],
    ["cipher-suite", missing(cipherSuite, offer.cipherSuites)],
    ["group", !describesField && missing(group, offer.groups)],
    [
      "signature-scheme",
      (namesSignatures && missing(scheme, offer.signatureSchemes)) ||
        (version !== "TLSv1.3" && missing(leafCurve(handshake), offer.groups)),
    ],
  ];
  return parts.flatMap(([part, isOutside]) => (isOutside ? [part] : []));
}

/** Before TLS 1.3 a key on a curve is one for clients that name it among their groups (RFC 8422 section 5.1.1). */
function leafCurve({ certificates: [leaf] }: Handshake): string | null {
  const parsed = leaf === undefined ? undefined : internCertificate(leaf);
  return parsed?.ok === true ? (parsed.value.publicKey.curve?.toLowerCase() ?? null) : null;
}

/**
 * The conversation, of those that began with clients' hellos, that tells what a server does with one shape: the
 * client's own, or a complete one in which the server chose nothing that the shape does not offer.
 */
export function tellingAnswer<T extends { readonly handshake: Handshake }>(
  made: readonly T[],
  shape: HelloShape,
  isOwn: (answer: T) => boolean,
): T | undefined {
  return (
    made.find(isOwn) ??
    made.find(
      ({ handshake }) =>
        handshake.outcome === "complete" && outsideOffer(handshake, shape).length === 0,
    )
  );
}

/** Ends of a conversation that the content of the hello may have brought about. */
const REFUSALS: ReadonlySet<FailureCode> = new Set([
  "alert-received",
  "version-unsupported",
  "parameter-unsupported",
]);

/** Ends that a server, or a device in front of it, may bring about that does not bear a hello. */
const CUTS: ReadonlySet<FailureCode> = new Set(["connection-closed", "connection-reset"]);

/** unrecognized_name: the answer to a name, whatever else the hello holds. */
const UNRECOGNISED_NAME = 112;

/**
 * Whether a server may answer a hello of this shape otherwise than the one of a conversation: it chose something that
 * the shape does not offer, or ended the conversation in answer to the hello.
 */
export function mayAnswerOtherwise(handshake: Handshake, shape: HelloShape): boolean {
  const { failure, version, alert, clientCertificateRequested } = handshake;
  if (outsideOffer(handshake, shape).length > 0) return true;
  if (failure === null || clientCertificateRequested) return false;
  if (REFUSALS.has(failure.code)) return alert?.code !== UNRECOGNISED_NAME;
  return CUTS.has(failure.code) && version === null;
}
