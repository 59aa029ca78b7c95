import type {
  HistoryFacts,
  PastAnswer,
  VersionChange,
} from "../diagnosis/comparison/history-facts.ts";
import type { Handshake } from "../probe/handshake.ts";
import type { RecordedAnswer } from "./history-reader.ts";
import type { Observation } from "./observe.ts";

/** Answers of each address that are read from the history when its endpoint is looked at first. */
export const REMEMBERED_ANSWERS = 8;

/** Answers before the present one that are kept for an address. */
const MOST_PREVIOUS = 4;

/** How long addresses of before are told of, in milliseconds. */
const NEWS = 7 * 86_400_000;

/** What one address sent before its present answer. */
interface AddressPast {
  readonly previous: readonly PastAnswer[];
  /** Milliseconds since 1970: when the present answer came first. */
  readonly since: number;
}

interface Past {
  readonly addresses: Map<string, AddressPast>;
  /** The latest change of the version, by address. */
  readonly versions: Map<string, VersionChange>;
  /** Where the endpoint answered before its addresses changed; null while they never did. */
  moved: { readonly at: number; readonly from: HistoryFacts["addresses"] } | null;
}

/** What endpoints sent before, as far as it differs from what they send now: nothing is kept of those that stay. */
export class EndpointPast {
  readonly #past = new Map<string, Past>();

  /** Takes what the history knows of an endpoint that was not looked at since the start. */
  remember(name: string, answers: readonly RecordedAnswer[], now: Observation): void {
    if (answers.length === 0) return;
    const present = chainsOf(now);
    const lastSeen = new Map<string, number>();
    for (const [address, chain] of present) {
      const own = distinct(answers.filter((answer) => answer.address === address));
      const last = own.at(-1);
      if (last === undefined) continue;
      const version = versionChange(
        answers.filter((answer) => answer.address === address),
        { version: chain.version, at: now.at },
      );
      if (version !== null) this.#entry(name).versions.set(address, version);
      if (sameChain(last.certificates, chain.certificates))
        this.#note(name, address, { previous: own.slice(0, -1), since: last.firstSeen });
      else this.#note(name, address, { previous: own, since: now.at });
    }
    for (const answer of answers) lastSeen.set(answer.address, answer.lastSeen);
    this.#move(name, lastSeen, { present, at: now.at });
  }

  /** Compares two looks at an endpoint. */
  observed(name: string, before: Observation, now: Observation): void {
    const [past, present] = [chainsOf(before), chainsOf(now)];
    for (const [address, { certificates, version }] of present) {
      const old = past.get(address);
      if (old === undefined) continue;
      if (old.version !== null && version !== null && old.version !== version) {
        const change = { was: old.version, is: version, lastSeen: before.at, since: now.at };
        this.#entry(name).versions.set(address, change);
      }
      if (sameChain(old.certificates, certificates)) continue;
      const known = this.#past.get(name)?.addresses.get(address);
      const answer: PastAnswer = {
        certificates: old.certificates,
        version: old.version,
        firstSeen: known?.since ?? before.at,
        lastSeen: before.at,
      };
      this.#note(name, address, { previous: [...(known?.previous ?? []), answer], since: now.at });
    }
    const lastSeen = new Map([...past.keys()].map((address) => [address, before.at]));
    this.#move(name, lastSeen, { present, at: now.at });
  }

  /** What is known of the past of an address of an endpoint; null where nothing changed. */
  facts(name: string, { address }: Handshake, at: number): HistoryFacts | null {
    const past = this.#past.get(name);
    if (past === undefined || address === null) return null;
    const own = past.addresses.get(address);
    const moved = past.moved !== null && at - past.moved.at < NEWS ? past.moved.from : [];
    const version = past.versions.get(address) ?? null;
    if (own === undefined && moved.length === 0 && version === null) return null;
    return { previous: own?.previous ?? [], since: own?.since ?? null, addresses: moved, version };
  }

  /** Forgets an endpoint that is reached in another way now. */
  forget(name: string): void {
    this.#past.delete(name);
  }

  #entry(name: string): Past {
    let past = this.#past.get(name);
    if (past === undefined) {
      past = { addresses: new Map(), versions: new Map(), moved: null };
      this.#past.set(name, past);
    }
    return past;
  }

  #note(name: string, address: string, { previous, since }: AddressPast): void {
    if (previous.length === 0) return;
    const kept = previous.slice(-MOST_PREVIOUS);
    this.#entry(name).addresses.set(address, { previous: kept, since });
  }

  #move(
    name: string,
    lastSeen: ReadonlyMap<string, number>,
    { present, at }: { present: ReadonlyMap<string, Handshake>; at: number },
  ): void {
    const isNew = [...present.keys()].some((address) => !lastSeen.has(address));
    if (!isNew || lastSeen.size === 0) return;
    const from = [...lastSeen].map(([address, seen]) => ({ address, lastSeen: seen }));
    this.#entry(name).moved = { at, from };
  }
}

/** One conversation with certificates for each address. */
function chainsOf({ handshakes }: Observation): ReadonlyMap<string, Handshake> {
  const chains = new Map<string, Handshake>();
  for (const { handshake } of handshakes) {
    const { address, certificates } = handshake;
    if (address !== null && certificates.length > 0 && !chains.has(address))
      chains.set(address, handshake);
  }
  return chains;
}

/** Whether two servers' answers hold the same certificates in the same order. */
export function sameChain(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  // octets that were kept from one look to the next need no comparison
  if (a === b) return true;
  return (
    a.length === b.length &&
    a.every((der, index) => Buffer.compare(der, b[index] ?? new Uint8Array()) === 0)
  );
}

/** The latest change of the version, where the present one is known; answers of one address, oldest first. */
function versionChange(
  answers: readonly RecordedAnswer[],
  { version: is, at }: { readonly version: string | null; readonly at: number },
): VersionChange | null {
  const old = answers.findLast(({ version }) => version !== null && version !== is);
  if (is === null || old?.version === undefined || old.version === null) return null;
  const later = answers.slice(answers.indexOf(old) + 1).find(({ version }) => version === is);
  return { was: old.version, is, lastSeen: old.lastSeen, since: later?.firstSeen ?? at };
}

/** Answers that differ from the one before; times in which an address gave the same are joined. */
function distinct(answers: readonly RecordedAnswer[]): readonly PastAnswer[] {
  const found: PastAnswer[] = [];
  for (const { certificates, version, firstSeen, lastSeen } of answers) {
    const last = found.at(-1);
    if (last !== undefined && sameChain(last.certificates, certificates))
      found[found.length - 1] = { ...last, lastSeen };
    else found.push({ certificates, version, firstSeen, lastSeen });
  }
  return found;
}
