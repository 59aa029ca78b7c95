/**
 * Makes an element. Text goes in as text, whatever it contains: what servers send is never parsed as markup.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string | null | undefined)} children - Nulls are left out.
 * @returns {HTMLElementTagNameMap[K]}
 */
export const element = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
};

/**
 * The drawing of a name in the page's symbols. Words stand beside it, so that it is hidden from screen readers.
 *
 * @param {string} name
 */
export const icon = (name) => {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  drawing.setAttribute("class", `icon icon-${name}`);
  drawing.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `#icon-${name}`);
  drawing.append(use);
  return drawing;
};

/**
 * The element of the page with an id.
 *
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
export const byId = (id, type) => {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new Error(`The page has no ${type.name} called ${id}`);
};

/**
 * Changes text only where it differs, so that selections and screen readers are left in peace.
 *
 * @param {HTMLElement} target
 * @param {string} text
 */
export const setText = (target, text) => {
  if (target.textContent !== text) target.textContent = text;
};
