import { hash } from "node:crypto";
import type { Finding, Severity } from "../../diagnosis/finding.ts";
import type { EstateLink } from "../../estate/estate.ts";
import type { Certificate } from "../../x509/certificate.ts";
import type { Cause, CauseKind, StorePlace } from "./cause.ts";

/** A link that one piece of work keeps from breaking. */
export interface SavedLink extends EstateLink {
  /** When this cause breaks it, ms since 1970. */
  readonly at: number;
}

/** A link for which the work is needed as well, but which breaks before for another cause. */
export interface LaterLink extends SavedLink {
  readonly before: { readonly at: number; readonly work: string };
}

/** One thing to be done: the renewal of one certificate, wherever it is installed. */
export interface Work {
  /** The same for the same certificate in the same role, whatever it saves. */
  readonly id: string;
  readonly kind: CauseKind;
  readonly certificate: Certificate;
  /** By when, ms since 1970. */
  readonly deadline: number;
  /** How soon that is by the estate's thresholds; `info`: later than the warning. */
  readonly severity: Severity;
  /** Endpoints that send it: their owners install what is new. */
  readonly endpoints: readonly string[];
  /** Truststores that hold it. */
  readonly stores: readonly StorePlace[];
  /** Clients that show it for themselves. */
  readonly clients: readonly string[];
  /** Labels that all those endpoints have in common. */
  readonly labels: Readonly<Record<string, string>>;
  /** Links of which it is the first cause; each is in the list of one piece of work only. */
  readonly links: readonly SavedLink[];
  readonly later: readonly LaterLink[];
  /** What is said of the first link, with the steps of the repair; null where none is the first cause. */
  readonly finding: Finding | null;
}

const ids = new WeakMap<Certificate, Map<CauseKind, string>>();

/** The name of a piece of work. */
export function workId({ kind, certificate }: Pick<Cause, "kind" | "certificate">): string {
  const known = ids.get(certificate) ?? new Map<CauseKind, string>();
  ids.set(certificate, known);
  let id = known.get(kind);
  if (id === undefined) {
    id = hash("sha256", JSON.stringify([kind, certificate.sha256]), "hex").slice(0, 16);
    known.set(kind, id);
  }
  return id;
}

/** A cause of one link, on its way into a piece of work. */
export interface LinkCause {
  readonly link: EstateLink;
  readonly cause: Cause;
  readonly severity: Severity;
  /** The first cause of the same link; null when this is it. */
  readonly before: Cause | null;
  readonly finding: Finding | null;
  /** Labels of the endpoint. */
  readonly labels: Readonly<Record<string, string>>;
}

const SEVERITIES: Readonly<Record<Severity, number>> = { critical: 0, warning: 1, info: 2 };

/** Collects the causes of many links into pieces of work. */
export class WorkList {
  readonly #drafts = new Map<string, Draft>();

  /** Adds a cause of a link. */
  add(found: LinkCause): void {
    const id = workId(found.cause);
    const draft = this.#drafts.get(id) ?? newDraft(found);
    this.#drafts.set(id, draft);
    const { link, cause, severity, before, finding, labels } = found;
    if (before === null) draft.links.push({ ...link, at: cause.at });
    else
      draft.later.push({
        ...link,
        at: cause.at,
        before: { at: before.at, work: workId(before) },
      });
    if (cause.at < draft.deadline) draft.deadline = cause.at;
    if (SEVERITIES[severity] < SEVERITIES[draft.severity]) draft.severity = severity;
    if (cause.isSent) {
      if (!draft.endpoints.has(link.endpoint))
        draft.labels = draft.endpoints.size === 0 ? labels : shared(draft.labels, labels);
      draft.endpoints.add(link.endpoint);
    }
    if (cause.kind === "client-certificate") draft.clients.add(link.client);
    for (const place of cause.places) draft.stores.set(JSON.stringify(place), place);
    draft.finding ??= finding;
  }

  /** Every piece of work, the most urgent first; of equal ones the one that saves more. */
  finish(): readonly Work[] {
    return [...this.#drafts]
      .map(([id, { endpoints, stores, clients, ...draft }]) => ({
        ...draft,
        id,
        endpoints: [...endpoints],
        stores: [...stores.values()],
        clients: [...clients],
      }))
      .toSorted((a, b) => a.deadline - b.deadline || b.links.length - a.links.length);
  }
}

interface Draft {
  readonly kind: CauseKind;
  readonly certificate: Certificate;
  deadline: number;
  severity: Severity;
  readonly endpoints: Set<string>;
  readonly stores: Map<string, StorePlace>;
  readonly clients: Set<string>;
  labels: Readonly<Record<string, string>>;
  readonly links: SavedLink[];
  readonly later: LaterLink[];
  finding: Finding | null;
}

const newDraft = ({ cause, severity }: LinkCause): Draft => ({
  kind: cause.kind,
  certificate: cause.certificate,
  deadline: cause.at,
  severity,
  endpoints: new Set(),
  stores: new Map(),
  clients: new Set(),
  labels: {},
  links: [],
  later: [],
  finding: null,
});

const shared = (
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(a).filter(([name, value]) => Object.hasOwn(b, name) && b[name] === value),
  );
