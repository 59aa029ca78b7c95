import { batch, computed, signal } from "@preact/signals";
import { type Connection, Feed } from "../api/feed.ts";
import type { Link } from "../api/types.ts";
import { isSameVerdict } from "../model/same-verdict.ts";
import { countStates, keyOf } from "../model/states.ts";

/** Every link by its key, in the order of the estate. */
export const links = signal<ReadonlyMap<string, Link>>(new Map());

/** Every link, in the order of the estate. */
export const linkList = computed(() => [...links.value.values()]);

/** Number of links in each state. */
export const counts = computed(() => countStates(linkList.value));

/** Whether the daemon can be heard. */
export const connection = signal<Connection>("connecting");

/** When the daemon was last heard, ms since 1970; null before the first time. */
export const heard = signal<number | null>(null);

/** Whether what is shown may be out of date. */
export const isStale = computed(() => connection.value === "reconnecting" && heard.value !== null);

/** The time of day by which distances are told; it moves now and then. */
export const now = signal(Date.now());

/** Grows when a link tells something new or comes or goes, for what is read beside the feed. */
export const verdictsVersion = signal(0);

/** Grows with every change of an alert. */
export const alertsVersion = signal(0);

let waiting: Map<string, Link> | null = null;
let lastHeard: number | null = null;
let isDue = false;
/** Milliseconds that the last drawing took: a large estate is drawn less often, so that the page stays usable. */
let effort = 0;

const tellsNews = (
  before: ReadonlyMap<string, Link>,
  after: ReadonlyMap<string, Link>,
): boolean => {
  if (before.size !== after.size) return true;
  for (const [key, link] of after) {
    const known = before.get(key);
    if (known === undefined || (known !== link && !isSameVerdict(known, link))) return true;
  }
  return false;
};

const drawNow = (): void => {
  const start = performance.now();
  isDue = false;
  batch(() => {
    heard.value = lastHeard;
    now.value = Date.now();
    if (waiting === null) return;
    if (tellsNews(links.value, waiting)) verdictsVersion.value++;
    links.value = waiting;
    waiting = null;
  });
  setTimeout(() => {
    effort = performance.now() - start;
  });
};

/** Draws once for all changes that arrive together. */
const draw = (): void => {
  if (isDue) return;
  isDue = true;
  setTimeout(drawNow, Math.min(50 + 4 * effort, 1_000));
};

/** Begins to follow the daemon. */
export const follow = (): void => {
  const feed = new Feed({
    snapshot: (all) => {
      waiting = new Map(all.map((link) => [keyOf(link), link]));
      draw();
    },
    link: (link) => {
      waiting ??= new Map(links.value);
      waiting.set(keyOf(link), link);
      draw();
    },
    alert: () => {
      alertsVersion.value++;
    },
    connection: (state) => {
      connection.value = state;
    },
    contact: () => {
      lastHeard = Date.now();
      draw();
    },
  });
  addEventListener("online", () => {
    feed.hurry();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) feed.hurry();
  });
  setInterval(() => {
    now.value = Date.now();
  }, 15_000);
  feed.start();
};
