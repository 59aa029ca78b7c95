import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { counted, dayText } from "../model/words.ts";
import { theme } from "../state/theme.ts";
import type { ForecastAnswer } from "./forecast-view.tsx";

const HEIGHT = 200;

/** Numbers of links that work at each time, seconds since 1970: one step down for each that breaks. */
export const workingSteps = ({
  at,
  until,
  summary,
  works,
}: ForecastAnswer): readonly [times: number[], working: number[]] => {
  const breaks = works
    .flatMap(({ links }) => links.map((link) => Date.parse(link.at) / 1_000))
    .toSorted((a, b) => a - b);
  let working = summary.ending + summary.lasting;
  const times = [Date.parse(at) / 1_000];
  const values = [working];
  for (const time of breaks) {
    working--;
    if (times.at(-1) === time) values[values.length - 1] = working;
    else {
      times.push(time);
      values.push(working);
    }
  }
  times.push(Date.parse(until) / 1_000);
  values.push(working);
  return [times, values];
};

const words = (forecast: ForecastAnswer): string => {
  const [times, values] = workingSteps(forecast);
  const [first = 0, last = 0] = [values[0], values.at(-1)];
  return `${counted(first, "link")} ${first === 1 ? "works" : "work"} now, and ${last} of them still on ${dayText((times.at(-1) ?? 0) * 1_000)} if nobody does anything`;
};

/** How many links still work as time goes by. */
export const WorkingChart = ({ forecast }: { readonly forecast: ForecastAnswer }): JSX.Element => {
  const area = useRef<HTMLDivElement>(null);
  const scheme = theme.value;
  useEffect(() => {
    const { current } = area;
    if (current === null) return undefined;
    let isWanted = true;
    let end = (): void => {};
    void import("./draw-chart.ts").then(({ drawChart }) => {
      if (isWanted) end = drawChart(current, workingSteps(forecast), HEIGHT);
    });
    return () => {
      isWanted = false;
      end();
    };
  }, [forecast, scheme]);
  return (
    <>
      <div
        ref={area}
        class="chart"
        role="img"
        aria-label={words(forecast)}
        style={{ height: HEIGHT }}
      />
      <p class="soft">{words(forecast)}</p>
    </>
  );
};
