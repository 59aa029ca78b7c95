import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { groupCounts } from "../links/links-view.tsx";
import { type Group, groupLinks } from "../model/groups.ts";
import { countStates, worstOf } from "../model/states.ts";
import { counted } from "../model/words.ts";
import { Controls } from "../shell/controls.tsx";
import { NoLinks } from "../shell/nothing.tsx";
import { Overview } from "../shell/overview.tsx";
import { found, grouping } from "../state/filter.ts";
import { place } from "../state/router.ts";
import { Icon } from "../ui/icon.tsx";
import { isOpen, setOpen } from "./folding.ts";
import { GroupMap } from "./group-map.tsx";
import { FOLD_FROM } from "./parts.ts";
import { mapWidth, useWidth } from "./width.ts";

/** Links from which on groups without trouble are closed until somebody opens them. */
const LARGE = 150;

/** Width from which on groups stand in two columns, and the space between them. */
const TWO_COLUMNS = 1_500;
const GAP = 32;

/** Room that a group's frame takes on both sides, in pixels, and on a telephone. */
const FRAME = 34;
const NARROW_FRAME = 22;
const NARROW = 620;

const GroupCard = ({
  group,
  width,
  isLarge,
}: {
  readonly group: Group;
  readonly width: number;
  readonly isLarge: boolean;
}): JSX.Element => {
  const { name, links } = group;
  const state = worstOf(countStates(links));
  const open = isOpen(`group ${name}`, !isLarge || state === "broken" || state === "warning");
  const isBig = links.length > FOLD_FROM;
  const isFolded = isBig && !isOpen(`fold ${name}`, false);
  return (
    <section class="map-group" data-group={name} data-verdict={state} aria-label={name}>
      <div class="group-head">
        <h2>
          <button
            type="button"
            class="group-toggle"
            aria-expanded={open}
            onClick={() => setOpen(`group ${name}`, !open)}
          >
            <Icon name="chevron" />
            <bdi>{name}</bdi>
          </button>
        </h2>
        <p class="group-counts">{groupCounts(group)}</p>
        {open && isBig ? (
          <button
            type="button"
            class="quiet fold"
            onClick={() => setOpen(`fold ${name}`, isFolded)}
          >
            {isFolded ? `Show all ${counted(links.length, "link")}` : "Fold those without trouble"}
          </button>
        ) : null}
      </div>
      {open ? <GroupMap links={links} width={width} isFolded={isFolded} /> : null}
    </section>
  );
};

/** Groups in one or two columns of about the same number of links, in their order. */
const columnsOf = (groups: readonly Group[], two: boolean): readonly (readonly Group[])[] => {
  if (!two || groups.length < 2) return [groups];
  const total = groups.reduce((sum, { links }) => sum + links.length + 2, 0);
  let before = 0;
  const left = groups.filter(({ links }) => {
    const isLeft = before < total / 2;
    before += links.length + 2;
    return isLeft;
  });
  return [left, groups.slice(left.length)];
};

/** The whole estate as clients, links and endpoints. */
export const MapView = (): JSX.Element => {
  const area = useRef<HTMLDivElement>(null);
  useWidth(area);
  const shown = found.value;
  const groups = groupLinks(shown, grouping.value);
  const isWall = place.value.query.has("wall");
  const columns = columnsOf(groups, mapWidth.value >= TWO_COLUMNS);
  const width =
    Math.floor((mapWidth.value - (columns.length - 1) * GAP) / columns.length) -
    (mapWidth.value < NARROW ? NARROW_FRAME : FRAME);
  return (
    <>
      <Overview />
      {isWall ? null : <Controls shown={shown.length} />}
      <div ref={area} class="map" data-columns={columns.length}>
        {mapWidth.value === 0
          ? null
          : columns.map((column, index) => (
              <div key={index} class="map-column">
                {column.map((group) => (
                  <GroupCard
                    key={group.name}
                    group={group}
                    width={width}
                    isLarge={shown.length > LARGE}
                  />
                ))}
              </div>
            ))}
      </div>
      {shown.length === 0 ? <NoLinks /> : null}
    </>
  );
};
