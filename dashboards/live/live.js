import { byId, setText } from "./dom.js";
import { Feed } from "./feed.js";
import { LinkList } from "./list.js";
import { showConnection, showOverall, showUpdated } from "./masthead.js";
import { keyOf, matches, mostUrgent } from "./model.js";
import { counted, relativeTime } from "./words.js";

/** @import { Connection } from "./feed.js" */
/** @import { Link } from "./model.js" */

/** @type {Map<string, Link>} */
let links = new Map();
/** @type {Connection} */
let connection = "connecting";
/** @type {number | null} */
let heard = null;

const controls = byId("controls", HTMLFormElement);
const filter = byId("filter", HTMLInputElement);
const onlyBroken = byId("only-broken", HTMLInputElement);
const shownWords = byId("shown", HTMLElement);
const empty = byId("empty", HTMLElement);
const list = new LinkList(byId("groups", HTMLElement));

const showLinks = () => {
  const all = [...links.values()];
  const wanted = { text: filter.value, onlyBroken: onlyBroken.checked };
  const found = all.filter((link) => matches(link, wanted));
  const shown = mostUrgent(found);
  list.show(shown, new Set(links.keys()));
  const words = `${shown.length} of ${counted(all.length, "link")} shown`;
  if (shown.length < found.length) setText(shownWords, `${words}; filter to see others`);
  else setText(shownWords, shown.length < all.length ? words : "");
  empty.hidden = shown.length > 0 || heard === null;
  if (all.length === 0) setText(empty, "The estate names no links yet");
  else if (wanted.text.trim() === "") setText(empty, "No link is broken");
  else setText(empty, "No link matches the filter");
};

let isDue = false;
/** Milliseconds that the last drawing took: a large estate is drawn less often, so that the page stays usable. */
let effort = 0;

const drawNow = () => {
  const start = performance.now();
  isDue = false;
  const all = [...links.values()];
  if (heard !== null) showOverall(all);
  showUpdated(all);
  showConnection(connection, heard);
  showLinks();
  effort = performance.now() - start;
};

/** Draws once for all changes that arrive together. */
const draw = () => {
  if (isDue) return;
  isDue = true;
  setTimeout(drawNow, 50 + 4 * effort);
};

/** The filter lives in the address, so that a wall screen can be bookmarked with it. */
const readAddress = () => {
  const wanted = new URLSearchParams(location.hash.slice(1));
  filter.value = wanted.get("filter") ?? "";
  onlyBroken.checked = wanted.has("broken");
};

const writeAddress = () => {
  const parts = [
    ...(filter.value.trim() === "" ? [] : [`filter=${encodeURIComponent(filter.value)}`]),
    ...(onlyBroken.checked ? ["broken"] : []),
  ];
  const { pathname, search } = location;
  history.replaceState(
    null,
    "",
    `${pathname}${search}${parts.length > 0 ? `#${parts.join("&")}` : ""}`,
  );
};

controls.addEventListener("submit", (event) => {
  event.preventDefault();
});
controls.addEventListener("input", () => {
  writeAddress();
  draw();
});
addEventListener("hashchange", () => {
  readAddress();
  draw();
});
addEventListener("keydown", (event) => {
  const isTyping = event.target instanceof HTMLInputElement;
  if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  filter.focus();
});

const feed = new Feed({
  snapshot: (all) => {
    links = new Map(all.map((link) => [keyOf(link), link]));
    draw();
  },
  link: (link) => {
    links.set(keyOf(link), link);
    draw();
  },
  connection: (state) => {
    connection = state;
    draw();
  },
  contact: () => {
    heard = Date.now();
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
  const now = Date.now();
  for (const time of document.querySelectorAll("time[data-relative]"))
    if (time instanceof HTMLTimeElement)
      setText(time, relativeTime(Date.parse(time.dateTime), now));
}, 15_000);

readAddress();
showConnection(connection, heard);
feed.start();
