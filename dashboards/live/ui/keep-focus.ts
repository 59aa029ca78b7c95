import { useLayoutEffect } from "preact/hooks";

/** Keeps the focus where it is while rows change their places: a browser takes it from what is moved. */
export const useKeptFocus = (): void => {
  const focused = document.activeElement;
  useLayoutEffect(() => {
    const isElement = focused instanceof HTMLElement || focused instanceof SVGElement;
    if (isElement && focused.isConnected && document.activeElement !== focused)
      focused.focus({ preventScroll: true });
  });
};
