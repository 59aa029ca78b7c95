import type { Handshake } from "../../probe/handshake.ts";
import { offerNames, type OfferPart, outsideOffer } from "../../probe/hellos/outside-offer.ts";
import { versionName } from "../../probe/tls/versions.ts";
import { clientHandshake, type ClientHandshake } from "../../trust/client-handshake.ts";
import type { Profile } from "../../trust/profile.ts";
import type { Finding } from "../finding.ts";
import { alertMessage } from "./client-words.ts";
import { clientTooOldFinding } from "./client-too-old.ts";
import { insecureRenegotiationFinding } from "./insecure-renegotiation.ts";
import type { Misfitting } from "./misfit.ts";
import { noCommonGroupFinding } from "./no-common-group.ts";
import { noCommonParametersFinding } from "./no-common-parameters.ts";
import { foreignCertificate, noCommonSignatureFinding } from "./no-common-signature.ts";
import { acceptedStaticRsaFinding, isStaticRsa, staticRsaFinding } from "./static-rsa.ts";
import {
  isOlder,
  oldSignatureFinding,
  refusedVersionFinding,
  serverTooOldFinding,
} from "./version.ts";
import { weakKeyExchangeFinding } from "./weak-key-exchange.ts";

/** What one client would come to know of the conversations that were made. */
export interface ClientView {
  /** The conversation to judge and to show: the client's own where it completes. */
  readonly handshake: Handshake;
  /** Whether this client would get through the handshake, whatever it makes of the chain. */
  readonly fits: boolean;
  /** Whether this client would come to see the chain. */
  readonly seesChain: boolean;
  /** Whether they say what the two sides lack; otherwise a hello was refused that fits, and the cause is still open. */
  readonly isExplained: boolean;
  readonly findings: readonly Finding[];
}

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
  if (refusal !== null) return { handshake: shown, fits: false, isExplained: true, ...refusal };
  const notes =
    outside.length > 0
      ? [openQuestion(shown, outside, { limits, profile })]
      : [
          weakKeyExchangeFinding(shown, profile, limits.leastPrime),
          acceptedStaticRsaFinding(shown, profile),
          insecureRenegotiationFinding(shown, profile),
        ];
  return {
    handshake: shown,
    fits: shown.outcome === "complete",
    seesChain: true,
    isExplained: false,
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
  const { shape, hello } = limits;
  if (shape === null || handshake.version === null)
    return { ...view, isExplained: false, findings: [] };
  const facts: Misfitting = {
    handshake,
    profile,
    offer: offerNames(shape),
    outside: outsideOffer(handshake, shape),
    own,
    clientMessage: alertMessage(profile, own.alert),
  };
  const isExplained =
    facts.outside.length > 0 ||
    own.alert?.code === PROTOCOL_VERSION ||
    foreignCertificate(facts) !== null;
  return { ...view, isExplained, findings: [misfitFinding(facts, hello)] };
}

/** Which of the ways not to fit it is: the first thing on which the two sides part. */
function misfitFinding(facts: Misfitting, hello: string | null): Finding {
  const { handshake, offer, outside, own } = facts;
  if (outside.includes("version") || own?.alert?.code === PROTOCOL_VERSION)
    return offer.versions.every((offered) => isOlder(offered, handshake.version ?? ""))
      ? clientTooOldFinding(facts, hello)
      : serverTooOldFinding(facts, hello);
  const lacksStaticRsa = !offer.cipherSuites.some(isStaticRsa);
  if (outside.includes("cipher-suite"))
    return isStaticRsa(handshake.cipherSuite) && lacksStaticRsa
      ? staticRsaFinding(facts, hello)
      : noCommonParametersFinding(facts, hello);
  const [part, ...others] = outside;
  const onlyGroup = part === "group" && others.length === 0;
  const onlySigns = part === "signature-scheme" && others.length === 0;
  // a group that was chosen from a longer list excludes no other one, a certificate stays the same
  const isCertificate =
    (part === undefined || (onlyGroup && own !== null)) && foreignCertificate(facts) !== null;
  if (onlySigns || isCertificate) return noCommonSignatureFinding(facts, hello);
  if (onlyGroup) return noCommonGroupFinding(facts, hello);
  return noCommonParametersFinding(facts, hello);
}

/** What the client itself refuses although the server is willing. */
function ownRefusal(
  handshake: Handshake,
  outside: readonly OfferPart[],
  { limits, profile }: Client,
): Pick<ClientView, "findings" | "seesChain"> | null {
  const { version, signatureScheme } = handshake;
  if (isOlder(version, versionName(limits.oldestVersion)))
    return {
      seesChain: false,
      findings: [refusedVersionFinding(handshake, profile, limits.oldestVersion)],
    };
  if (outside.length > 0) return null;
  const renegotiation = insecureRenegotiationFinding(handshake, profile);
  if (renegotiation?.severity === "critical")
    return { seesChain: false, findings: [renegotiation] };
  if (isOlder(version, versionName(limits.oldestSignedVersion)) && signatureScheme !== null)
    return { seesChain: true, findings: [oldSignatureFinding(handshake, profile)] };
  const prime = weakKeyExchangeFinding(handshake, profile, limits.leastPrime);
  return prime?.severity === "critical" ? { seesChain: true, findings: [prime] } : null;
}

/** A choice outside of the offer says nothing about what the server would choose from it. */
function openQuestion(
  handshake: Handshake,
  outside: readonly OfferPart[],
  { limits: { shape, hello }, profile }: Client,
): Finding | null {
  if (shape === null) return null;
  const offer = offerNames(shape);
  return misfitFinding(
    { handshake, profile, offer, outside, own: null, clientMessage: null },
    hello,
  );
}

/** The alert of a server that has none of the versions (RFC 8446 section 6.2). */
const PROTOCOL_VERSION = 70;
