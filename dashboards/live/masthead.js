import { byId, element, icon, setText } from "./dom.js";
import { countStates, STATES } from "./model.js";
import { clockTime, counted, overallWords, stateCount } from "./words.js";

/** @import { Connection } from "./feed.js" */
/** @import { Link } from "./model.js" */

/** @param {Connection} connection @param {number | null} heard */
const connectionWords = (connection, heard) => {
  const data = heard === null ? "no data yet" : `data of ${clockTime(heard)}`;
  switch (connection) {
    case "connecting":
      return "Connecting";
    case "live":
      return "Live";
    case "polling":
      return `Asking now and then, ${data}`;
    case "reconnecting":
      return `Reconnecting, ${data}`;
  }
};

const overall = byId("overall", HTMLHeadingElement);
const announcer = byId("announcer", HTMLElement);
const connectionLine = byId("connection", HTMLElement);
const connectionText = byId("connection-words", HTMLElement);
const updated = byId("updated", HTMLElement);
const balance = byId("balance", HTMLElement);
const countList = byId("counts", HTMLUListElement);

const counters = STATES.map((state) => {
  const number = element("strong");
  const word = element("span");
  const item = element("li", { "data-count": state }, icon(state), number, " ", word);
  const bar = element("span", { "data-part": state });
  balance.append(bar);
  countList.append(item);
  return { state, number, word, item, bar };
});

/**
 * Shows how the whole estate is.
 *
 * @param {readonly Link[]} links
 */
export const showOverall = (links) => {
  const counts = countStates(links);
  const sentence = overallWords(counts);
  setText(overall, sentence);
  setText(announcer, `${sentence}. ${counted(counts.warning, "warning")}, ${counts.ok} fine.`);
  document.title = counts.broken > 0 ? `${counts.broken} broken · Anchorwatch` : "Anchorwatch";
  for (const { state, number, word, item, bar } of counters) {
    setText(number, String(counts[state]));
    setText(word, stateCount(state, counts[state]));
    item.hidden = state === "pending" && counts[state] === 0;
    bar.style.flexGrow = String(counts[state]);
    bar.hidden = counts[state] === 0;
  }
};

/**
 * Says how fresh the data is: a page that has lost its daemon must not look as if all were well.
 *
 * @param {Connection} connection
 * @param {number | null} heard - When the daemon was last heard, ms since 1970.
 */
export const showConnection = (connection, heard) => {
  const words = connectionWords(connection, heard);
  connectionLine.dataset["connection"] = connection;
  document.body.classList.toggle("stale", connection === "reconnecting" && heard !== null);
  setText(connectionText, words);
};

/**
 * Says when a link was last checked.
 *
 * @param {readonly Link[]} links
 */
export const showUpdated = (links) => {
  const times = links
    .map(({ checkedAt }) => Date.parse(checkedAt ?? ""))
    .filter((time) => !Number.isNaN(time));
  setText(
    updated,
    times.length === 0 ? "" : `Last check at ${clockTime(times.reduce((a, b) => Math.max(a, b)))}`,
  );
};
