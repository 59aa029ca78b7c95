import type { JSX } from "preact";
import { groupings, UNGROUPED } from "../model/groups.ts";
import { counted } from "../model/words.ts";
import { linkList } from "../state/estate.ts";
import { filter, found, grouping } from "../state/filter.ts";
import { changeQuery } from "../state/router.ts";

const shownWords = (shown: number): string => {
  const [all, passing] = [linkList.value.length, found.value.length];
  const words = `${shown} of ${counted(all, "link")} shown`;
  if (shown < passing) return `${words}; filter to see others`;
  return shown < all ? words : "";
};

/** A name that is the only one shown, with a way back to all. */
const Chip = ({ name, value }: { readonly name: string; readonly value: string }): JSX.Element => (
  <button
    type="button"
    class="chip"
    aria-label={`Show every ${name} again, not only ${value}`}
    onClick={() => changeQuery({ [name]: null })}
  >
    {name} <bdi>{value}</bdi> <span aria-hidden="true">×</span>
  </button>
);

/** What chooses the links that are shown. @param shown - Number of links that are. */
export const Controls = ({ shown }: { readonly shown: number }): JSX.Element => {
  const { text, onlyBroken, client, endpoint } = filter.value;
  return (
    <form
      class="controls"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      <label class="filter">
        <span class="unseen">Filter links by client, endpoint, finding or certificate</span>
        <input
          type="search"
          id="filter"
          placeholder="Filter by client, endpoint, finding …"
          autocomplete="off"
          spellcheck={false}
          value={text}
          onInput={({ currentTarget: { value } }) =>
            changeQuery({ filter: value.trim() === "" ? null : value })
          }
        />
      </label>
      <label class="toggle">
        <input
          type="checkbox"
          id="only-broken"
          checked={onlyBroken}
          onChange={({ currentTarget: { checked } }) =>
            changeQuery({ broken: checked ? "" : null })
          }
        />
        <span>Only broken</span>
      </label>
      <label class="choice">
        <span>Group by</span>
        <select
          id="group"
          value={grouping.value}
          onChange={({ currentTarget: { value } }) => changeQuery({ group: value })}
        >
          {groupings(linkList.value).map((name) => (
            <option key={name} value={name}>
              {name === UNGROUPED ? "nothing" : name}
            </option>
          ))}
        </select>
      </label>
      {client === null ? null : <Chip name="client" value={client} />}
      {endpoint === null ? null : <Chip name="endpoint" value={endpoint} />}
      <p class="shown" role="status">
        {shownWords(shown)}
      </p>
    </form>
  );
};
