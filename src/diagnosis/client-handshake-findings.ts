import type { Handshake } from "../probe/handshake.ts";
import {
  type OfferNames,
  offerNames,
  type OfferPart,
  outsideOffer,
} from "../probe/hellos/outside-offer.ts";
import { versionName, Version } from "../probe/tls/versions.ts";
import { clientHandshake, type ClientHandshake } from "../trust/client-handshake.ts";
import type { Profile } from "../trust/profile.ts";
import { misfitMessage } from "./client-handshake-words.ts";
import type { Finding } from "./finding.ts";
import { makeFinding } from "./make-finding.ts";
import { answerText, listed, misfitText } from "./offer-words.ts";
import { hostPort } from "./words.ts";

/** What one client would come to know of the conversations that were made. */
export interface ClientView {
  /** The conversation to judge and to show: the client's own where it completes. */
  readonly handshake: Handshake;
  /** Whether this client would get through the handshake, whatever it makes of the chain. */
  readonly fits: boolean;
  /** Whether this client would come to see the chain. */
  readonly seesChain: boolean;
  readonly findings: readonly Finding[];
}

/** Primes that every current client accepts, in bits (RFC 9325 section 4.1). */
const WANTED_PRIME = 2048;

/**
 * Holds what a server agreed to against what a client offers and accepts.
 * @param handshake begun with the wide hello, or with the one that was asked for
 * @param own begun with the client's own hello, where the other one might mislead; null when none was made
 */
export function asClient(
  handshake: Handshake,
  own: Handshake | null,
  profile: Profile,
): ClientView {
  const limits = clientHandshake(profile);
  if (own !== null && own.outcome === "failed" && !own.clientCertificateRequested)
    return refusedView(handshake, own, { limits, profile });
  const shown = own ?? handshake;
  const outside =
    own === null && limits.shape !== null ? outsideOffer(handshake, limits.shape) : [];
  const refusal = ownRefusal(shown, outside, { limits, profile });
  if (refusal !== null) return { handshake: shown, fits: false, ...refusal };
  const notes = [openQuestion(shown, outside, profile), acceptedPrime(shown, outside, profile)];
  return {
    handshake: shown,
    fits: shown.outcome === "complete",
    seesChain: true,
    findings: notes.filter((finding) => finding !== null),
  };
}

interface Client {
  readonly limits: ClientHandshake;
  readonly profile: Profile;
}

/** The server, or something in front of it, does not take the client's own hello. */
function refusedView(
  handshake: Handshake,
  own: Handshake,
  { limits, profile }: Client,
): ClientView {
  const view = { handshake, fits: false, seesChain: false };
  const { shape } = limits;
  if (shape === null || handshake.version === null) return { ...view, findings: [] };
  const where = hostPort(handshake.endpoint);
  const offer = offerNames(shape);
  const outside = outsideOffer(handshake, shape);
  const answer = answerText(own);
  const { alert } = own;
  const clientMessage =
    alert?.direction === "received" ? misfitMessage(profile, { kind: "alert", alert }) : null;
  if (outside.includes("version") || alert?.code === 70)
    return {
      ...view,
      findings: [
        makeFinding("handshake.version", {
          severity: "critical",
          summary: `${where} negotiates ${handshake.version}; ${profile.title} offers ${listed(offer.versions)}, and its hello ends ${answer}`,
          remedy: versionRemedy(handshake, offer),
          clientMessage,
        }),
      ],
    };
  const client = profile.title;
  const chosen = outside.map((part) => misfitText(part, handshake, { offer, client }));
  const reason =
    chosen.length === 0
      ? `what it negotiates otherwise (${[handshake.cipherSuite, handshake.group].filter((name) => name !== null).join(", ")}) is within the offer`
      : chosen.join("; ");
  return {
    ...view,
    findings: [
      makeFinding("handshake.no-common-parameters", {
        severity: "critical",
        summary: `${where} has nothing in common with ${profile.title}, whose hello ends ${answer}: ${reason}`,
        remedy: parameterRemedy(outside),
        clientMessage,
      }),
    ],
  };
}

/** What the client itself refuses although the server is willing. */
function ownRefusal(
  { endpoint, version, signatureScheme, keyExchange }: Handshake,
  outside: readonly OfferPart[],
  { limits, profile }: Client,
): Pick<ClientView, "findings" | "seesChain"> | null {
  const where = hostPort(endpoint);
  const isOlderThan = (limit: number): boolean =>
    version !== null && OLDER.indexOf(version) > OLDER.indexOf(versionName(limit));
  if (isOlderThan(limits.oldestVersion))
    return {
      seesChain: false,
      findings: [
        makeFinding("handshake.version", {
          severity: "critical",
          summary: `${where} negotiates ${version} at best; ${profile.title} accepts nothing older than ${versionName(limits.oldestVersion)}`,
          remedy: [ENABLE_VERSIONS],
        }),
      ],
    };
  if (outside.length > 0) return null;
  if (isOlderThan(limits.oldestSignedVersion) && signatureScheme !== null)
    return {
      seesChain: true,
      findings: [
        makeFinding("handshake.version", {
          severity: "critical",
          summary: `${where} negotiates ${version} at best, where it signs with MD5 and SHA-1; ${profile.title} offers that version but refuses such signatures`,
          remedy: [ENABLE_VERSIONS],
          clientMessage: misfitMessage(profile, { kind: "old-signature" }),
        }),
      ],
    };
  const bits = keyExchange?.kind === "dhe" ? keyExchange.bits : null;
  if (bits === null || bits >= limits.leastPrime) return null;
  return {
    seesChain: true,
    findings: [
      makeFinding("handshake.weak-key-exchange", {
        severity: "critical",
        summary: `${where} agrees on keys with a Diffie-Hellman prime of ${bits} bits; ${profile.title} refuses fewer than ${limits.leastPrime}`,
        remedy: PRIME_REMEDY,
        clientMessage: misfitMessage(profile, { kind: "small-prime" }),
      }),
    ],
  };
}

/** A prime that this client bears and others do not. */
function acceptedPrime(
  { endpoint, keyExchange }: Handshake,
  outside: readonly OfferPart[],
  profile: Profile,
): Finding | null {
  const bits = keyExchange?.kind === "dhe" ? keyExchange.bits : null;
  if (bits === null || bits >= WANTED_PRIME || outside.length > 0) return null;
  return makeFinding("handshake.weak-key-exchange", {
    severity: "warning",
    summary: `${hostPort(endpoint)} agrees on keys with a Diffie-Hellman prime of ${bits} bits; ${profile.title} accepts it, clients that ask for ${WANTED_PRIME} do not`,
    remedy: PRIME_REMEDY,
  });
}

/** A choice outside of the offer says nothing about what the server would choose from it. */
function openQuestion(
  handshake: Handshake,
  outside: readonly OfferPart[],
  profile: Profile,
): Finding | null {
  const { shape, hello } = clientHandshake(profile);
  if (outside.length === 0 || shape === null) return null;
  const offer = offerNames(shape);
  const texts = outside.map((part) =>
    misfitText(part, handshake, { offer, client: profile.title }),
  );
  return makeFinding("handshake.no-common-parameters", {
    severity: "info",
    summary: `Whether ${hostPort(handshake.endpoint)} has anything in common with ${profile.title} was not asked: ${texts.join("; ")}`,
    remedy: [`Ask with the hello of that client: --hello ${hello}`],
  });
}

const OLDER: readonly string[] = [
  Version.tls13,
  Version.tls12,
  Version.tls11,
  Version.tls10,
  Version.ssl30,
].map(versionName);

const ENABLE_VERSIONS = "Enable TLS 1.2 or TLS 1.3 on the server";

const PRIME_REMEDY = [
  "Enable ECDHE cipher suites on the server, and take those with DHE out",
  "Or give the server Diffie-Hellman parameters of 2048 bits or more (RFC 7919)",
] as const;

function versionRemedy({ version }: Handshake, { versions }: OfferNames): readonly string[] {
  const isNewer = versions.every(
    (offered) => version !== null && OLDER.indexOf(version) < OLDER.indexOf(offered),
  );
  return isNewer
    ? [
        `Enable ${versions[0] ?? "TLSv1.2"} beside ${version} on the server`,
        "Or update the client to a release that knows it",
      ]
    : [ENABLE_VERSIONS];
}

function parameterRemedy(outside: readonly OfferPart[]): readonly string[] {
  const steps: Readonly<Record<OfferPart, string>> = {
    version: ENABLE_VERSIONS,
    "cipher-suite": "Enable an ECDHE cipher suite with AES-GCM on the server",
    group: "Enable the groups x25519 and secp256r1 on the server",
    "signature-scheme":
      "Let the server sign with SHA-256, and give it a certificate with an RSA or ECDSA P-256 key",
  };
  const parts = outside.length === 0 ? (["cipher-suite", "group"] as const) : outside;
  return parts.map((part) => steps[part]);
}
