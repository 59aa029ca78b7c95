import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { LinkName } from "../api/types.ts";
import { keyOf, stateOf } from "../model/states.ts";
import { links as allLinks } from "../state/estate.ts";
import { hrefTo } from "../state/router.ts";
import { Icon } from "./icon.tsx";

/** Links that are named at once; more stand behind a button. */
const AT_ONCE = 12;

/** Links by their names, each leading to its view. */
export const LinkChips = ({ links }: { readonly links: readonly LinkName[] }): JSX.Element => {
  const all = useSignal(false);
  const shown = all.value ? links : links.slice(0, AT_ONCE);
  return (
    <ul class="link-chips" role="list">
      {shown.map((link) => {
        const known = allLinks.value.get(keyOf(link));
        const state = known === undefined ? "pending" : stateOf(known);
        return (
          <li key={keyOf(link)}>
            <a href={hrefTo(["links", link.client, link.endpoint])} data-verdict={state}>
              <Icon name={state} />
              <bdi>{link.client}</bdi>
              <span class="arrow">→</span>
              <bdi>{link.endpoint}</bdi>
            </a>
          </li>
        );
      })}
      {links.length > shown.length ? (
        <li>
          <button
            type="button"
            class="quiet"
            onClick={() => {
              all.value = true;
            }}
          >
            {links.length - shown.length} more
          </button>
        </li>
      ) : null}
    </ul>
  );
};
