import type { JSX } from "preact";
import { counted } from "../model/words.ts";
import type { ForecastAnswer, Work } from "./forecast-view.tsx";

const month = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric" });
const date = new Intl.DateTimeFormat("en-GB", { dateStyle: "full" });

/** Months that are drawn; what lies further ahead stands in the list. */
const MOST_MONTHS = 12;

const dayKey = (time: number | Date): string => {
  const day = new Date(time);
  return `${day.getFullYear()}-${day.getMonth()}-${day.getDate()}`;
};

const Day = ({
  day,
  works,
  isToday,
}: {
  readonly day: Date;
  readonly works: readonly Work[];
  readonly isToday: boolean;
}): JSX.Element => {
  const [first] = works;
  const number = day.getDate();
  if (first === undefined) return <span class={isToday ? "day today" : "day"}>{number}</span>;
  const links = works.reduce((sum, each) => sum + each.links.length, 0);
  const severity = works.find((each) => each.severity === "critical")?.severity ?? first.severity;
  const words = `${date.format(day)}: ${works.map(({ title }) => title).join("; ")}. ${counted(links, "link")}`;
  return (
    <button
      type="button"
      class="day quiet due"
      data-severity={severity}
      title={words}
      aria-label={words}
      onClick={() => {
        const card = document.getElementById(`work-${first.id}`);
        card?.scrollIntoView({ block: "center" });
        card?.querySelector("a")?.focus({ preventScroll: true });
      }}
    >
      {number}
    </button>
  );
};

/** The months ahead, with the days on which something ends. */
export const Calendar = ({ forecast }: { readonly forecast: ForecastAnswer }): JSX.Element => {
  const [start, end] = [new Date(forecast.at), new Date(forecast.until)];
  const due = Map.groupBy(forecast.works, ({ deadline }) => dayKey(Date.parse(deadline)));
  const span =
    (end.getFullYear() - start.getFullYear()) * 12 + end.getMonth() - start.getMonth() + 1;
  const isLate = ({ deadline }: Work): boolean =>
    Date.parse(deadline) >=
    new Date(start.getFullYear(), start.getMonth() + MOST_MONTHS, 1).getTime();
  // a year ends in the thirteenth month
  const most = forecast.works.some(isLate) ? MOST_MONTHS + 1 : MOST_MONTHS;
  const months = Array.from(
    { length: Math.min(span, most) },
    (_, index) => new Date(start.getFullYear(), start.getMonth() + index, 1),
  );
  return (
    <div class="calendar">
      {months.map((first) => {
        const length = new Date(first.getFullYear(), first.getMonth() + 1, 0).getDate();
        // weeks begin on Monday
        const before = (first.getDay() + 6) % 7;
        return (
          <div key={dayKey(first)} class="month">
            <h3>{month.format(first)}</h3>
            <div class="days">
              {Array.from({ length: before }, (_, index) => (
                <span key={`before ${index}`} />
              ))}
              {Array.from({ length }, (_, index) => {
                const day = new Date(first.getFullYear(), first.getMonth(), index + 1);
                const key = dayKey(day);
                return (
                  <Day
                    key={key}
                    day={day}
                    works={due.get(key) ?? []}
                    isToday={key === dayKey(start)}
                  />
                );
              })}
            </div>
          </div>
        );
      })}
    </div>
  );
};
