import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { type Estate, formatProblem } from "../estate/estate.ts";
import type { Result } from "../x509/result.ts";
import { Alerting } from "./alerts/alerting.ts";
import type { Delivery } from "./alerts/alert-rows.ts";
import { type Clock, systemClock } from "./clock.ts";
import { ClockProblem } from "./clock-problem.ts";
import { FileWatch } from "./file-watch.ts";
import { Health } from "./health.ts";
import { History } from "./history.ts";
import { ImportNotices } from "./import-notices.ts";
import type { HttpAccess } from "./http/access/access.ts";
import { loadAccess } from "./http/access/load-tls.ts";
import { AdHocCheck } from "./http/api/ad-hoc-check.ts";
import { BlackboxProbes } from "./http/blackbox-probes.ts";
import { type HttpServer, startHttpServer } from "./http/server.ts";
import { filesOf, type Inventory, type InventoryReaders } from "./inventory.ts";
import type { ListenAddress } from "./listen-address.ts";
import { endpointOfKey } from "./link-state.ts";
import { LiveFeed } from "./http/live-feed.ts";
import type { DaemonLog } from "./log.ts";
import type { Sight } from "./network-sight.ts";
import { OwnMetrics } from "./own-metrics.ts";
import { Dispatcher } from "./notify/dispatcher.ts";
import { openNotifiers } from "./notify/open-notifiers.ts";
import type { Prober } from "./prober.ts";
import { Reloader } from "./reloader.ts";
import { type RememberedState, State } from "./state.ts";
import { loadPage } from "./http/static-page.ts";
import { systemProber } from "./system-prober.ts";
import { systemReaders } from "./system-readers.ts";
import { feedWatchdog, notifySystemd } from "./systemd.ts";
import { ProbePool } from "./threads/probe-pool.ts";
import { summariseTruststores, type TruststoreSummary } from "./truststore-summary.ts";
import { Watcher } from "./watcher.ts";

/** How a daemon is run. */
export interface DaemonOptions {
  /** As given by the user; relative to the working directory. */
  readonly estateFile: string;
  /** `HOST:PORT` instead of the estate's `http.listen`; port 0 takes any that is free. */
  readonly listen?: string | null;
  /** Ends the daemon. */
  readonly signal?: AbortSignal;
  readonly log: DaemonLog;
  /** How the network is reached. @default in threads of its own, through this machine */
  readonly prober?: Prober;
  /** How files and passwords are read. @default from this machine */
  readonly readers?: InventoryReaders;
  /** @default the system's */
  readonly clock?: Clock;
  /** Folder of the page's files. @default the one in the package */
  readonly pageFolder?: string;
  /** Milliseconds between two looks at the files of the estate. @default 2000 */
  readonly watchInterval?: number;
}

const PAGE_FOLDER = fileURLToPath(new URL("../../dist/page/", import.meta.url));
const WATCH_INTERVAL = 2000;

/** A daemon with everything that it holds open, from its first look to its end. */
export class DaemonProcess {
  readonly #options: DaemonOptions;
  readonly #clock: Clock;
  readonly #health: Health;
  readonly #state: State;
  readonly #watcher: Watcher;
  readonly #metrics: OwnMetrics;
  readonly #feed: LiveFeed;
  readonly #fileWatch: FileWatch;
  readonly #alerting: Alerting;
  readonly #dispatcher: Dispatcher;
  readonly #checks: AdHocCheck;
  readonly #probes: BlackboxProbes;
  /** Null where somebody else probes. */
  readonly #pool: ProbePool | null;
  readonly #clockProblem: ClockProblem;
  readonly #imports: ImportNotices;
  readonly #reloader: Reloader;
  readonly #onHangUp = (): void => void this.reload();
  readonly #onAbort = (): void => void this.close();
  #inventory: Inventory;
  #truststores: readonly TruststoreSummary[];
  #history: History;
  #server: HttpServer | null = null;
  /** Messages from before the start, until there is somebody to send them to. */
  #undelivered: readonly Delivery[];
  #isStarted = false;
  #stopFeeding: () => void = () => {};
  #closing: Promise<void> | null = null;

  constructor(options: DaemonOptions, inventory: Inventory) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#health = new Health(this.#clock, options.log);
    this.#inventory = inventory;
    this.#truststores = summariseTruststores(inventory);
    this.#clockProblem = new ClockProblem(this.#clock, this.#health);
    this.#history = this.#openHistory(inventory.estate);
    const states = this.#history.remembered();
    this.#state = new State(states);
    this.#pool =
      options.prober === undefined
        ? new ProbePool({ clock: this.#clock, health: this.#health })
        : null;
    const prober = options.prober ?? this.#pool ?? systemProber;
    this.#watcher = new Watcher({
      clock: this.#clock,
      random: Math.random,
      prober,
      state: this.#state,
      log: options.log,
      history: () => this.#history,
      metrics: () => this.#metrics,
      reachedBefore: reachedEndpoints(states),
      sightChanged: (sight, unreached) => this.#sightChanged(sight, unreached),
    });
    const { log } = options;
    const { alerts, notifiers } = inventory.estate;
    const ended = this.#clock.wall() - alerts.flapping.within;
    const remembered = this.#history.rememberedAlerts(ended);
    this.#undelivered = remembered.waiting;
    this.#dispatcher = new Dispatcher({
      clock: this.#clock,
      log,
      health: this.#health,
      record: (delivery) =>
        this.#history.record({ alerts: [], dropped: [], deliveries: [delivery] }),
      firing: (notifier) => this.#alerting.firingFor(notifier),
      count: (notifier, outcome) => this.#metrics.counts.notified(notifier, outcome),
    });
    this.#alerting = new Alerting(
      {
        clock: this.#clock,
        log,
        health: this.#health,
        newId: () => randomBytes(16).toString("hex"),
        record: (entry) => this.#history.record(entry),
        send: (deliveries) => this.#dispatcher.enqueue(deliveries),
        withholds: (endpoint) => this.#watcher.withholds(endpoint),
        clockSet: (milliseconds) => this.#clockProblem.set(milliseconds),
        saved: remembered.alerts,
      },
      alerts,
      notifiers,
    );
    this.#state.follow((change) => {
      if (change !== null) this.#alerting.judged(change.link);
    });
    this.#metrics = new OwnMetrics({
      scheduler: () => this.#watcher.statistics(),
      inFlight: () => this.#watcher.inFlight,
      alerts: () => this.#alerting.active,
      self: {
        clock: this.#clock,
        problems: () => this.#health.problems,
        history: () => this.#history,
        notifications: () => this.#dispatcher.waitingByReceiver,
        threads: () => this.#pool?.size ?? 0,
      },
    });
    this.#feed = new LiveFeed(this.#state, this.#clock, () => this.#alerting.active);
    this.#alerting.follow((changes) => {
      for (const { alert } of changes) this.#feed.alerted(alert);
    });
    const way = {
      prober,
      clock: this.#clock,
      inventory: () => this.#inventory,
    };
    this.#checks = new AdHocCheck(way);
    this.#probes = new BlackboxProbes(way);
    this.#imports = new ImportNotices(log);
    this.#reloader = new Reloader({
      estateFile: options.estateFile,
      readers: options.readers ?? systemReaders,
      log,
      health: this.#health,
      inventory: () => this.#inventory,
      access: (next) => this.#access(next),
      adopt: async (read, access) => {
        this.#server?.adopt(access);
        await this.#adopt(read.inventory, read.signature);
      },
      watch: ({ files, signature }) => this.#fileWatch.accept(files, signature),
      count: (outcome) => this.#metrics.counts.loaded(outcome),
    });
    this.#fileWatch = new FileWatch({
      clock: this.#clock,
      interval: options.watchInterval ?? WATCH_INTERVAL,
      changed: async () => {
        await this.reload();
      },
    });
    this.#state.adopt(inventory);
  }

  /** One alert for a network that is down, instead of one for each endpoint behind it. */
  #sightChanged(sight: Sight, unreached: readonly string[]): void {
    if (sight === "blind") {
      this.#health.raise("network-blind", "", BLIND);
      return;
    }
    this.#health.clear("network-blind", "");
    if (sight === "doubtful") return;
    const names = new Set(unreached);
    for (const link of this.#state.links) if (names.has(link.endpoint)) this.#alerting.judged(link);
  }

  /** Opens the page and the API. The error is one sentence. */
  async listen(address: ListenAddress): Promise<Result<HttpServer, string>> {
    const access = await this.#access(this.#inventory);
    if (!access.ok) return access;
    const folder = this.#options.pageFolder ?? PAGE_FOLDER;
    const page = await loadPage(folder);
    if (!page.has("/"))
      this.#health.raise(
        "page-missing",
        folder,
        `The live page is not built: there is no index.html in ${folder}`,
      );
    const server = await startHttpServer(
      {
        clock: this.#clock,
        log: this.#options.log,
        state: this.#state,
        health: this.#health,
        metrics: this.#metrics,
        feed: this.#feed,
        inventory: () => this.#inventory,
        observations: () => this.#watcher.observations,
        truststores: () => this.#truststores,
        alerts: () => this.#alerting.active,
        readHistory: (read) => this.#history.read(read),
        checks: this.#checks,
        probes: this.#probes,
        reload: () => this.reload(),
        page,
      },
      { listen: address, access: access.value },
    );
    if (server.ok) this.#server = server.value;
    return server;
  }

  #access({ estate, truststores }: Inventory): Promise<Result<HttpAccess, string>> {
    const { readers = systemReaders } = this.#options;
    return loadAccess(estate.http, truststores, readers.secret);
  }

  /** Begins to watch. */
  start(inventory: Inventory, signature: string): void {
    const { log, signal } = this.#options;
    this.#isStarted = true;
    process.on("SIGHUP", this.#onHangUp);
    if (signal?.aborted === true) this.#onAbort();
    else signal?.addEventListener("abort", this.#onAbort, { once: true });
    this.#reloader.after(this.#adopt(inventory, signature));
    log.info({ page: this.#server?.url, estate: inventory.estate.file }, "Watching");
    this.#metrics.counts.loaded("loaded");
    notifySystemd("--ready", log);
    this.#stopFeeding = feedWatchdog(this.#clock, log);
  }

  /** See RunningDaemon. */
  reload(): Promise<boolean> {
    return this.#reloader.reload();
  }

  async #adopt(inventory: Inventory, signature: string): Promise<void> {
    if (this.#closing !== null) return;
    const { log } = this.#options;
    const { estate, problems } = inventory;
    for (const notice of estate.notices) log.warn(formatProblem(notice));
    this.#imports.tell(estate);
    for (const code of [
      "truststore-unreadable",
      "identity-unreadable",
      "route-unreadable",
    ] as const)
      this.#health.replace(
        code,
        problems.filter((problem) => problem.code === code),
      );
    const { path } = this.#inventory.estate.history;
    if (path === estate.history.path) this.#history.keep(estate.history.keep);
    else {
      this.#history.close();
      for (const code of HISTORY_PROBLEMS) this.#health.clear(code, path);
      this.#history = this.#openHistory(estate);
      this.#rewrite();
    }
    if (needsRestart(this.#inventory.estate.http, estate.http))
      log.warn("Where and over what the daemon listens changes when it starts again");
    this.#fileWatch.accept(filesOf(estate), signature);
    await this.#openNotifiers(inventory);
    await this.#watcher.adopt(inventory, () => {
      this.#inventory = inventory;
      this.#truststores = summariseTruststores(inventory);
    });
    await this.#alerting.adopt(estate.alerts, estate.notifiers, {
      links: this.#state.links,
      present: (client, endpoint) => this.#state.link(client, endpoint),
    });
  }

  async #openNotifiers({ estate, truststores }: Inventory): Promise<void> {
    const { readers = systemReaders } = this.#options;
    const { notifiers, unusable } = await openNotifiers(estate.notifiers, {
      truststores,
      readSecret: readers.secret,
      page: estate.alerts.page ?? this.#server?.url ?? "",
      now: this.#clock.wall,
    });
    this.#health.replace("notifier-unusable", unusable);
    await this.#dispatcher.adopt(notifiers);
    const waiting = this.#undelivered;
    this.#undelivered = [];
    this.#dispatcher.enqueue(waiting);
  }

  #openHistory({ history: { path, keep } }: Estate): History {
    const begun = (): void => this.#rewrite();
    const lost = (): void => this.#metrics.counts.lost();
    return new History({ path, keep, clock: this.#clock, health: this.#health, begun, lost });
  }

  /** What is not over belongs into every history: a restart must neither forget nor repeat it. */
  #rewrite(): void {
    // the first history is opened before there is anything to keep
    if (!this.#isStarted) return;
    this.#alerting.rewrite();
    this.#dispatcher.rewrite();
  }

  /** See RunningDaemon. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { log, signal } = this.#options;
    notifySystemd("--stopping", log);
    process.off("SIGHUP", this.#onHangUp);
    signal?.removeEventListener("abort", this.#onAbort);
    this.#stopFeeding();
    this.#reloader.stop();
    this.#fileWatch.close();
    this.#watcher.stop();
    this.#checks.close();
    this.#probes.close();
    this.#feed.close();
    this.#alerting.close();
    this.#clockProblem.close();
    this.#metrics.counts.close();
    await this.#pool?.close();
    await this.#dispatcher.close();
    await this.#server?.close();
    this.#history.close();
    log.info("Stopped");
  }
}

/** Problems about a file of the history, which are over when another is used. */
const HISTORY_PROBLEMS = ["history-unavailable", "history-incomplete", "history-damaged"] as const;

const BLIND =
  "None of the endpoints can be reached any more: the network of the watcher itself is down, or what all its ways lead through";

/** Endpoints to which any link worked when the daemon ran last. */
function reachedEndpoints(states: ReadonlyMap<string, RememberedState>): ReadonlySet<string> {
  const works = [...states].filter(([, { state }]) => state === "ok" || state === "warning");
  return new Set(works.map(([key]) => endpointOfKey(key)));
}

const needsRestart = (before: Estate["http"], after: Estate["http"]): boolean =>
  before.host !== after.host ||
  before.port !== after.port ||
  (before.tls === null) !== (after.tls === null) ||
  (before.clientAuth === null) !== (after.clientAuth === null);
