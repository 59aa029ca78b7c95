import type { ComponentChildren, JSX } from "preact";

/** The heading of a view with a sentence beneath it. */
export const ViewHead = ({
  title,
  children,
}: {
  readonly title: ComponentChildren;
  readonly children?: ComponentChildren;
}): JSX.Element => (
  <header class="view-head">
    <h1>{title}</h1>
    {children === undefined ? null : <p class="soft">{children}</p>}
  </header>
);
