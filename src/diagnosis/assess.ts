import type { Handshake } from "../probe/handshake.ts";
import type { Investigation } from "../probe/investigation/investigation.ts";
import type { Break } from "../trust/breaks-at.ts";
import { judge } from "../trust/judge.ts";
import { judgeOnce, judgeWithBreak } from "../trust/judge-with-break.ts";
import { profileOf } from "../trust/profiles.ts";
import type { Profile } from "../trust/profile.ts";
import type { ProfileName } from "../trust/profile-names.ts";
import type { ClientSystem, ServerSystem } from "../trust/system-names.ts";
import type { JudgeInput, NameCheck, PeerCheck, Verdict } from "../trust/verdict.ts";
import type { StoreError, Truststore } from "../truststore/truststore.ts";
import { internCertificate } from "../x509/certificate-cache.ts";
import type { Result } from "../x509/result.ts";
import type { OwnCertificate } from "./client-auth/own-certificate.ts";
import { refusesLater } from "./client-auth/refused-later.ts";
import { completeClientAuthFindings } from "./client-auth/select-client-auth.ts";
import { asClient, type ClientView } from "./handshake/as-client.ts";
import { anchorsOnce, certificatesOf, storeFacts } from "./client-stores.ts";
import type { HistoryFacts } from "./comparison/history-facts.ts";
import type { KnownIssuer } from "./comparison/known-issuer.ts";
import type { Neighbour } from "./comparison/neighbour.ts";
import { anchoredInput } from "./anchored-input.ts";
import { diagnose } from "./diagnose.ts";
import type { Finding } from "./finding.ts";
import { handshakeFinding } from "./handshake-findings.ts";
import { rankFindings } from "./rank.ts";
import { withAttachments } from "./remedies/attachments.ts";
import { likelySystem, type Surroundings } from "./remedies/surroundings.ts";
import { requestFinding } from "./request-findings.ts";
import { addressesFinding } from "./topology/addresses-differ.ts";
import { assessUnchecked } from "./estate/peer-check-off.ts";
import { investigatedFinding } from "./topology/hello-dropped.ts";
import { unexpectedAddressFinding } from "./topology/unexpected-address.ts";
import { type StoreState, usableAnchors } from "./store-state.ts";
import { storeFindings } from "./store-findings.ts";
import { nameToCheck } from "./words.ts";
import type { ClientProcess, LocatedAnchor, Situation, StoreFacts } from "./situation.ts";

/** Time before a break from which it is reported, in milliseconds. */
export interface Thresholds {
  readonly warning: number;
  readonly critical: number;
}

/** A truststore by name, with what reading it gave. */
export interface NamedTruststore {
  readonly name: string;
  readonly store: Result<Truststore, StoreError>;
  /** Where its password is, as `--truststore-password` takes it. @default none is given */
  readonly passwordSpec?: string | null;
}

/** A relying party, ready to judge: profile, truststores that were read, name check. */
export interface RelyingParty {
  /** Name in the estate; the profile's name when there is no estate. */
  readonly name: string;
  readonly profile: ProfileName;
  /** Rules in place of the profile's own; null or absent for those. */
  readonly rules?: Profile | null;
  readonly truststores: readonly NamedTruststore[];
  /** Whether it checks chains at all. @default chain */
  readonly peerCheck?: PeerCheck;
  readonly nameCheck: NameCheck;
  /** The client's own certificate and those that it sends with it, DER; null when none is configured. */
  readonly ownChain: readonly Uint8Array[] | null;
  /** Why the certificate that is configured for it cannot be used, in one sentence. @default it can, or there is none */
  readonly ownProblem?: string | null;
  /** The system that it runs in; null or absent when nobody said. */
  readonly system?: ClientSystem | null;
  /** Words of the command line by which `check` judges as this client. @default made up from profile and truststore */
  readonly commandWords?: readonly string[] | null;
  /** What is known about its running process; null or absent when nobody looked. */
  readonly running?: ClientProcess | null;
}

/** What one client makes of one handshake, with the findings in order of rank, headline first. */
export interface Assessment {
  readonly client: RelyingParty;
  readonly handshake: Handshake;
  /** Null when no certificate was received, no truststore could be read, or the client checks nothing. */
  readonly verdict: Verdict | null;
  /** Whether the link works now: handshake complete, chain trusted, name accepted, client not refused afterwards. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  /** First moment (ms since 1970) at which this client's verdict turns bad; null when it is bad now or never turns. */
  readonly breaksAt: number | null;
  /**
   * What the judge was asked, and the break that it found: for whoever asks further, see breaksUntil.
   * @default null: the link does not work, or never breaks
   */
  readonly ahead?: { readonly input: JudgeInput; readonly first: Break } | null;
}

/** Circumstances of an assessment. */
export interface AssessmentContext {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly thresholds: Thresholds;
  /** `HOST:PORT` that was dialled instead of the endpoint's own, for the command that verifies a repair. */
  readonly connect?: string | null;
  /**
   * The conversation that began with this client's own hello, where the one that is judged might mislead.
   * @default none was made
   */
  readonly own?: Handshake | null;
  /** Truststores of the estate, for 'found in store X'. */
  readonly otherTruststores: readonly NamedTruststore[];
  /** What is known about revocation besides what the server staples. @default nothing */
  readonly revocation?: RevocationFacts | undefined;
  /** What further conversations with this address showed. @default none were made */
  readonly investigation?: Investigation | null;
  /** What the endpoint sent before. @default there is no history */
  readonly history?: HistoryFacts | null;
  /** CA certificates from elsewhere, for what the server does not send. @default none */
  readonly knownIssuers?: readonly KnownIssuer[];
  /** Conversations with every address of the endpoint, this one included, to be compared. @default they are not */
  readonly addresses?: readonly Handshake[];
  /** Addresses and networks (CIDR) that the endpoint is expected at. @default anywhere */
  readonly expectedAddresses?: readonly string[];
  /** Other endpoints of the same run. @default none */
  readonly neighbours?: readonly Neighbour[];
  /** The system that answers at the endpoint; null or absent when nobody said. */
  readonly serverSystem?: ServerSystem | null;
  /** Folder into which the certificates that remedies name are written. @default none */
  readonly extractTo?: string | null;
  /** Further words of the command line that the command of a remedy has to repeat. @default none */
  readonly commandWords?: readonly string[];
  /** Only whether the link works and by which path is asked: no findings, and no time of a break. @default everything */
  readonly onlyAcceptance?: boolean;
}

/** Revocation lists and responses by OCSP, DER, and where they come from. */
export interface RevocationFacts {
  readonly crls: readonly Uint8Array[];
  readonly ocspResponses: readonly Uint8Array[];
  /** `client`: the client has them, which switches its check on; `report`: they were asked for beside it. */
  readonly use: "client" | "report";
  /** Sources that did not answer. */
  readonly unavailable: readonly { readonly url: string; readonly message: string }[];
}

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

/** The system in which a client's own certificate is configured; null where profile and store do not tell. */
function identitySystem(client: RelyingParty): ClientSystem | null {
  if ((client.system ?? null) !== null) return client.system ?? null;
  const likely = likelySystem(client.profile, primaryStore(client).format ?? null);
  return likely === "java" || likely === "api-gateway" || likely === "gskit" ? likely : null;
}

/** What is known about the client's own certificate, and of certificates that may belong into its chain. */
function ownCertificate(
  client: RelyingParty,
  profile: Profile,
  { at, otherTruststores, knownIssuers = [], serverSystem }: AssessmentContext,
  { certificates }: Handshake,
): OwnCertificate {
  const { ownChain, ownProblem = null, truststores } = client;
  return {
    ownChain,
    at,
    profile,
    problem: ownProblem,
    // looked at only where something is wrong with the certificate
    get sides() {
      return { client: identitySystem(client), server: serverSystem ?? null };
    },
    get known() {
      const sent = certificates.flatMap((der) => {
        const parsed = internCertificate(der);
        return parsed.ok ? [parsed.value] : [];
      });
      const stored = [truststores, otherTruststores].flatMap((stores) =>
        certificatesOf(anchorsOnce(stores, "openssl")),
      );
      return [...sent, ...stored, ...knownIssuers.map(({ certificate }) => certificate)];
    },
  };
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

function surroundingsOf(
  client: RelyingParty,
  { format }: StoreFacts,
  context: AssessmentContext,
): Surroundings {
  return {
    client: client.system ?? likelySystem(client.profile, format ?? null),
    isClientKnown: (client.system ?? null) !== null,
    server: context.serverSystem ?? null,
    folder: context.extractTo ?? null,
    clientWords: client.commandWords ?? null,
    words: context.commandWords ?? [],
  };
}

function primaryStore({ truststores }: RelyingParty): StoreFacts {
  for (const named of truststores) if (named.store.ok) return storeFacts(named, named.store.value);
  return {
    name: truststores[0]?.name ?? "the truststore",
    path: null,
    isJavaStore: false,
    isSystemStore: false,
    needsPassword: false,
  };
}
