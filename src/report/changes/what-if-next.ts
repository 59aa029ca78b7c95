import { dateText } from "../../diagnosis/words.ts";
import type { NextChange, WhatIf } from "../../links/changes/what-if.ts";
import { type Block, section } from "../document/block.ts";

/** When the result changes again, with the plan carried out and without. */
export function nextBlocks(result: WhatIf): readonly Block[] {
  const { next, nextWithout, links } = result;
  const sentence = ({ client, endpoint, at, becomes }: NextChange, side: "before" | "after") => {
    const link = links.find((each) => each.client === client && each.endpoint === endpoint);
    const finding =
      becomes === "broken"
        ? link?.[side]?.findings.find(
            ({ evidence }) => evidence.time === new Date(at).toISOString(),
          )
        : undefined;
    const what = becomes === "broken" ? "ends" : "begins to work";
    const why = finding === undefined ? "" : ` ${finding.summary}.`;
    return `on ${dateText(at)} the link from ${client} to ${endpoint} ${what}.${why}`;
  };
  const isSame = JSON.stringify(next) === JSON.stringify(nextWithout);
  const items = isSame
    ? next === null
      ? []
      : [`With the plan or without it, ${sentence(next, "after")}`]
    : [
        ...(next === null ? [] : [`With the plan carried out, ${sentence(next, "after")}`]),
        ...(nextWithout === null ? [] : [`Without it, ${sentence(nextWithout, "before")}`]),
      ];
  if (items.length === 0) return [];
  return [section("When the answer changes"), { kind: "list", ordered: false, items }];
}
