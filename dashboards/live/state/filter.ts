import { computed } from "@preact/signals";
import { type Filter, matches } from "../model/filter.ts";
import { usualGrouping } from "../model/groups.ts";
import { linkList } from "./estate.ts";
import { place } from "./router.ts";

/** The filter, which lives in the address, so that a wall screen can be bookmarked with it. */
export const filter = computed((): Filter => {
  const { query } = place.value;
  return {
    text: query.get("filter") ?? "",
    onlyBroken: query.has("broken"),
    client: query.get("client"),
    endpoint: query.get("endpoint"),
  };
});

/** The links that pass the filter. */
export const found = computed(() => linkList.value.filter((link) => matches(link, filter.value)));

/** The label by which links are grouped. */
export const grouping = computed(
  () => place.value.query.get("group") ?? usualGrouping(linkList.value),
);
