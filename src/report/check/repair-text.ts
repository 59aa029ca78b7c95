import { isCommand } from "../commands.ts";
import { onScreen } from "../on-screen.ts";
import type { Paint } from "../paint.ts";
import { paragraph } from "./paragraph.ts";

/** A step of a repair: a sentence, and commands that belong to it, in their order. */
export interface RepairStep {
  readonly text: string;
  readonly commands: readonly string[];
}

/** What stands before commands that have no sentence of their own. */
const RUN = "Run";

/** The steps of a remedy: commands that follow one another are one, and so are a sentence and the command it ends in. */
export function repairSteps(remedy: readonly string[]): readonly RepairStep[] {
  const steps: RepairStep[] = [];
  for (const text of remedy.map(onScreen)) {
    const last = steps.at(-1);
    if (!isCommand(text)) steps.push(sentenceStep(text));
    else if (last?.text === RUN)
      steps[steps.length - 1] = { text: RUN, commands: [...last.commands, text] };
    else steps.push({ text: RUN, commands: [text] });
  }
  return steps;
}

function sentenceStep(text: string): RepairStep {
  for (let at = text.indexOf(": "); at >= 0; at = text.indexOf(": ", at + 1)) {
    const rest = text.slice(at + 2);
    if (isCommand(rest)) return { text: text.slice(0, at + 1), commands: [rest] };
  }
  return { text, commands: [] };
}

/** A remedy for people: numbered steps; every command stands alone on its line, whole, to be copied. */
export function repairText(
  remedy: readonly string[],
  { paint, columns }: { readonly paint: Paint; readonly columns: number },
): readonly string[] {
  const steps = repairSteps(remedy);
  if (steps.length === 0) return [];
  return [
    `  ${paint("dim", "repair")}`,
    ...steps.flatMap(({ text, commands }, index) => [
      ...paragraph(text, `  ${String(index + 1).padStart(2)}. `, columns),
      ...commands.map((command) => `      ${paint("cyan", command)}`),
    ]),
  ];
}
