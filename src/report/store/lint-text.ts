import { counted, printable } from "../../diagnosis/words.ts";
import { SCREEN_WIDTH } from "../columns.ts";
import { isCommand } from "../commands.ts";
import { onScreen } from "../on-screen.ts";
import type { Paint, Style } from "../paint.ts";
import { wrap } from "../wrap.ts";
import type { StoreItem, StoreResult } from "./result.ts";

const SIGNS: Readonly<Record<StoreItem["severity"], readonly [sign: string, style: Style]>> = {
  critical: ["✗", "red"],
  warning: ["!", "yellow"],
  info: ["·", "dim"],
};

/** What was found in one store, for people; 80 columns wide, commands aside. */
export function lintText({ title, items }: StoreResult, paint: Paint): string {
  const lines = [
    `${paint("bold", printable(title))}  ${items.length === 0 ? paint("green", "✓ nothing to say") : summaryOf(items)}`,
    ...items.flatMap((item) => ["", ...itemLines(item, paint)]),
  ];
  return `${lines.join("\n")}\n`;
}

/** `1 problem, 2 warnings, 1 remark`. */
function summaryOf(items: readonly StoreItem[]): string {
  const of = (severity: StoreItem["severity"], noun: string): string | null => {
    const count = items.filter((item) => item.severity === severity).length;
    return count === 0 ? null : counted(count, noun);
  };
  return [of("critical", "problem"), of("warning", "warning"), of("info", "remark")]
    .filter((part) => part !== null)
    .join(", ");
}

function itemLines(
  { code, severity, summary, remedy }: StoreItem,
  paint: Paint,
): readonly string[] {
  const [sign, style] = SIGNS[severity];
  return [
    `${paint(style, `${sign} ${severity}`)}  ${paint("dim", code)}`,
    ...wrap(onScreen(summary), "  ", SCREEN_WIDTH),
    ...remedy.flatMap((step, index) => {
      const lead = `  ${String(index + 1).padStart(2)}. `;
      const text = onScreen(step);
      return isCommand(text) ? [`${lead}${paint("cyan", text)}`] : wrap(text, lead, SCREEN_WIDTH);
    }),
  ];
}
