import { randomBytes } from "node:crypto";
import { type WebSocket, WebSocketServer } from "ws";
import type { Clock } from "../clock.ts";
import { linkToJson } from "../link-json.ts";
import { alertToJson } from "../alert-json.ts";
import type { Alert } from "../alerts/alert.ts";
import type { LinkChange, State } from "../state.ts";
import { type FeedChange, RecentChanges } from "./recent-changes.ts";
import type { Resume, Upgrade } from "./upgrade.ts";

/** Limits of the live feed. */
export interface FeedLimits {
  /** Readers at once. @default 64 */
  readonly readers?: number;
  /** Bytes that may wait for one reader before changes are left out for it. @default 1 MiB */
  readonly buffered?: number;
  /** Milliseconds in which a reader must take or answer something. @default 30 s */
  readonly patience?: number;
  /** Changes that are kept for readers who come back. @default 5000 */
  readonly kept?: number;
}

interface Reader {
  readonly socket: WebSocket;
  /** Whether changes were left out since the last snapshot. */
  behind: boolean;
  /** When the reader last took what waited for it; monotonic milliseconds. */
  lastDrained: number;
  alive: boolean;
}

/** Messages from readers have no meaning, so only the frames of the protocol itself need room. */
const MAX_MESSAGE = 1024;

/**
 * Tells readers every change over WebSocket: first the whole, then one message per change. A reader that comes back
 * gets what it missed instead of the whole, as long as that is kept. A reader that does not keep up is left out until
 * it has taken what waits for it, and then gets the whole again; one that takes nothing is cut off.
 */
export class LiveFeed {
  readonly #state: State;
  readonly #clock: Clock;
  readonly #limits: Required<FeedLimits>;
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MAX_MESSAGE,
    perMessageDeflate: false,
  });
  readonly #readers = new Set<Reader>();
  /** Sequence numbers begin anew with every start, so that they count within a stream only. */
  readonly #stream = randomBytes(8).toString("hex");
  readonly #recent: RecentChanges;
  readonly #unfollow: () => void;
  #cancelCheck: () => void = () => {};

  constructor(state: State, clock: Clock, limits: FeedLimits = {}) {
    this.#state = state;
    this.#clock = clock;
    this.#limits = { readers: 64, buffered: 2 ** 20, patience: 30_000, kept: 5000, ...limits };
    this.#recent = new RecentChanges(this.#limits.kept, state.sequence);
    this.#unfollow = state.follow((change) => this.#tell(change));
    this.#scheduleCheck();
  }

  /** Number of readers. */
  get readers(): number {
    return this.#readers.size;
  }

  /** Whether no further reader is taken. */
  get full(): boolean {
    return this.#readers.size >= this.#limits.readers;
  }

  /** Completes an upgrade that was checked before; null for a reader that wants the whole. */
  accept({ request, socket, head }: Upgrade, resume: Resume | null): void {
    this.#server.handleUpgrade(request, socket, head, (webSocket) =>
      this.#welcome(webSocket, resume),
    );
  }

  /** Tells readers of an alert that came, changed or ended. */
  alerted(alert: Alert): void {
    const { sequence } = this.#state;
    const change = { type: "alert", sequence, alert: alertToJson(alert) } as const;
    this.#recent.add(change);
    this.#broadcast(JSON.stringify(change));
  }

  /** Cuts every reader off. */
  close(): void {
    this.#unfollow();
    this.#cancelCheck();
    for (const { socket } of this.#readers) socket.terminate();
    this.#server.close();
  }

  #welcome(socket: WebSocket, resume: Resume | null): void {
    const reader: Reader = {
      socket,
      behind: false,
      lastDrained: this.#clock.monotonic(),
      alive: true,
    };
    this.#readers.add(reader);
    socket.on("pong", () => {
      reader.alive = true;
    });
    socket.on("close", () => this.#readers.delete(reader));
    // a close follows every error, and what a reader did wrong is of no interest
    socket.on("error", () => {});
    const missed = resume?.stream === this.#stream ? this.#recent.since(resume.since) : null;
    if (missed === null) this.#sendSnapshot(reader, this.#snapshot());
    else this.#resume(reader, missed);
  }

  #resume(reader: Reader, missed: readonly FeedChange[]): void {
    const { sequence } = this.#state;
    this.#send(reader, JSON.stringify({ type: "resumed", sequence, stream: this.#stream }));
    for (const change of missed) this.#send(reader, messageOf(change));
  }

  #snapshot(): string {
    const { sequence, links } = this.#state;
    const stream = this.#stream;
    return JSON.stringify({ type: "snapshot", sequence, stream, links: links.map(linkToJson) });
  }

  #tell(change: LinkChange | null): void {
    if (change === null) {
      this.#recent.clear(this.#state.sequence);
      if (this.#readers.size > 0) this.#broadcast(this.#snapshot());
      return;
    }
    const kept = { type: "link", ...change } as const;
    this.#recent.add(kept);
    if (this.#readers.size > 0) this.#broadcast(messageOf(kept));
  }

  #broadcast(message: string): void {
    for (const reader of this.#readers) {
      if (reader.behind) continue;
      if (reader.socket.bufferedAmount > this.#limits.buffered) reader.behind = true;
      else this.#send(reader, message);
    }
  }

  #sendSnapshot(reader: Reader, snapshot: string): void {
    reader.behind = false;
    this.#send(reader, snapshot);
  }

  #send(reader: Reader, message: string): void {
    reader.socket.send(message, () => this.#taken(reader));
  }

  /** Called when the system has taken a message over. */
  #taken(reader: Reader): void {
    if (reader.socket.bufferedAmount > 0) return;
    reader.lastDrained = this.#clock.monotonic();
    if (reader.behind && reader.socket.readyState === reader.socket.OPEN)
      this.#sendSnapshot(reader, this.#snapshot());
  }

  #scheduleCheck(): void {
    this.#cancelCheck = this.#clock.after(this.#limits.patience, () => {
      for (const reader of this.#readers) this.#check(reader);
      this.#scheduleCheck();
    });
  }

  #check(reader: Reader): void {
    const { socket, lastDrained, alive } = reader;
    const stuck =
      socket.bufferedAmount > 0 && this.#clock.monotonic() - lastDrained > this.#limits.patience;
    if (stuck || !alive) {
      socket.terminate();
      return;
    }
    // a reader that is behind has enough to take already
    if (socket.bufferedAmount > 0) return;
    reader.alive = false;
    socket.ping();
  }
}

const messageOf = (change: FeedChange): string =>
  JSON.stringify(change.type === "link" ? { ...change, link: linkToJson(change.link) } : change);
