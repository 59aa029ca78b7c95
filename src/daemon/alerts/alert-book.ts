import type { EstateAlerts, Maintenance } from "../../estate/alerts/alerts.ts";
import { isOpen } from "../../estate/windows/time-window.ts";
import type { Alert, AlertLink } from "./alert.ts";
import { inMaintenance } from "./maintenance.ts";
import type { Signal } from "./signals.ts";

/** What became of an alert. */
export interface AlertChange {
  /** `changed`: it goes on with other links or words; `dropped`: it was over before it fired. */
  readonly kind: "pending" | "firing" | "changed" | "resolved" | "dropped";
  readonly alert: Alert;
}

/** What an alert keeps of a signal. */
type Sign = Pick<Signal, "source" | "link" | "breaksAt" | "summary" | "remedy"> & {
  /** Null where the sign stems from before the start and its link was not looked at since. */
  readonly labels: Signal["labels"] | null;
};

/** An alert with the signs that it rests on. */
interface Entry {
  alert: Alert;
  readonly signs: Map<string, Sign>;
  /** Every link that ever had the cause, by source. */
  readonly affected: Map<string, AlertLink>;
  /** Whether signs changed since the alert was made of them. */
  isStale: boolean;
}

/**
 * Keeps every alert: what comes, what has held long enough, what is over. Has no clock: the time is an argument, in
 * milliseconds since 1970, and does not run backwards.
 */
export class AlertBook {
  #settings: EstateAlerts;
  readonly #newId: () => string;
  readonly #entries = new Map<string, Entry>();
  /** Keys of the alerts that a source contributes to. */
  readonly #bySource = new Map<string, Set<string>>();

  /**
   * @param saved alerts from before the start: those that are not resolved go on with the links that they had until
   * these were looked at
   */
  constructor(settings: EstateAlerts, saved: readonly Alert[], newId: () => string) {
    this.#settings = settings;
    this.#newId = newId;
    for (const alert of saved) this.#restore(alert);
  }

  /** Every alert that is pending or fires, oldest first. */
  get active(): readonly Alert[] {
    return this.#alerts.filter(({ status }) => status !== "resolved");
  }

  get #alerts(): readonly Alert[] {
    return [...this.#entries.values()].map(({ alert }) => alert);
  }

  /** Takes other rules over; alerts of rules that are gone lose their signs. */
  configure(settings: EstateAlerts, at: number): void {
    this.#settings = settings;
    const names = new Set(settings.rules.map(({ name }) => name));
    for (const entry of this.#entries.values())
      if (!names.has(entry.alert.rule))
        for (const source of entry.signs.keys()) this.#remove(entry, source, at);
  }

  /** Makes signals the only ones of one source. What follows from them is told by `tick`. */
  put(source: string, signals: readonly Signal[], at: number): void {
    const wanted = new Map(signals.map((signal) => [signal.key, signal]));
    for (const key of this.#bySource.get(source) ?? []) {
      const entry = this.#entries.get(key);
      if (entry !== undefined && !wanted.has(key)) this.#remove(entry, source, at);
    }
    for (const signal of wanted.values()) this.#add(source, signal, at);
  }

  /** Takes away the signals of every source that is none of these. */
  retain(sources: ReadonlySet<string>, at: number): void {
    for (const source of this.#bySource.keys()) if (!sources.has(source)) this.put(source, [], at);
  }

  /** Lets time pass: what has held long enough fires, what has been gone long enough is over. */
  tick(at: number): readonly AlertChange[] {
    const windows = this.#settings.maintenance.filter(({ time }) => isOpen(time, at));
    return [...this.#entries.values()].flatMap((entry) => this.#evaluate(entry, at, windows) ?? []);
  }

  /** Moves every time by as much as the clock was set: what was measured stays as long as it was. */
  shift(milliseconds: number): void {
    const moved = (time: number | null): number | null =>
      time === null ? null : time + milliseconds;
    for (const entry of this.#entries.values()) {
      const { alert } = entry;
      entry.alert = {
        ...alert,
        since: alert.since + milliseconds,
        firedAt: moved(alert.firedAt),
        goneSince: moved(alert.goneSince),
        resolvedAt: moved(alert.resolvedAt),
        changes: alert.changes.map((time) => time + milliseconds),
      };
    }
  }

  /** Notes that people were told of an alert. */
  markTold(key: string): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) entry.alert = { ...entry.alert, told: true };
  }

  #restore(alert: Alert): void {
    const sign = {
      labels: null,
      breaksAt: alert.breaksAt,
      summary: alert.summary,
      remedy: alert.remedy,
    };
    const sources =
      alert.status === "resolved" || alert.goneSince !== null
        ? []
        : alert.links.length === 0
          ? [{ source: watcherSource(alert.key), link: null }]
          : alert.links.map((link) => ({ source: linkSource(link), link }));
    const entry: Entry = { alert, signs: new Map(), affected: new Map(), isStale: false };
    for (const { source, link } of sources) {
      entry.signs.set(source, { ...sign, source, link });
      if (link !== null) entry.affected.set(source, link);
      this.#note(source, alert.key);
    }
    this.#entries.set(alert.key, entry);
  }

  #add(source: string, signal: Signal, at: number): void {
    let entry = this.#entries.get(signal.key);
    if (entry === undefined || entry.alert.status === "resolved") {
      const alert = this.#begin(signal, entry?.alert.changes ?? [], at);
      entry = { alert, signs: new Map(), affected: new Map(), isStale: true };
      this.#entries.set(signal.key, entry);
    } else if (entry.alert.goneSince !== null) {
      const changes = this.#recent([...entry.alert.changes, at], at);
      entry.alert = { ...entry.alert, goneSince: null, changes };
    }
    const known = entry.signs.get(source);
    entry.signs.set(source, signal);
    if (signal.link !== null) entry.affected.set(source, signal.link);
    entry.isStale ||=
      known === undefined || known.breaksAt !== signal.breaksAt || known.summary !== signal.summary;
    this.#note(source, signal.key);
  }

  #begin(
    { key, rule, code, summary, remedy, breaksAt }: Signal,
    changes: readonly number[],
    at: number,
  ): Alert {
    const { name, severity, labels } = rule;
    return {
      id: this.#newId(),
      key,
      rule: name,
      severity,
      labels,
      code,
      summary,
      remedy,
      links: [],
      breaksAt,
      status: "pending",
      since: at,
      firedAt: null,
      goneSince: null,
      resolvedAt: null,
      changes: this.#recent([...changes, at], at),
      muted: false,
      told: false,
    };
  }

  #remove(entry: Entry, source: string, at: number): void {
    entry.signs.delete(source);
    entry.isStale = true;
    const keys = this.#bySource.get(source);
    keys?.delete(entry.alert.key);
    if (keys?.size === 0) this.#bySource.delete(source);
    if (entry.signs.size > 0 || entry.alert.status !== "firing") return;
    const changes = this.#recent([...entry.alert.changes, at], at);
    entry.alert = { ...entry.alert, goneSince: at, changes };
  }

  #note(source: string, key: string): void {
    const keys = this.#bySource.get(source);
    if (keys === undefined) this.#bySource.set(source, new Set([key]));
    else keys.add(key);
  }

  #evaluate(entry: Entry, at: number, windows: readonly Maintenance[]): AlertChange | null {
    const { alert, signs } = entry;
    switch (alert.status) {
      case "resolved":
        if (at - (alert.resolvedAt ?? 0) >= this.#settings.flapping.within)
          this.#entries.delete(alert.key);
        return null;
      case "pending":
        if (signs.size > 0) return this.#evaluatePending(entry, at, windows);
        this.#entries.delete(alert.key);
        return { kind: "dropped", alert };
      case "firing":
        return signs.size > 0 ? this.#refresh(entry, at, windows) : this.#evaluateGone(entry, at);
    }
  }

  #evaluatePending(entry: Entry, at: number, windows: readonly Maintenance[]): AlertChange | null {
    const isNew = entry.alert.links.length === 0 && entry.isStale;
    const changed = this.#refresh(entry, at, windows);
    const { alert } = entry;
    const hold = this.#settings.rules.find(({ name }) => name === alert.rule)?.hold ?? 0;
    if (alert.muted || at - alert.since < hold || !isFresh(entry))
      return isNew ? { kind: "pending", alert } : changed;
    entry.alert = { ...alert, status: "firing", firedAt: at };
    return { kind: "firing", alert: entry.alert };
  }

  #evaluateGone(entry: Entry, at: number): AlertChange | null {
    const { flapping, resolveAfter } = this.#settings;
    const goneSince = entry.alert.goneSince ?? at;
    const patience = this.#isFlapping(entry.alert, goneSince)
      ? Math.max(flapping.within, resolveAfter)
      : resolveAfter;
    if (entry.alert.goneSince !== null && at - goneSince >= patience) {
      const links = [...entry.affected.values()];
      entry.alert = { ...entry.alert, status: "resolved", resolvedAt: at, links };
      return { kind: "resolved", alert: entry.alert };
    }
    if (!entry.isStale) return null;
    entry.isStale = false;
    entry.alert = { ...entry.alert, goneSince };
    return { kind: "changed", alert: entry.alert };
  }

  /** Whether an alert came and went so often lately that its end is not believed at once. */
  #isFlapping({ changes }: Alert, at: number): boolean {
    return this.#recent(changes, at).length >= this.#settings.flapping.changes;
  }

  #recent(changes: readonly number[], at: number): readonly number[] {
    return changes.filter((time) => at - time <= this.#settings.flapping.within);
  }

  /** Gives an alert the links and words of its signs; null where nothing changed. */
  #refresh(entry: Entry, at: number, windows: readonly Maintenance[]): AlertChange | null {
    const { alert, signs } = entry;
    const muted = isMuted(entry, windows, at);
    if (!entry.isStale && muted === alert.muted) return null;
    entry.isStale = false;
    const [first] = signs.values();
    const breaks = [...signs.values()].flatMap(({ breaksAt }) => breaksAt ?? []);
    entry.alert = {
      ...alert,
      muted,
      summary: first?.summary ?? alert.summary,
      remedy: first?.remedy ?? alert.remedy,
      links: [...signs.values()].flatMap(({ link }) => link ?? []),
      breaksAt: breaks.length === 0 ? null : breaks.reduce((a, b) => Math.min(a, b)),
    };
    return { kind: "changed", alert: entry.alert };
  }
}

/** Whether every sign comes from a link in maintenance. */
function isMuted({ alert, signs }: Entry, windows: readonly Maintenance[], at: number): boolean {
  if (windows.length === 0) return false;
  for (const { link, labels } of signs.values()) {
    if (labels === null && alert.muted) continue;
    if (link === null || !inMaintenance(windows, { ...link, labels: labels ?? {} }, at))
      return false;
  }
  return true;
}

/** Whether something was seen since the start. */
function isFresh({ signs }: Entry): boolean {
  for (const { labels } of signs.values()) if (labels !== null) return true;
  return false;
}

/** The source of a link's signals. */
function linkSource({ client, endpoint }: AlertLink): string {
  return JSON.stringify([client, endpoint]);
}

/** The source of a watcher's signal, which is what its key says behind the rule. */
function watcherSource(key: string): string {
  const [, ...about] = JSON.parse(key) as readonly string[];
  return JSON.stringify(about);
}
