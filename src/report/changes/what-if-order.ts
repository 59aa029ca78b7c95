import { counted } from "../../diagnosis/words.ts";
import type { WhatIf } from "../../links/changes/what-if.ts";
import { type Block, section, table } from "../document/block.ts";

/** The steps in their order, or the proof that there is no safe one. */
export function orderBlocks({ order, steps, links }: WhatIf): readonly Block[] {
  const title = (step: number): string => steps[step]?.title ?? "";
  const list = {
    kind: "list",
    ordered: true,
    items: steps.map((each) => each.title),
  } as const satisfies Block;
  switch (order.kind) {
    case "safe": {
      const breaks = links.some(({ fate }) => fate === "breaks");
      return [
        section(steps.length === 1 ? "What is done" : breaks ? "Order" : "Safe order"),
        ...(breaks && steps.length > 1
          ? [
              {
                kind: "paragraph",
                text: "In this order, no link that works in the end is broken in between.",
                tone: "soft",
              } as const,
            ]
          : []),
        { kind: "list", ordered: true, items: order.order.map(title) },
      ];
    }
    case "undecided":
      return [
        section("Order"),
        list,
        {
          kind: "paragraph",
          text: `Whether there is a safe order of these changes was not decided after ${counted(order.states, "state")}: ${order.steps.map(title).join("; ")}.`,
        },
      ];
    case "none":
      return [
        section("What is done"),
        list,
        section("No safe order: the proof"),
        ...order.exclusions.flatMap(({ steps: set, isSmallest, blocked }): readonly Block[] => [
          {
            kind: "paragraph",
            text: `These changes exclude each other, whatever is done with the others${isSmallest ? "; no fewer do" : ""}:`,
          },
          { kind: "list", ordered: false, items: set.map(title) },
          {
            kind: "paragraph",
            text: "Every way through them ends at a link that would be broken:",
          },
          ...table(
            ["when this is done", "the next step", "breaks", "for"],
            blocked.map(({ done, step, link, summary }) => [
              done.length === 0 ? "nothing yet" : done.map(title).join("; "),
              title(step),
              `${link.client} to ${link.endpoint}`,
              summary,
            ]),
          ),
        ]),
      ];
  }
}

/** The number of each step as the list of them shows it. */
export function numbersOf({ order, steps }: WhatIf): readonly number[] {
  const shown = order.kind === "safe" ? order.order : steps.map((_, step) => step);
  return steps.map((_, step) => shown.indexOf(step) + 1);
}
