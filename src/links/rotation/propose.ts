import type { NamedTruststore } from "../../diagnosis/assessment.ts";
import type { EstateLink } from "../../estate/estate.ts";
import type { StoreEntry } from "../../truststore/truststore.ts";
import { internCertificate } from "../../x509/certificate-cache.ts";
import type { LinkChange, WhatIf } from "../changes/what-if.ts";
import { whatIf } from "../changes/what-if.ts";
import type { Surroundings } from "../changes/world.ts";
import { anchorFor } from "./anchor-for.ts";
import { stepsOf } from "./proposed-steps.ts";
import type {
  Holder,
  Kept,
  ProposedChange,
  Rotation,
  RotationRequest,
  Source,
} from "./rotation.ts";

/** An estate as it is seen, and when. */
export interface RotationContext extends Surroundings {
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Times that a plan is judged and mended before it is taken as it is. */
const MAX_ROUNDS = 12;

/**
 * Proposes the changes by which certificates are replaced: stores get the successor first, then endpoints change, then
 * what nobody needs any more is removed. Whatever would break a working link is mended or left out, and the result is
 * judged as `whatif` would judge it.
 */
export function proposeRotation(request: RotationRequest, context: RotationContext): Rotation {
  const holders = holdersOf(request, context);
  const at = startOf(request, context.now);
  const draft: Draft = { adds: new Map(), removals: new Map(), kept: new Map() };
  for (const { truststore, entries } of holders) {
    const holdsCa = entries.some(({ sha256 }) => request.retired.has(sha256));
    if (holdsCa && request.successor !== null) addTo(draft, truststore, request.successor, context);
    draft.removals.set(truststore, entries);
  }
  let changes = changesOf(draft, request);
  let result = judged(changes, { ...context, at });
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const broken = result.links.filter(isHarmed);
    if (broken.length === 0 || !mend(draft, broken, request, context)) break;
    changes = changesOf(draft, request);
    result = judged(changes, { ...context, at });
  }
  const { order } = result;
  return {
    isCa: request.retired.size > 0,
    changes: order.kind === "safe" ? order.order.flatMap((step) => changes[step] ?? []) : changes,
    holders,
    kept: [...draft.kept].map(([truststore, links]): Kept => ({ truststore, links })),
    waiting: waitingFor(request, result),
    ownCertificates: ownBelow(request, context),
    at,
    result: order.kind === "safe" ? inNewOrder(result, order.order) : result,
  };
}

/** A link that is broken for another reason shall not lose the trust that it has, or its repair would fail. */
const isHarmed = ({ fate, before, after }: LinkChange): boolean =>
  fate === "breaks" ||
  (fate === "stays-broken" && before?.trusted === true && after?.trusted !== true);

interface Draft {
  /** By truststore, what it gets. */
  readonly adds: Map<string, Source[]>;
  readonly removals: Map<string, readonly StoreEntry[]>;
  readonly kept: Map<string, readonly EstateLink[]>;
}

const entriesOf = ({ store }: NamedTruststore): readonly StoreEntry[] =>
  store.ok ? store.value.files.flatMap(({ entries }) => entries) : [];

/** Stores with what is to go: retired CAs, and certificates of endpoints themselves that were trusted as such. */
function holdersOf(request: RotationRequest, context: RotationContext): readonly Holder[] {
  const gone = new Set([...request.retired, ...replacedLeaves(request, context)]);
  return context.truststores.flatMap((named) => {
    const entries = entriesOf(named).filter(({ sha256 }) => gone.has(sha256));
    if (entries.length === 0) return [];
    const clients = context.estate.clients.filter(({ truststores }) =>
      truststores.includes(named.name),
    );
    return [{ truststore: named.name, entries, clients: clients.map(({ name }) => name) }];
  });
}

/** The certificates that endpoints send now and will not any more. */
function replacedLeaves(
  { services }: RotationRequest,
  { observations }: RotationContext,
): readonly string[] {
  return services.flatMap(({ endpoint, chain }) => {
    const next = chain.entries[0]?.sha256;
    const seen = observations.get(endpoint)?.handshakes ?? [];
    return seen.flatMap(({ handshake: { certificates } }) => {
      const [leaf] = certificates;
      const read = leaf === undefined ? null : internCertificate(leaf);
      return read?.ok === true && read.value.sha256 !== next ? read.value.sha256 : [];
    });
  });
}

/** Whether something was added; what a store has is not added again. */
function addTo(
  { adds }: Draft,
  name: string,
  source: Source,
  { truststores }: Surroundings,
): boolean {
  const named = truststores.find((each) => each.name === name);
  if (named?.store.ok !== true) return false;
  const planned = adds.get(name) ?? [];
  const present = new Set(
    [...entriesOf(named), ...planned.flatMap(({ entries }) => entries)].map(({ sha256 }) => sha256),
  );
  if (source.entries.every(({ sha256 }) => present.has(sha256))) return false;
  adds.set(name, [...planned, source]);
  return true;
}

/** Takes back removals that links do not bear, or lets their clients trust what they lack; false where nothing helps. */
function mend(
  draft: Draft,
  broken: readonly LinkChange[],
  request: RotationRequest,
  context: RotationContext,
): boolean {
  const isServed = new Set(request.services.map(({ endpoint }) => endpoint));
  const extended = new Set<string>();
  const removals = new Map(draft.removals);
  let mended = false;
  for (const link of broken) {
    const stores =
      context.estate.clients.find(({ name }) => name === link.client)?.truststores ?? [];
    // a client of an endpoint that changes lacks the successor; others still need what they have
    const trusted =
      isServed.has(link.endpoint) &&
      (stores.some((store) => extended.has(store)) ||
        trustNew(draft, link, stores, { request, context, extended }));
    if (trusted) {
      mended = true;
      continue;
    }
    for (const store of blamed({ ...draft, removals }, link, stores)) {
      const known = draft.kept.get(store) ?? [];
      if (
        !known.some(({ client, endpoint }) => client === link.client && endpoint === link.endpoint)
      )
        draft.kept.set(store, [...known, { client: link.client, endpoint: link.endpoint }]);
      mended = draft.removals.delete(store) || mended;
    }
  }
  return mended;
}

/** The stores whose removal a link does not bear: those by which it was trusted, as far as that is known. */
function blamed(
  { removals, kept }: Draft,
  { before }: LinkChange,
  stores: readonly string[],
): readonly string[] {
  const anchors = new Set(before?.anchors);
  const removed = stores.filter((store) => removals.has(store));
  const used = removed.filter((store) =>
    removals.get(store)?.some(({ sha256 }) => anchors.has(sha256)),
  );
  return [...(used.length > 0 ? used : removed), ...stores.filter((store) => kept.has(store))];
}

function trustNew(
  draft: Draft,
  { endpoint }: EstateLink,
  stores: readonly string[],
  {
    request,
    context,
    extended,
  }: {
    readonly request: RotationRequest;
    readonly context: RotationContext;
    /** Stores that got something in this round; whether it helps is seen in the next one. */
    readonly extended: Set<string>;
  },
): boolean {
  const service = request.services.find((each) => each.endpoint === endpoint);
  const anchor =
    request.successor ??
    (service === undefined ? null : anchorFor(service.chain, context.truststores));
  if (anchor === null) return false;
  // a store that trusted what goes, and else the first one
  const [first] = [...stores.filter((store) => draft.removals.has(store)), ...stores];
  if (first === undefined || !addTo(draft, first, anchor, context)) return false;
  extended.add(first);
  return true;
}

const changesOf = (
  { adds, removals }: Draft,
  { services }: RotationRequest,
): readonly ProposedChange[] => [
  ...[...adds].flatMap(([truststore, sources]) =>
    sources.map((source): ProposedChange => ({ kind: "add", truststore, source })),
  ),
  ...services.map((service): ProposedChange => ({ kind: "serve", service })),
  ...[...removals].map(([truststore, entries]): ProposedChange => ({
    kind: "remove",
    truststore,
    entries,
  })),
];

function judged(
  changes: readonly ProposedChange[],
  context: RotationContext & { readonly at: number | null },
): WhatIf {
  return whatIf({
    ...context,
    plan: { ...stepsOf(changes, context), at: context.at },
  });
}

/** The result for a plan whose changes are written in the safe order. */
function inNewOrder(result: WhatIf, order: readonly number[]): WhatIf {
  const places = new Map(order.map((step, place) => [step, place]));
  return {
    ...result,
    steps: order.flatMap((step, change) => {
      const found = result.steps[step];
      return found === undefined ? [] : [{ ...found, change }];
    }),
    links: result.links.map((link) => ({
      ...link,
      steps: link.steps.map((step) => places.get(step) ?? step).toSorted((a, b) => a - b),
    })),
    faults: result.faults.map((fault) => ({
      ...fault,
      change: places.get(fault.change) ?? fault.change,
    })),
    order: { kind: "safe", order: order.map((_, place) => place) },
  };
}

/** The first moment from now on at which everything new is valid; null for now. */
function startOf({ successor, services }: RotationRequest, now: number): number | null {
  const starts = [successor, ...services.map(({ chain }) => chain)].flatMap((source) =>
    (source?.entries ?? []).flatMap(({ certificate }) =>
      certificate.ok ? certificate.value.notBefore : [],
    ),
  );
  const latest = Math.max(...starts, now);
  return latest > now ? latest : null;
}

/** Endpoints that are trusted by what goes, and stay as they are. */
function waitingFor({ retired, services }: RotationRequest, { links }: WhatIf): readonly string[] {
  const served = new Set(services.map(({ endpoint }) => endpoint));
  return [
    ...new Set(
      links
        .filter(({ before }) => before?.anchors?.some((anchor) => retired.has(anchor)) === true)
        .map(({ endpoint }) => endpoint),
    ),
  ].filter((endpoint) => !served.has(endpoint));
}

/** Clients whose own certificate was issued below what goes. */
function ownBelow(
  { retired }: RotationRequest,
  { clients, truststores }: RotationContext,
): readonly string[] {
  const subjects = new Set(
    truststores
      .flatMap(entriesOf)
      .flatMap(({ sha256, certificate }) =>
        retired.has(sha256) && certificate.ok ? certificate.value.subject.text : [],
      ),
  );
  return [...clients].flatMap(([name, { identity }]) => {
    const certificates =
      identity?.ok === true
        ? identity.value.keyring.certificates.flatMap(({ chain }) => chain)
        : [];
    const isBelow = certificates.some((der) => {
      const read = internCertificate(der);
      return read.ok && subjects.has(read.value.issuer.text);
    });
    return isBelow ? [name] : [];
  });
}
