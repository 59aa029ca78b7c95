import type { JSX } from "preact";

/** Names of the page's drawings; see index.html. */
export type IconName =
  | "anchor"
  | "broken"
  | "warning"
  | "ok"
  | "pending"
  | "chevron"
  | "search"
  | "theme"
  | "help"
  | "download";

/** A drawing. Words stand beside it, so that it is hidden from screen readers. */
export const Icon = ({ name }: { readonly name: IconName }): JSX.Element => (
  <svg class={`icon icon-${name}`} aria-hidden="true">
    <use href={`#icon-${name}`} />
  </svg>
);
