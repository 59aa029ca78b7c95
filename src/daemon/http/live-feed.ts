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
  /** Milliseconds since 1970 from when it may not follow any more; null: never. */
  readonly until: number | null;
  /** Whether changes were left out since the last snapshot. */
  behind: boolean;
  /** The snapshot that is being sent; null while single changes are. */
  snapshot: { readonly sequence: number; readonly parts: Iterator<string> } | null;
  /** When the reader last took what waited for it; monotonic milliseconds. */
  lastDrained: number;
  alive: boolean;
}

/** From where a reader goes on, and how long it may. */
export interface Following {
  /** Null for a reader that wants the whole. */
  readonly resume: Resume | null;
  /** Milliseconds since 1970; null: without end. */
  readonly until: number | null;
}

/** Links of a snapshot that are written in one go. */
const BATCH = 200;

/** Messages from readers have no meaning, so only the frames of the protocol itself need room. */
const MAX_MESSAGE = 1024;

/** Status with which a WebSocket is closed for reasons of policy (RFC 6455 section 7.4.1). */
const POLICY = 1008;

/**
 * Tells readers every change over WebSocket: first the whole, then one message per change. A reader that comes back
 * gets what it missed instead of the whole, as long as that is kept. A reader that does not keep up is left out until
 * it has taken what waits for it, and then gets the whole again; one that takes nothing is cut off.
 */
export class LiveFeed {
  readonly #state: State;
  readonly #clock: Clock;
  readonly #alerts: () => readonly Alert[];
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

  /** @param alerts those that are not over */
  constructor(state: State, clock: Clock, alerts: () => readonly Alert[], limits: FeedLimits = {}) {
    this.#state = state;
    this.#clock = clock;
    this.#alerts = alerts;
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

  /** Completes an upgrade that was checked before. */
  accept({ request, socket, head }: Upgrade, following: Following): void {
    this.#server.handleUpgrade(request, socket, head, (webSocket) =>
      this.#welcome(webSocket, following),
    );
  }

  /** Tells readers of an alert that came, changed or ended. */
  alerted(alert: Alert): void {
    const { sequence } = this.#state;
    const change = { type: "alert", sequence, alert: alertToJson(alert) } as const;
    this.#recent.add(change);
    this.#broadcast(change);
  }

  /** Cuts every reader off. */
  close(): void {
    this.#unfollow();
    this.#cancelCheck();
    for (const { socket } of this.#readers) socket.terminate();
    this.#server.close();
  }

  #welcome(socket: WebSocket, { resume, until }: Following): void {
    const reader: Reader = {
      socket,
      until,
      behind: false,
      snapshot: null,
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
    if (missed === null) this.#beginSnapshot(reader);
    else this.#resume(reader, missed);
  }

  #resume(reader: Reader, missed: readonly FeedChange[]): void {
    const { sequence } = this.#state;
    this.#send(reader, JSON.stringify({ type: "resumed", sequence, stream: this.#stream }));
    for (const change of missed) this.#send(reader, messageOf(change));
  }

  /** The text of a snapshot, in parts. */
  *#snapshot(): Generator<string> {
    const { sequence, links } = this.#state;
    const alerts = this.#alerts().map(alertToJson);
    const head = JSON.stringify({ type: "snapshot", sequence, stream: this.#stream, alerts });
    yield `${head.slice(0, -1)},"links":[`;
    for (let at = 0; at < links.length; at += BATCH) {
      const shown = links.slice(at, at + BATCH).map((link) => JSON.stringify(linkToJson(link)));
      yield `${at === 0 ? "" : ","}${shown.join(",")}`;
    }
    yield "]}";
  }

  /** Sends the whole, as one message whose frames are made as fast as the reader takes them. */
  #beginSnapshot(reader: Reader): void {
    reader.behind = false;
    reader.snapshot = { sequence: this.#state.sequence, parts: this.#snapshot() };
    this.#continueSnapshot(reader);
  }

  #continueSnapshot(reader: Reader): void {
    const { socket, snapshot } = reader;
    if (snapshot === null || socket.readyState !== socket.OPEN) return;
    const { value, done } = snapshot.parts.next();
    if (done !== true) {
      // the callback comes when the system has taken the frame, so that others get their turn
      socket.send(value, { fin: false }, () => this.#taken(reader));
      return;
    }
    reader.snapshot = null;
    socket.send("", { fin: true }, () => this.#taken(reader));
    // between the frames of a message nothing else can be sent
    const missed = this.#recent.since(snapshot.sequence);
    if (missed === null) reader.behind = true;
    else for (const change of missed) this.#tellOne(reader, () => messageOf(change));
  }

  #tell(change: LinkChange | null): void {
    if (change === null) {
      this.#recent.clear(this.#state.sequence);
      for (const reader of this.#readers) {
        reader.behind = true;
        this.#catchUp(reader);
      }
      return;
    }
    const kept = { type: "link", ...change } as const;
    this.#recent.add(kept);
    this.#broadcast(kept);
  }

  #broadcast(change: FeedChange): void {
    let message: string | undefined;
    for (const reader of this.#readers)
      this.#tellOne(reader, () => (message ??= messageOf(change)));
  }

  #tellOne(reader: Reader, message: () => string): void {
    // what comes meanwhile follows the snapshot
    if (reader.behind || reader.snapshot !== null) return;
    if (reader.socket.bufferedAmount > this.#limits.buffered) reader.behind = true;
    else this.#send(reader, message());
  }

  #send(reader: Reader, message: string): void {
    reader.socket.send(message, () => this.#taken(reader));
  }

  /** Called when the system has taken a message or a frame over. */
  #taken(reader: Reader): void {
    if (reader.socket.bufferedAmount === 0) reader.lastDrained = this.#clock.monotonic();
    if (reader.snapshot === null) this.#catchUp(reader);
    else setImmediate(() => this.#continueSnapshot(reader));
  }

  /** Sends the whole to a reader from whom changes were left out, once it has taken what it was sent before. */
  #catchUp(reader: Reader): void {
    const { socket, behind, snapshot } = reader;
    const isReady = snapshot === null && socket.bufferedAmount === 0;
    if (behind && isReady && socket.readyState === socket.OPEN) this.#beginSnapshot(reader);
  }

  #scheduleCheck(): void {
    this.#cancelCheck = this.#clock.after(this.#limits.patience, () => {
      for (const reader of this.#readers) this.#check(reader);
      this.#scheduleCheck();
    });
  }

  #check(reader: Reader): void {
    const { socket, until, lastDrained, alive } = reader;
    if (until !== null && this.#clock.wall() >= until) {
      socket.close(POLICY, "What was shown has expired");
      reader.alive = false;
      return;
    }
    const stuck =
      socket.bufferedAmount > 0 && this.#clock.monotonic() - lastDrained > this.#limits.patience;
    if (stuck || !alive) {
      socket.terminate();
      return;
    }
    // a reader that is behind has enough to take already
    if (socket.bufferedAmount > 0) return;
    this.#catchUp(reader);
    reader.alive = false;
    socket.ping();
  }
}

const messageOf = (change: FeedChange): string =>
  JSON.stringify(change.type === "link" ? { ...change, link: linkToJson(change.link) } : change);
