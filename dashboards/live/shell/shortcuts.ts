import { signal } from "@preact/signals";
import { changeQuery, go, hrefTo, place } from "../state/router.ts";
import { nextTheme } from "../state/theme.ts";
import { VIEWS } from "./views.ts";

/** Whether the sheet of shortcuts is open. */
export const isHelpOpen = signal(false);

/** One line of the sheet of shortcuts. */
export interface Shortcut {
  readonly keys: readonly string[];
  readonly does: string;
}

/** What the keys do. */
export const SHORTCUTS: readonly Shortcut[] = [
  { keys: ["/"], does: "Filter" },
  { keys: ["b"], does: "Only broken links, or all" },
  { keys: ["j", "k"], does: "Next and previous link or row" },
  { keys: ["Enter"], does: "Open it" },
  ...VIEWS.map(({ key, name }) => ({ keys: ["g", key], does: name })),
  { keys: ["w"], does: "Wall screen: the map alone, and back" },
  { keys: ["t"], does: "Light, dark, or as the system says" },
  { keys: ["Esc"], does: "Leave the filter" },
  { keys: ["?"], does: "These shortcuts" },
];

/** What `j` and `k` walk through, in the order of the page. */
const STOPS = "[data-stop]";

const walk = (step: number): void => {
  const stops = [...document.querySelectorAll<HTMLElement | SVGElement>(STOPS)];
  const present = stops.findIndex((stop) => stop === document.activeElement);
  const wanted = present === -1 && step < 0 ? stops.length - 1 : present + step;
  stops[Math.min(Math.max(wanted, 0), stops.length - 1)]?.focus();
};

let wasG = false;

const press = (key: string): boolean => {
  if (wasG) {
    wasG = false;
    const view = VIEWS.find((each) => each.key === key);
    if (view === undefined) return false;
    go(hrefTo(view.path === "" ? [] : [view.path]));
    return true;
  }
  switch (key) {
    case "/": {
      const field = document.querySelector<HTMLInputElement>("#filter");
      field?.focus();
      return field !== null;
    }
    case "?":
      isHelpOpen.value = true;
      return true;
    case "g":
      wasG = true;
      setTimeout(() => {
        wasG = false;
      }, 1_500);
      return true;
    case "b":
      changeQuery({ broken: place.value.query.has("broken") ? null : "" });
      return true;
    case "w":
      if (place.value.path.length > 0) go(hrefTo([], { wall: "" }));
      else changeQuery({ wall: place.value.query.has("wall") ? null : "" });
      return true;
    case "t":
      nextTheme();
      return true;
    case "j":
      walk(1);
      return true;
    case "k":
      walk(-1);
      return true;
    default:
      return false;
  }
};

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLTextAreaElement ||
  target instanceof HTMLSelectElement ||
  (target instanceof HTMLInputElement && target.type !== "checkbox");

addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || isHelpOpen.value) return;
  if (isTyping(target)) {
    if (key === "Escape" && target instanceof HTMLElement) target.blur();
    return;
  }
  if (press(key)) event.preventDefault();
});
