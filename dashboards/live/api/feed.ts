import { ask } from "./ask.ts";
import { readLink, readLinks } from "./read-link.ts";
import type { Link } from "./types.ts";

/** `polling`: WebSockets do not get through, and the page asks again and again. */
export type Connection = "connecting" | "live" | "polling" | "reconnecting";

/** Who is told what the daemon tells. */
export interface FeedListener {
  /** All links; whatever is not among them is gone. */
  readonly snapshot: (links: readonly Link[]) => void;
  /** One link that changed. */
  readonly link: (link: Link) => void;
  /** An alert came, changed or ended. */
  readonly alert: () => void;
  readonly connection: (connection: Connection) => void;
  /** The daemon has just been heard. */
  readonly contact: () => void;
}

const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 30_000;

/** A quiet connection is doubted after this time: a feed without changes looks like one that died. */
const QUIET = 45_000;

/** Follows the daemon over its WebSocket, and by asking again and again where that does not get through. */
export class Feed {
  readonly #listener: FeedListener;
  #sequence = -1;
  /** Names the stream that the number belongs to; null until one is known. */
  #stream: string | null = null;
  #delay = FIRST_DELAY;
  #socket: WebSocket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setTimeout> | undefined;

  constructor(listener: FeedListener) {
    this.#listener = listener;
  }

  /** Connects, now and after every loss. */
  start(): void {
    clearTimeout(this.#timer);
    const address = new URL("api/v1/events", document.baseURI);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    address.hash = "";
    if (this.#stream !== null)
      address.search = `?since=${this.#sequence}&stream=${encodeURIComponent(this.#stream)}`;
    const socket = new WebSocket(address);
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      if (socket === this.#socket) this.#receive(data);
    });
    socket.addEventListener("close", () => {
      if (socket === this.#socket) void this.#lost();
    });
  }

  /** Tries again at once, for instance when the network or the page has come back. */
  hurry(): void {
    if (this.#socket?.readyState === WebSocket.OPEN) void this.#verify();
    else if (this.#socket?.readyState === WebSocket.CLOSED) this.start();
  }

  #receive(data: unknown): void {
    let message: unknown;
    try {
      message = JSON.parse(String(data));
    } catch {
      return;
    }
    if (typeof message !== "object" || message === null) return;
    const { type, sequence, stream, links, link } = message as Record<string, unknown>;
    const number = typeof sequence === "number" ? sequence : this.#sequence + 1;
    this.#contact();
    if (type === "snapshot" || type === "resumed") {
      this.#delay = FIRST_DELAY;
      this.#stream = typeof stream === "string" ? stream : null;
      this.#listener.connection("live");
      // what was missed follows, with numbers of its own
      if (type === "resumed") return;
      this.#sequence = number;
      this.#listener.snapshot(readLinks(links));
    } else if (type === "link" && number > this.#sequence) {
      this.#sequence = number;
      readLink(link).forEach(this.#listener.link);
    } else if (type === "alert") this.#listener.alert();
  }

  #contact(): void {
    this.#listener.contact();
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => void this.#verify(), QUIET);
  }

  /** Asks whether the daemon is still there, and takes its present state on that occasion. */
  async #verify(): Promise<void> {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) return;
    const asked = this.#sequence;
    const links = await this.#ask();
    if (socket !== this.#socket) return;
    if (links === undefined) {
      this.#socket = undefined;
      socket.close();
      void this.#lost();
      return;
    }
    this.#contact();
    // what came over the socket meanwhile is newer than the answer
    if (asked === this.#sequence) this.#listener.snapshot(links);
  }

  async #lost(): Promise<void> {
    clearTimeout(this.#watch);
    this.#listener.connection("reconnecting");
    const delay = this.#delay * (0.75 + Math.random() / 2);
    this.#delay = Math.min(this.#delay * 2, LONGEST_DELAY);
    clearTimeout(this.#timer);
    const timer = setTimeout(() => {
      this.start();
    }, delay);
    this.#timer = timer;
    const links = await this.#ask();
    if (links === undefined || timer !== this.#timer || this.#socket?.readyState === WebSocket.OPEN)
      return;
    this.#listener.contact();
    this.#listener.connection("polling");
    this.#listener.snapshot(links);
  }

  async #ask(): Promise<readonly Link[] | undefined> {
    const asked = await ask("api/v1/links");
    if (!asked.ok) return undefined;
    const { value } = asked;
    return readLinks(
      typeof value === "object" && value !== null ? Reflect.get(value, "links") : value,
    );
  }
}
