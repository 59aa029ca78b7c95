import { element } from "./dom.js";
import { LinkRow } from "./link-row.js";
import { countStates, groupLinks, keyOf, STATES } from "./model.js";
import { stateCount } from "./words.js";

/** @import { Group, Link } from "./model.js" */

/**
 * Puts children into an order and leaves those alone that stand right, because moving one takes its focus.
 *
 * @param {HTMLElement} parent
 * @param {readonly HTMLElement[]} wanted
 */
const arrange = (parent, wanted) => {
  const keep = new Set(wanted);
  for (const child of Array.from(parent.children))
    if (child instanceof HTMLElement && !keep.has(child)) child.remove();
  const focused = document.activeElement;
  wanted.forEach((child, index) => {
    const present = parent.children[index] ?? null;
    if (present !== child) parent.insertBefore(child, present);
  });
  if (
    focused instanceof HTMLElement &&
    parent.contains(focused) &&
    document.activeElement !== focused
  )
    focused.focus({ preventScroll: true });
};

/** One group with its heading. */
class GroupSection {
  #heading = element("h2");
  #counts = element("p", { class: "group-counts" });
  #list = element("ul", { class: "links", role: "list" });

  /** @param {string} name */
  constructor(name) {
    this.#heading.append(element("bdi", {}, name));
    this.element = element(
      "section",
      { class: "group", "data-group": name, "aria-label": name },
      element("div", { class: "group-head" }, this.#heading, this.#counts),
      this.#list,
    );
  }

  /**
   * @param {Group} group
   * @param {readonly HTMLElement[]} rows
   */
  show({ links }, rows) {
    const counts = countStates(links);
    const words = STATES.filter((state) => counts[state] > 0).map(
      (state) => `${counts[state]} ${stateCount(state, counts[state])}`,
    );
    this.#counts.textContent = words.join(" · ");
    arrange(this.#list, rows);
  }
}

/** The groups of links that the page shows. */
export class LinkList {
  #parent;
  /** @type {Map<string, LinkRow>} */
  #rows = new Map();
  /** @type {Map<string, GroupSection>} */
  #sections = new Map();

  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.#parent = parent;
  }

  /**
   * @param {readonly Link[]} shown - What is to be seen.
   * @param {ReadonlySet<string>} known - Keys of all links, the filtered ones included.
   */
  show(shown, known) {
    for (const key of this.#rows.keys()) if (!known.has(key)) this.#rows.delete(key);
    const groups = groupLinks(shown);
    const sections = groups.map((group) => {
      const section = this.#sections.get(group.name) ?? new GroupSection(group.name);
      this.#sections.set(group.name, section);
      section.show(
        group,
        group.links.map((link) => this.#row(link)),
      );
      return section.element;
    });
    arrange(this.#parent, sections);
  }

  /** @param {Link} link */
  #row(link) {
    const key = keyOf(link);
    const row = this.#rows.get(key);
    if (row === undefined) {
      const made = new LinkRow(link);
      this.#rows.set(key, made);
      return made.element;
    }
    row.update(link);
    return row.element;
  }
}
