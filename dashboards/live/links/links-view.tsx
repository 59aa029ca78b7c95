import type { JSX } from "preact";
import { mostUrgent } from "../model/filter.ts";
import { type Group, groupLinks } from "../model/groups.ts";
import { byAttention, countStates, STATES, worstOf } from "../model/states.ts";
import { stateCount } from "../model/words.ts";
import { Controls } from "../shell/controls.tsx";
import { NoLinks } from "../shell/nothing.tsx";
import { Overview } from "../shell/overview.tsx";
import { found, grouping } from "../state/filter.ts";
import { useKeptFocus } from "../ui/keep-focus.ts";
import { LinkRow } from "./link-row.tsx";

const worst = ({ links }: Group): number => STATES.indexOf(worstOf(countStates(links)));

/** How many links of a group are in which state, in words. */
export const groupCounts = ({ links }: Group): string => {
  const counts = countStates(links);
  return STATES.filter((state) => counts[state] > 0)
    .map((state) => `${counts[state]} ${stateCount(state, counts[state])}`)
    .join(" · ");
};

const Section = ({ group }: { readonly group: Group }): JSX.Element => (
  <section class="group" data-group={group.name} aria-label={group.name}>
    <div class="group-head">
      <h2>
        <bdi>{group.name}</bdi>
      </h2>
      <p class="group-counts">{groupCounts(group)}</p>
    </div>
    <ul class="links" role="list">
      {group.links.toSorted(byAttention).map((link) => (
        <LinkRow key={JSON.stringify([link.client, link.endpoint])} link={link} />
      ))}
    </ul>
  </section>
);

/** Every link as a row, the broken ones and their groups first. */
export const LinksView = (): JSX.Element => {
  useKeptFocus();
  const shown = mostUrgent(found.value);
  const groups = groupLinks(shown, grouping.value).toSorted(
    (a, b) => worst(a) - worst(b) || a.name.localeCompare(b.name),
  );
  return (
    <>
      <Overview />
      <Controls shown={shown.length} />
      <div class="groups">
        {groups.map((group) => (
          <Section key={group.name} group={group} />
        ))}
      </div>
      {shown.length === 0 ? <NoLinks /> : null}
    </>
  );
};
