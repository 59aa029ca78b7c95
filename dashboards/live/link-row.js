import { linkDetails, moment } from "./details.js";
import { element, icon } from "./dom.js";
import { stateOf } from "./model.js";
import { STATE_WORDS } from "./words.js";

/** @import { Link } from "./model.js" */

/** @param {Link} link */
const headlineOf = (link) => {
  if (link.headline) return link.headline;
  const state = stateOf(link);
  if (state === "pending") return "Not checked yet";
  return state === "ok" ? "Trusted, and the name fits" : "No reason given";
};

/** Milliseconds before a break from which its date stands out. */
const SOON = 45 * 86_400_000;

/** @param {Link} link */
const breaksSoon = (link) =>
  stateOf(link) !== "broken" &&
  link.breaksAt !== null &&
  Date.parse(link.breaksAt) - Date.now() < SOON;

/** @param {Link} link */
const outlook = (link) => {
  if (stateOf(link) === "broken") return link.since ? ["First seen ", moment(link.since)] : [];
  return link.breaksAt ? ["Breaks ", moment(link.breaksAt)] : [];
};

/** All of a link that is worth drawing anew. @param {Link} link */
const essence = (link) => JSON.stringify({ ...link, checkedAt: null });

/** One link in the list. Its element stays the same while the link changes, so that focus and opening stay. */
export class LinkRow {
  /** @type {Link} */
  #link;
  #details;
  #summary = element("summary");
  #body = element("div", { class: "body" });

  /** @param {Link} link */
  constructor(link) {
    this.#link = link;
    this.#details = element("details", {}, this.#summary, this.#body);
    this.element = element(
      "li",
      { class: "link", "data-client": link.client, "data-endpoint": link.endpoint },
      this.#details,
    );
    this.#details.addEventListener("toggle", () => {
      this.#fillBody();
    });
    this.#fill();
  }

  /**
   * Shows another state of the same link.
   *
   * @param {Link} link
   */
  update(link) {
    const before = this.#link;
    this.#link = link;
    if (essence(link) === essence(before)) {
      // A check that found nothing new must not disturb somebody who reads or copies.
      const checked = this.#body.querySelector("[data-checked]");
      if (link.checkedAt && link.checkedAt !== before.checkedAt)
        checked?.replaceChildren(moment(link.checkedAt));
      return;
    }
    this.#fill();
    if (stateOf(link) !== stateOf(before) || link.headline !== before.headline) this.#flash();
  }

  #fill() {
    const link = this.#link;
    const state = stateOf(link);
    this.element.dataset["state"] = state;
    this.#summary.replaceChildren(
      element("span", { class: "state" }, icon(state), STATE_WORDS[state]),
      element(
        "h3",
        { class: "who" },
        element("bdi", { class: "client" }, link.client),
        element("span", { class: "arrow", "aria-hidden": "true" }, "→"),
        element("span", { class: "unseen" }, " to "),
        element("bdi", { class: "endpoint" }, link.endpoint),
      ),
      element(
        "span",
        { class: "profile" },
        element("span", { class: "unseen" }, " judged as "),
        link.profile,
      ),
      element("bdi", { class: "headline" }, headlineOf(link)),
      element("span", { class: breaksSoon(link) ? "outlook soon" : "outlook" }, ...outlook(link)),
      icon("chevron"),
    );
    this.#fillBody();
  }

  #fillBody() {
    const hadFocus = this.#body.contains(document.activeElement);
    this.#body.replaceChildren(...(this.#details.open ? linkDetails(this.#link) : []));
    if (hadFocus) this.#summary.focus({ preventScroll: true });
  }

  #flash() {
    const { classList } = this.element;
    classList.add("changed");
    this.element.addEventListener("animationend", () => classList.remove("changed"), {
      once: true,
    });
  }
}
