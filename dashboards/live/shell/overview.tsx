import type { JSX } from "preact";
import type { State } from "../api/types.ts";
import { type Counts, STATES } from "../model/states.ts";
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

/** From where to where each state reaches in a bar, in per cent. */
const sharesOf = (
  counts: Counts,
): readonly { readonly state: State; readonly start: number; readonly end: number }[] => {
  const total = Math.max(
    1,
    STATES.reduce((sum, state) => sum + counts[state], 0),
  );
  let start = 0;
  return STATES.map((state) => {
    const share = { state, start, end: start + (counts[state] / total) * 100 };
    start = share.end;
    return share;
  });
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
        {sharesOf(present).map(({ state, start, end }) => (
          <span
            key={state}
            data-part={state}
            style={{
              // where nothing moves, nothing around it can jump
              clipPath: `inset(0 ${100 - end}% 0 calc(${start}% + ${start > 0 ? 3 : 0}px))`,
            }}
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
