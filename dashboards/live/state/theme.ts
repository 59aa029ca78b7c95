import { effect, signal } from "@preact/signals";

/** `system` follows what the reader's system says. */
export type Theme = "system" | "light" | "dark";

const THEMES: readonly Theme[] = ["system", "light", "dark"];
const KEPT_AS = "anchorwatch-theme";

const kept = (): Theme => {
  try {
    return THEMES.find((theme) => theme === localStorage.getItem(KEPT_AS)) ?? "system";
  } catch {
    return "system";
  }
};

/** Whether the page is light or dark. */
export const theme = signal<Theme>(kept());

/** Takes the next theme. */
export const nextTheme = (): void => {
  theme.value = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? "system";
};

effect(() => {
  document.documentElement.dataset["theme"] = theme.value;
  try {
    localStorage.setItem(KEPT_AS, theme.value);
  } catch {
    // a browser that keeps nothing still shows the page
  }
});
