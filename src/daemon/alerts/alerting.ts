import type { AlertRule, EstateAlerts, EstateNotifier } from "../../estate/alerts/alerts.ts";
import type { Clock } from "../clock.ts";
import type { Health } from "../health.ts";
import { linkKey, type LinkState } from "../link-state.ts";
import type { DaemonLog } from "../log.ts";
import { inTurns } from "../turns.ts";
import { type AlertChange, AlertBook } from "./alert-book.ts";
import type { AlertEntry, Delivery } from "./alert-rows.ts";
import type { Alert, NotificationEvent } from "./alert.ts";
import { linkSignals, tellsBlindness, watcherSignals } from "./signals.ts";

/** What alerting works with. */
export interface AlertingOptions {
  readonly clock: Clock;
  readonly log: DaemonLog;
  readonly health: Health;
  /** Makes an id of 32 hexadecimal digits that no other call made. */
  readonly newId: () => string;
  /** Puts alerts and the messages about them on disk, all or none. */
  readonly record: (entry: AlertEntry) => void;
  /** Sends messages that are on disk. */
  readonly send: (deliveries: readonly Delivery[]) => void;
  /** Takes note of a clock that was set, by how many milliseconds. @default nobody */
  readonly clockSet?: (milliseconds: number) => void;
  /** Whether the links of an endpoint tell nothing now, because the watcher itself may be blind. @default never */
  readonly withholds?: (endpoint: string) => boolean;
  /** What was on disk at the start. */
  readonly saved: readonly Alert[];
}

/** The links of the estate, and what each is at a moment. */
export interface LinksNow {
  readonly links: readonly LinkState[];
  readonly present: (client: string, endpoint: string) => LinkState | undefined;
}

/** Milliseconds between two looks at what has held long enough. */
const TICK = 1000;

/** Milliseconds after which changes of an alert that goes on are put on disk. */
const WRITE_AFTER = 10_000;

/** Milliseconds by which the clocks differ more than they do by themselves. */
const LEAST_JUMP = 10_000;

/** Turns what is judged into alerts, puts them on disk and hands the messages on, in this order. */
export class Alerting {
  readonly #options: AlertingOptions;
  readonly #book: AlertBook;
  #settings: EstateAlerts;
  #notifiers: readonly EstateNotifier[];
  #rules: ReadonlyMap<string, AlertRule>;
  /** Alerts that changed and are not on disk yet. */
  readonly #unwritten = new Map<string, Alert>();
  #writtenAt: number;
  #watcherSources: ReadonlySet<string> = new Set();
  readonly #followers = new Set<(changes: readonly AlertChange[]) => void>();
  #cancelTick: () => void = () => {};
  #clocks: { readonly wall: number; readonly monotonic: number };

  constructor(
    options: AlertingOptions,
    settings: EstateAlerts,
    notifiers: readonly EstateNotifier[],
  ) {
    this.#options = options;
    this.#settings = settings;
    this.#notifiers = notifiers;
    this.#rules = rulesByName(settings);
    this.#book = new AlertBook(settings, options.saved, options.newId);
    this.#clocks = clocksOf(options.clock);
    this.#writtenAt = this.#clocks.wall;
    this.#scheduleTick();
  }

  /** Every alert that is pending or fires, oldest first. */
  get active(): readonly Alert[] {
    return this.#book.active;
  }

  /** What fires, was told, and is to be told to a notifier. */
  firingFor(notifier: string): readonly Alert[] {
    return this.active.filter(
      ({ status, told, muted, rule }) =>
        status === "firing" && told && !muted && this.#isTold(rule, notifier),
    );
  }

  /** Calls back after changes, until the returned function is called. */
  follow(follower: (changes: readonly AlertChange[]) => void): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  /**
   * Takes other rules and notifiers over, and the links that there are now.
   * @param present tells what a link is when its turn comes
   */
  async adopt(
    settings: EstateAlerts,
    notifiers: readonly EstateNotifier[],
    { links, present }: LinksNow,
  ): Promise<void> {
    const at = this.#options.clock.wall();
    this.#settings = settings;
    this.#notifiers = notifiers;
    this.#rules = rulesByName(settings);
    this.#book.configure(settings, at);
    const sources = new Set<string>();
    for await (const group of inTurns(links))
      for (const { client, endpoint } of group) sources.add(linkKey(client, endpoint));
    if (this.#settings !== settings) return;
    for (const source of this.#watcherSources) sources.add(source);
    this.#book.retain(sources, at);
    for await (const group of inTurns(links)) {
      if (this.#settings !== settings) return;
      for (const { client, endpoint } of group) {
        const link = present(client, endpoint);
        if (link !== undefined) this.judged(link);
      }
    }
  }

  /** Takes note of a link that was judged. */
  judged(link: LinkState): void {
    if (link.state === "pending" || this.#isWithheld(link)) return;
    const at = this.#options.clock.wall();
    const source = linkKey(link.client, link.endpoint);
    this.#book.put(source, linkSignals(link, this.#settings.rules, at), at);
  }

  /** What is said of a link that cannot be reached stays as it was while nothing can be: that is told once. */
  #isWithheld({ endpoint }: LinkState): boolean {
    return tellsBlindness(this.#settings.rules) && this.#options.withholds?.(endpoint) === true;
  }

  /** Puts every alert that is not over on disk again: what held them before is gone. */
  rewrite(): void {
    for (const alert of this.active) this.#unwritten.set(alert.id, alert);
    this.#write({ alerts: [], dropped: [], deliveries: [] });
  }

  /** Puts what is not on disk yet there, and stops. */
  close(): void {
    this.#cancelTick();
    this.#write({ alerts: [], dropped: [], deliveries: [] });
  }

  #scheduleTick(): void {
    this.#cancelTick = this.#options.clock.after(TICK, () => {
      this.tick();
      this.#scheduleTick();
    });
  }

  /** Tells what has become of the alerts since the last time. Called every second. */
  tick(): void {
    const { clock, health } = this.#options;
    this.#followClock();
    const at = clock.wall();
    this.#watch(health, at);
    const changes = this.#book.tick(at);
    const settled: Alert[] = [];
    const dropped: string[] = [];
    const deliveries: Delivery[] = [];
    for (const change of changes) {
      switch (change.kind) {
        case "dropped":
          dropped.push(change.alert.id);
          this.#unwritten.delete(change.alert.id);
          break;
        case "pending":
        case "changed":
          this.#unwritten.set(change.alert.id, change.alert);
          break;
        case "firing":
          deliveries.push(...this.#messages("firing", change.alert, at));
          this.#book.markTold(change.alert.key);
          settled.push({ ...change.alert, told: true });
          break;
        case "resolved":
          if (change.alert.told) deliveries.push(...this.#messages("resolved", change.alert, at));
          settled.push(change.alert);
          break;
      }
    }
    const isDue = this.#unwritten.size > 0 && at - this.#writtenAt >= WRITE_AFTER;
    if (settled.length > 0 || dropped.length > 0 || isDue)
      this.#write({ alerts: settled, dropped, deliveries });
    if (changes.length > 0) for (const follower of this.#followers) follower(changes);
    for (const { kind, alert } of changes) this.#log(kind, alert);
    if (deliveries.length > 0) this.#options.send(deliveries);
  }

  /** A clock that is set makes nothing older: neither fires what is new, nor stays what is over. */
  #followClock(): void {
    const { wall, monotonic } = this.#clocks;
    this.#clocks = clocksOf(this.#options.clock);
    const jump = this.#clocks.wall - wall - (this.#clocks.monotonic - monotonic);
    if (Math.abs(jump) < LEAST_JUMP) return;
    this.#book.shift(jump);
    this.#writtenAt += jump;
    this.#options.log.warn({ milliseconds: Math.round(jump) }, "The clock was set");
    this.#options.clockSet?.(jump);
  }

  #watch({ problems }: Health, at: number): void {
    const signals = watcherSignals(problems, this.#settings.rules);
    const bySource = Map.groupBy(signals, ({ source }) => source);
    for (const source of this.#watcherSources)
      if (!bySource.has(source)) this.#book.put(source, [], at);
    for (const [source, group] of bySource) this.#book.put(source, group, at);
    this.#watcherSources = new Set(bySource.keys());
  }

  #messages(event: NotificationEvent, alert: Alert, createdAt: number): readonly Delivery[] {
    return this.#notifiers
      .filter(
        ({ name, resolved }) =>
          this.#isTold(alert.rule, name) && (event !== "resolved" || resolved),
      )
      .map(({ name }) => ({
        notification: { id: this.#options.newId(), notifier: name, event, alert, createdAt },
        state: "waiting",
        attempts: 0,
        error: null,
        settledAt: null,
      }));
  }

  #isTold(rule: string, notifier: string): boolean {
    const wanted = this.#rules.get(rule)?.notify ?? null;
    return wanted === null || wanted.includes(notifier);
  }

  #write(entry: AlertEntry): void {
    const fresh = new Map(entry.alerts.map((alert) => [alert.id, alert]));
    const alerts = [
      ...[...this.#unwritten.values()].filter(({ id }) => !fresh.has(id)),
      ...fresh.values(),
    ];
    this.#unwritten.clear();
    this.#writtenAt = this.#options.clock.wall();
    if (alerts.length > 0 || entry.dropped.length > 0 || entry.deliveries.length > 0)
      this.#options.record({ ...entry, alerts });
  }

  #log(kind: AlertChange["kind"], { id, rule, severity, links, summary }: Alert): void {
    if (kind !== "firing" && kind !== "resolved") return;
    const { log } = this.#options;
    const facts = { alert: id, rule, severity, links: links.length };
    if (kind === "firing") log.warn(facts, `Alert fires: ${summary}`);
    else log.info(facts, `Alert is over: ${summary}`);
  }
}

const clocksOf = ({
  wall,
  monotonic,
}: Clock): { readonly wall: number; readonly monotonic: number } => ({
  wall: wall(),
  monotonic: monotonic(),
});

function rulesByName({ rules }: EstateAlerts): ReadonlyMap<string, AlertRule> {
  return new Map(rules.map((rule) => [rule.name, rule]));
}
