import type { Handshake } from "../probe/handshake.ts";
import { judge } from "../trust/judge.ts";
import { judgeOnce, judgeWithBreak } from "../trust/judge-with-break.ts";
import { profileOf } from "../trust/profiles.ts";
import type { Profile } from "../trust/profile.ts";
import type { JudgeInput, Verdict } from "../trust/verdict.ts";
import { internCertificate } from "../x509/certificate-cache.ts";
import { refusesLater } from "./client-auth/refused-later.ts";
import { completeClientAuthFindings } from "./client-auth/select-client-auth.ts";
import { asClient, type ClientView } from "./handshake/as-client.ts";
import type {
  Assessment,
  AssessmentContext,
  NamedTruststore,
  RelyingParty,
  RevocationFacts,
} from "./assessment.ts";
import { ownCertificate, primaryStore, surroundingsOf } from "./client-side.ts";
import { anchorsOnce, certificatesOf } from "./client-stores.ts";
import { anchoredInput } from "./anchored-input.ts";
import { diagnose } from "./diagnose.ts";
import type { Finding } from "./finding.ts";
import { handshakeFinding } from "./handshake-findings.ts";
import { rankFindings } from "./rank.ts";
import { withAttachments } from "./remedies/attachments.ts";
import { requestFinding } from "./request-findings.ts";
import { addressesFinding } from "./topology/addresses-differ.ts";
import { assessUnchecked } from "./estate/peer-check-off.ts";
import { investigatedFinding } from "./topology/hello-dropped.ts";
import { unexpectedAddressFinding } from "./topology/unexpected-address.ts";
import { type StoreState, usableAnchors } from "./store-state.ts";
import { storeFindings } from "./store-findings.ts";
import { nameToCheck } from "./words.ts";
import type { LocatedAnchor, Situation } from "./situation.ts";

/** Judges one handshake for one client and says what is wrong with it. */
export function assess(
  client: RelyingParty,
  asked: Handshake,
  context: AssessmentContext,
): Assessment {
  const profile = client.rules ?? profileOf(client.profile);
  const view = withInvestigation(asClient(asked, context.own ?? null, profile), context, profile);
  const { handshake } = view;
  const aboutStores = storeFindings(client, profile);
  const own = ownCertificate(client, profile, context, handshake);
  const aboutHandshake = view.explained ?? handshakeFinding(handshake, own);
  const aboutClient = completeClientAuthFindings(handshake, own, context.thresholds);
  const aboutRequest = requestFinding(handshake);
  const found = [aboutHandshake, ...aboutClient, aboutRequest].filter((one) => one !== null);
  const completes = handshake.outcome === "complete" && view.fits && !refusesLater(handshake, own);
  if (client.peerCheck === "none") {
    const checked = assess({ ...client, peerCheck: "chain" }, asked, {
      ...context,
      onlyAcceptance: false,
    });
    const unchecked = assessUnchecked(client, { handshake, completes, checked });
    if (context.onlyAcceptance === true) return { ...unchecked, findings: [] };
    const others = [
      ...view.findings,
      ...found,
      ...placeFindings(handshake, context, unchecked.ok),
      ...unchecked.findings,
    ];
    return { ...unchecked, findings: rankFindings(others, completes) };
  }
  if (handshake.certificates.length === 0) {
    const findings = [
      ...view.findings,
      ...found,
      ...aboutStores,
      ...placeFindings(handshake, context, false),
    ];
    return {
      client,
      handshake,
      verdict: null,
      ok: false,
      findings: rankFindings(findings, false),
      breaksAt: null,
    };
  }
  const { state, anchors } = usableAnchors(client, profile, aboutStores);
  const input: JudgeInput = {
    profile: client.profile,
    rules: profile,
    chain: handshake.certificates,
    anchors: certificatesOf(anchors),
    host: nameToCheck(handshake),
    nameCheck: client.nameCheck,
    purpose: "server",
    at: context.at,
    version: handshake.version,
    cipherSuite: handshake.cipherSuite,
    maxPathLength: null,
    ...evidenceOf(handshake, context.revocation, profile),
  };
  if (context.onlyAcceptance === true) {
    const verdict = judgeOnce(input);
    return {
      client,
      handshake,
      verdict: verdictFor(state, input, verdict),
      ok: state === "read" && verdict.accepted && completes,
      findings: [],
      breaksAt: null,
    };
  }
  const { verdict, breaks } = judgeWithBreak(input);
  let elsewhere: readonly LocatedAnchor[] | null = null;
  const store = primaryStore(client);
  const situation: Situation = {
    clientName: client.name,
    profile,
    handshake,
    verdict,
    sent: handshake.certificates.flatMap((der) => {
      const parsed = internCertificate(der);
      return parsed.ok ? [parsed.value] : [];
    }),
    anchors,
    // every anchor of the estate, which a chain that is accepted does not ask for
    get elsewhere() {
      return (elsewhere ??= anchorsElsewhere(client, context.otherTruststores));
    },
    store,
    truststores: client.truststores,
    running: client.running ?? null,
    judgeAgain: (path) => judge({ ...input, chain: path.map(({ der }) => der) }),
    judgeAnchored: (path, at) => judge(anchoredInput(input, path, at)),
    connect: context.connect ?? null,
    checksName: client.nameCheck !== "none",
    at: context.at,
    thresholds: context.thresholds,
    surroundings: surroundingsOf(client, store, context),
    unavailable: context.revocation?.unavailable ?? [],
    investigation: context.investigation ?? null,
    history: context.history ?? null,
    knownIssuers: context.knownIssuers ?? [],
    neighbours: context.neighbours ?? [],
    accepts: (chain) => judge({ ...input, chain }).trusted === true,
  };
  const isAccepted = state === "read" && verdict.accepted;
  // A link that does not work for another reason has no day on which it ends.
  const ahead = state === "read" && (view.fits || handshake.outcome === "failed") ? breaks : null;
  const findings = diagnose(situation, {
    breaks: ahead,
    known: [
      ...view.findings,
      ...found,
      ...aboutStores,
      ...placeFindings(handshake, context, isAccepted && completes),
    ],
    seesChain: view.seesChain,
    store: state,
  });
  const first = completes && isAccepted ? breaks : null;
  return {
    client,
    handshake,
    verdict: verdictFor(state, input, verdict),
    ok: isAccepted && completes,
    findings: withAttachments(findings, situation),
    breaksAt: first?.time ?? null,
    ahead: first === null ? null : { input, first },
  };
}

/** The anchors in stores of other names than the client's own. */
function anchorsElsewhere(
  { truststores }: RelyingParty,
  others: readonly NamedTruststore[],
): readonly LocatedAnchor[] {
  const own = new Set(truststores.map(({ name }) => name));
  return anchorsOnce(others, "openssl").filter(({ store }) => !own.has(store.name));
}

/** The client's verdict is about what it sees, not about what it would see; null where that is not known. */
function verdictFor(state: StoreState, input: JudgeInput, verdict: Verdict): Verdict | null {
  switch (state) {
    case "read":
      return verdict;
    case "repaired":
      return judge({ ...input, anchors: [] });
    case "unknown":
      return null;
  }
}

/** What a client meets, with what further conversations tell about the one that failed for it. */
interface ExplainedView extends ClientView {
  /** In place of the finding about the conversation that is judged; null where there is none. */
  readonly explained: Finding | null;
}

function withInvestigation(
  view: ClientView,
  { investigation, own }: AssessmentContext,
  profile: Profile,
): ExplainedView {
  const explained =
    investigation === undefined || investigation === null || isRefusedOffer(investigation.about)
      ? null
      : investigatedFinding(investigation, profile);
  if (explained === null) return { ...view, explained };
  // the client's own hello failed where another one came through
  if (investigation?.about === own)
    return { ...view, findings: view.isExplained ? view.findings : [explained], explained: null };
  return { ...view, explained: view.handshake.outcome === "failed" ? explained : null };
}

/** Further conversations offer everything: they tell nothing about one client's offer that a server refuses as such. */
function isRefusedOffer({ hello, failure }: Handshake): boolean {
  return hello !== "wide" && failure?.code === "alert-received";
}

/** Findings about where the name leads, whatever the chain is worth. */
function placeFindings(
  handshake: Handshake,
  { addresses = [], expectedAddresses, history = null }: AssessmentContext,
  ok: boolean,
): readonly Finding[] {
  return [
    addressesFinding(addresses),
    unexpectedAddressFinding(handshake, { expected: expectedAddresses, history, ok }),
  ].filter((finding) => finding !== null);
}

function evidenceOf(
  { ocspStaple }: Handshake,
  facts: RevocationFacts | undefined,
  { rules }: Profile,
): Pick<JudgeInput, "crls" | "ocspResponses" | "revocation"> {
  return {
    crls: facts?.crls,
    ocspResponses: [...(ocspStaple === null ? [] : [ocspStaple]), ...(facts?.ocspResponses ?? [])],
    // who looks at whatever there is does so wherever it comes from
    revocation: facts?.use === "report" && rules.kind !== "strict" ? "none" : undefined,
  };
}
