import type { JSX } from "preact";
import { heard, linkList } from "../state/estate.ts";
import { filter } from "../state/filter.ts";
import { Empty } from "../ui/empty.tsx";

/** Why no link is shown. */
export const NoLinks = (): JSX.Element | null => {
  if (heard.value === null) return null;
  if (linkList.value.length === 0) return <Empty>The estate names no links yet</Empty>;
  const { text, client, endpoint } = filter.value;
  const isChosen = text.trim() !== "" || client !== null || endpoint !== null;
  return <Empty>{isChosen ? "No link matches the filter" : "No link is broken"}</Empty>;
};
