import type { ComponentChildren, JSX } from "preact";

/** Says why there is nothing to see. */
export const Empty = ({ children }: { readonly children: ComponentChildren }): JSX.Element => (
  <p class="empty">{children}</p>
);
