import type { JSX } from "preact";
import { STATES } from "../model/states.ts";
import { clockTime, overallWords, stateCount } from "../model/words.ts";
import { counts, heard, linkList } from "../state/estate.ts";
import { Icon } from "../ui/icon.tsx";

const lastCheck = (): string => {
  const times = linkList.value
    .map(({ checkedAt }) => Date.parse(checkedAt ?? ""))
    .filter((time) => !Number.isNaN(time));
  return times.length === 0
    ? ""
    : `Last check at ${clockTime(times.reduce((a, b) => Math.max(a, b)))}`;
};

/** How the whole estate is, in a sentence, a bar and numbers. */
export const Overview = (): JSX.Element => {
  const present = counts.value;
  return (
    <section class="overview" aria-label="The whole estate">
      <h1 id="overall">
        {heard.value === null ? "Waiting for the first data" : overallWords(present)}
      </h1>
      <div class="balance" aria-hidden="true">
        {STATES.map((state) => (
          <span
            key={state}
            data-part={state}
            hidden={present[state] === 0}
            style={{ flexGrow: present[state] }}
          />
        ))}
      </div>
      <div class="overview-line">
        <ul class="counts" aria-label="Links by state">
          {STATES.map((state) => (
            <li
              key={state}
              data-verdict={state}
              hidden={state === "pending" && present[state] === 0}
            >
              <Icon name={state} />
              <span>
                <strong>{present[state]}</strong> {stateCount(state, present[state])}
              </span>
            </li>
          ))}
        </ul>
        <p class="updated" id="updated">
          {lastCheck()}
        </p>
      </div>
    </section>
  );
};
