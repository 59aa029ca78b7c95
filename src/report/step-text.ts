import { isCommand } from "./commands.ts";
import { onScreen } from "./on-screen.ts";
import type { Paint } from "./paint.ts";
import { wrap } from "./wrap.ts";

/** A remedy for people: numbered steps under a title; commands stay on one line, to be copied. */
export function stepsText(steps: readonly string[], paint: Paint): readonly string[] {
  if (steps.length === 0) return [];
  const lines = steps.flatMap((step, index) => {
    const lead = `  ${String(index + 1).padStart(2)}. `;
    const text = onScreen(step);
    return isCommand(text) ? [`${lead}${paint("cyan", text)}`] : wrap(text, lead);
  });
  return [`  ${paint("dim", "repair")}`, ...lines];
}
