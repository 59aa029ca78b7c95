import { signal } from "@preact/signals";

/** What somebody opened or closed by hand; everything else is as its size and state suggest. */
const chosen = signal<ReadonlyMap<string, boolean>>(new Map());

/** Whether something is open. @param usually - What holds where nobody chose. */
export const isOpen = (name: string, usually: boolean): boolean =>
  chosen.value.get(name) ?? usually;

/** Opens or closes something. */
export const setOpen = (name: string, open: boolean): void => {
  chosen.value = new Map(chosen.value).set(name, open);
};
