import type { Delivery } from "../alerts/alert-rows.ts";
import type { Alert, Notification } from "../alerts/alert.ts";
import type { Clock } from "../clock.ts";
import type { Health } from "../health.ts";
import type { DaemonLog } from "../log.ts";
import type { DeliveryFailure, Notifier } from "./notifier.ts";

/** What a dispatcher works with. */
export interface DispatcherOptions {
  readonly clock: Clock;
  readonly log: DaemonLog;
  readonly health: Health;
  /** Keeps what became of a message. */
  readonly record: (delivery: Delivery) => void;
  /** What fires now and is to be told to a notifier. */
  readonly firing: (notifier: string) => readonly Alert[];
  /** Counts a message that was taken or given up. @default nobody counts */
  readonly count?: (notifier: string, outcome: "delivered" | "dead") => void;
}

const SECOND = 1000;
const FIRST_DELAY = 5 * SECOND;
const LAST_DELAY = 600 * SECOND;

/** Milliseconds after which a message that nobody takes is given up. */
const GIVE_UP = 24 * 3600 * SECOND;

/** Milliseconds for which a message from before the start is tried at least, however old the clock makes it. */
const LEAST_TRIED = 3600 * SECOND;

/** Milliseconds that a receiver has for one message. */
const PATIENCE = 30 * SECOND;

/** Messages that wait for one receiver; beyond it the oldest are given up. */
const MAX_WAITING = 10_000;

/** The messages for one receiver, in order. */
interface Queue {
  notifier: Notifier;
  readonly waiting: Delivery[];
  isBusy: boolean;
  delay: number;
  /** Whether the last reminder was not taken. */
  isDeaf: boolean;
  cancelRetry: (() => void) | null;
  cancelReminder: () => void;
}

/** Sends messages, each receiver's in order, again and again until it takes them or a day has passed. */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #queues = new Map<string, Queue>();
  /** When each message that waits is given up, by id, on the clock that nobody sets. */
  readonly #giveUpAt = new Map<string, number>();
  readonly #stopping = new AbortController();

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /** Messages that wait for a receiver to take them. */
  get waiting(): number {
    return [...this.#queues.values()].reduce((sum, { waiting }) => sum + waiting.length, 0);
  }

  /** Records again what waits: what held it before is gone. */
  rewrite(): void {
    for (const { waiting } of this.#queues.values())
      for (const each of waiting) this.#options.record(each);
  }

  /** Messages that wait, by receiver. */
  get waitingByReceiver(): ReadonlyMap<string, number> {
    return new Map([...this.#queues].map(([name, { waiting }]) => [name, waiting.length]));
  }

  /** Sends to other receivers from now on. What waits for one that is gone is given up. */
  async adopt(notifiers: readonly Notifier[]): Promise<void> {
    const next = new Map(notifiers.map((notifier) => [notifier.name, notifier]));
    const gone: Notifier[] = [];
    for (const [name, queue] of this.#queues) {
      gone.push(queue.notifier);
      const notifier = next.get(name);
      if (notifier === undefined) this.#drop(name, queue);
      else queue.notifier = notifier;
    }
    for (const notifier of notifiers) {
      if (this.#queues.has(notifier.name)) continue;
      const queue: Queue = {
        notifier,
        waiting: [],
        isBusy: false,
        delay: FIRST_DELAY,
        isDeaf: false,
        cancelRetry: null,
        cancelReminder: () => {},
      };
      this.#queues.set(notifier.name, queue);
      this.#scheduleReminder(queue);
    }
    await Promise.all(gone.map((notifier) => notifier.close()));
  }

  /** Takes messages that were recorded as waiting before. */
  enqueue(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) {
      const queue = this.#queues.get(delivery.notification.notifier);
      if (queue === undefined) {
        this.#settle(delivery, "dead", "The estate has no such notifier any more");
        continue;
      }
      queue.waiting.push(delivery);
      this.#giveUpAt.set(delivery.notification.id, this.#endOfPatience(delivery.notification));
      if (queue.waiting.length > MAX_WAITING) {
        const [oldest] = queue.waiting.splice(queue.isBusy ? 1 : 0, 1);
        if (oldest !== undefined) this.#settle(oldest, "dead", "Too many messages wait");
      }
    }
    for (const queue of this.#queues.values()) void this.#work(queue);
  }

  /** Stops sending. What waits stays recorded as waiting. */
  async close(): Promise<void> {
    this.#stopping.abort();
    for (const queue of this.#queues.values()) {
      queue.cancelRetry?.();
      queue.cancelReminder();
    }
    await Promise.all([...this.#queues.values()].map(({ notifier }) => notifier.close()));
  }

  #drop(name: string, queue: Queue): void {
    queue.cancelRetry?.();
    queue.cancelReminder();
    this.#queues.delete(name);
    this.#options.health.clear("notifier-failing", name);
    for (const delivery of queue.waiting.splice(0))
      this.#settle(delivery, "dead", "The estate has no such notifier any more");
  }

  async #work(queue: Queue): Promise<void> {
    if (queue.isBusy || queue.cancelRetry !== null) return;
    queue.isBusy = true;
    try {
      for (let [next] = queue.waiting; next !== undefined; [next] = queue.waiting) {
        if (this.#stopping.signal.aborted) return;
        const failure = await this.#send(queue.notifier, this.#present(queue, next.notification));
        if (this.#stopping.signal.aborted || !this.#isHead(queue, next)) return;
        if (failure !== null && this.#isWorthRetrying(failure, next)) {
          this.#postpone(queue, next, failure);
          return;
        }
        queue.waiting.shift();
        this.#conclude(queue, next, failure);
      }
    } finally {
      queue.isBusy = false;
    }
  }

  /** Whether a message still waits where it did before it was sent. */
  #isHead(queue: Queue, { notification }: Delivery): boolean {
    return queue.waiting[0]?.notification.id === notification.id;
  }

  /**
   * A receiver that is reminded keeps states, not events: the beginning of what is over by now would wake people, so
   * it is told with its end.
   */
  #present({ notifier, waiting }: Queue, notification: Notification): Notification {
    if (notifier.reminder === null) return notification;
    const { id } = notification.alert;
    const latest = waiting.findLast((each) => each.notification.alert.id === id);
    return latest === undefined
      ? notification
      : { ...notification, alert: latest.notification.alert };
  }

  async #send(notifier: Notifier, notification: Notification): Promise<DeliveryFailure | null> {
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(PATIENCE)]);
    try {
      const sent = await notifier.send(notification, signal);
      return sent.ok ? null : sent.error;
    } catch (error) {
      this.#options.log.error(
        { notifier: notifier.name, error: String(error) },
        "Notifier ended in a defect",
      );
      return { retry: true, message: "The notifier ended in a defect", retryAfter: null };
    }
  }

  #isWorthRetrying({ retry }: DeliveryFailure, { notification }: Delivery): boolean {
    return retry && this.#options.clock.monotonic() < (this.#giveUpAt.get(notification.id) ?? 0);
  }

  #endOfPatience({ createdAt }: Notification): number {
    const { clock } = this.#options;
    const age = Math.max(0, clock.wall() - createdAt);
    return clock.monotonic() + Math.max(GIVE_UP - age, LEAST_TRIED);
  }

  #postpone(queue: Queue, delivery: Delivery, { message, retryAfter }: DeliveryFailure): void {
    const { clock, health, record } = this.#options;
    const tried = { ...delivery, attempts: delivery.attempts + 1, error: message };
    queue.waiting[0] = tried;
    record(tried);
    health.raise(
      "notifier-failing",
      queue.notifier.name,
      `Messages to ${queue.notifier.name} are not taken: ${message}`,
    );
    queue.cancelRetry = clock.after(Math.max(queue.delay, retryAfter ?? 0), () => {
      queue.cancelRetry = null;
      void this.#work(queue);
    });
    // what a receiver is not reminded of for long is over for it
    queue.delay = Math.min(2 * queue.delay, queue.notifier.reminder?.every ?? LAST_DELAY);
  }

  #conclude(queue: Queue, delivery: Delivery, failure: DeliveryFailure | null): void {
    const { health } = this.#options;
    const { name } = queue.notifier;
    queue.delay = FIRST_DELAY;
    queue.isDeaf = false;
    const tried = { ...delivery, attempts: delivery.attempts + 1 };
    if (failure === null) {
      health.clear("notifier-failing", name);
      this.#settle(tried, "delivered", null);
    } else {
      health.raise(
        "notifier-failing",
        name,
        `A message to ${name} was given up: ${failure.message}`,
      );
      this.#settle(tried, "dead", failure.message);
    }
  }

  #settle(delivery: Delivery, state: "delivered" | "dead", error: string | null): void {
    const { clock, log, record } = this.#options;
    this.#giveUpAt.delete(delivery.notification.id);
    if (state === "dead") {
      const { id, notifier, event, alert } = delivery.notification;
      log.error({ notification: id, notifier, event, alert: alert.id }, `Given up: ${error}`);
    }
    this.#options.count?.(delivery.notification.notifier, state);
    record({ ...delivery, state, error, settledAt: clock.wall() });
  }

  #scheduleReminder(queue: Queue): void {
    const { reminder } = queue.notifier;
    if (reminder === null) return;
    queue.cancelReminder = this.#options.clock.after(reminder.every, () => {
      void this.#remind(queue).finally(() => {
        if (this.#queues.get(queue.notifier.name) === queue && !this.#stopping.signal.aborted)
          this.#scheduleReminder(queue);
      });
    });
  }

  /** Reminds a receiver of what fires. What fails is not kept: the next reminder says the same. */
  async #remind(queue: Queue): Promise<void> {
    const { notifier, waiting } = queue;
    const { firing, log } = this.#options;
    const alerts = firing(notifier.name);
    if (waiting.length > 0 || notifier.reminder === null) return;
    if (alerts.length === 0) {
      this.#reminded(queue, null);
      return;
    }
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(PATIENCE)]);
    try {
      const sent = await notifier.reminder.send(alerts, signal);
      if (!this.#stopping.signal.aborted) this.#reminded(queue, sent.ok ? null : sent.error);
    } catch (error) {
      log.error({ notifier: notifier.name, error: String(error) }, "Notifier ended in a defect");
    }
  }

  #reminded(queue: Queue, failure: DeliveryFailure | null): void {
    const { health } = this.#options;
    const { name } = queue.notifier;
    if (failure !== null)
      health.raise(
        "notifier-failing",
        name,
        `What fires cannot be told to ${name} again: ${failure.message}`,
      );
    // other trouble ends with the next message that is taken
    else if (queue.isDeaf) health.clear("notifier-failing", name);
    queue.isDeaf = failure !== null;
  }
}
