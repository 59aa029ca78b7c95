/** @import { Link } from "./model.js" */

/** @typedef {"connecting" | "live" | "polling" | "reconnecting"} Connection */

/**
 * @typedef {object} FeedListener
 * @property {(links: Link[]) => void} snapshot - All links; whatever is not among them is gone.
 * @property {(link: Link) => void} link - One link that changed.
 * @property {(connection: Connection) => void} connection
 * @property {() => void} contact - The daemon has just been heard.
 */

const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 30_000;

/** A quiet connection is doubted after this time: a feed without changes looks like one that died. */
const QUIET = 45_000;

/**
 * @param {unknown} value
 * @returns {value is Link}
 */
const isLink = (value) =>
  typeof value === "object" &&
  value !== null &&
  ["client", "endpoint", "state"].every((field) => typeof Reflect.get(value, field) === "string");

/**
 * A link with every field there, so that a daemon of another version cannot break the page.
 *
 * @param {unknown} value
 * @returns {Link[]}
 */
const readLink = (value) => {
  if (!isLink(value)) return [];
  const lists = { findings: [], addresses: [], chain: [], labels: {} };
  return [{ ...lists, ...value }];
};

/** @param {unknown} value */
const readLinks = (value) => (Array.isArray(value) ? value.flatMap(readLink) : []);

/** Follows the daemon over its WebSocket, and by asking again and again where that does not get through. */
export class Feed {
  #listener;
  #sequence = -1;
  #delay = FIRST_DELAY;
  /** @type {WebSocket | undefined} */
  #socket;
  #timer = 0;
  #watch = 0;

  /** @param {FeedListener} listener */
  constructor(listener) {
    this.#listener = listener;
  }

  /** Connects, now and after every loss. */
  start() {
    clearTimeout(this.#timer);
    const address = new URL("api/v1/events", document.baseURI);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
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
  hurry() {
    if (this.#socket?.readyState === WebSocket.OPEN) void this.#verify();
    else if (this.#socket?.readyState === WebSocket.CLOSED) this.start();
  }

  /** @param {unknown} data */
  #receive(data) {
    /** @type {unknown} */
    let message;
    try {
      message = JSON.parse(String(data));
    } catch {
      return;
    }
    if (typeof message !== "object" || message === null) return;
    const { type, sequence, links, link } = /** @type {Record<string, unknown>} */ (message);
    const number = typeof sequence === "number" ? sequence : this.#sequence + 1;
    this.#contact();
    if (type === "snapshot") {
      this.#delay = FIRST_DELAY;
      this.#sequence = number;
      this.#listener.connection("live");
      this.#listener.snapshot(readLinks(links));
    } else if (type === "link" && number > this.#sequence) {
      this.#sequence = number;
      readLink(link).forEach(this.#listener.link);
    }
  }

  #contact() {
    this.#listener.contact();
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => void this.#verify(), QUIET);
  }

  /** Asks whether the daemon is still there, and takes its present state on that occasion. */
  async #verify() {
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
    // What came over the socket meanwhile is newer than the answer.
    if (asked === this.#sequence) this.#listener.snapshot(links);
  }

  async #lost() {
    clearTimeout(this.#watch);
    this.#listener.connection("reconnecting");
    const delay = this.#delay * (0.75 + Math.random() / 2);
    this.#delay = Math.min(this.#delay * 2, LONGEST_DELAY);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.start();
    }, delay);
    const timer = this.#timer;
    const links = await this.#ask();
    if (links === undefined || timer !== this.#timer || this.#socket?.readyState === WebSocket.OPEN)
      return;
    this.#listener.contact();
    this.#listener.connection("polling");
    this.#listener.snapshot(links);
  }

  /** @returns {Promise<Link[] | undefined>} */
  async #ask() {
    try {
      const answer = await fetch("api/v1/links", {
        cache: "no-store",
        signal: AbortSignal.timeout(10_000),
      });
      if (!answer.ok) return undefined;
      const body = await answer.json();
      return readLinks(Array.isArray(body) ? body : body?.links);
    } catch {
      return undefined;
    }
  }
}
