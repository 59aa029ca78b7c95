import type { JSX } from "preact";
import { apiUrl } from "../api/ask.ts";
import type { LinkName, Severity } from "../api/types.ts";
import { calendarTime, counted } from "../model/words.ts";
import { verdictsVersion } from "../state/estate.ts";
import { changeQuery, hrefTo, place } from "../state/router.ts";
import { Answered } from "../ui/answered.tsx";
import { Empty } from "../ui/empty.tsx";
import { LinkChips } from "../ui/link-chips.tsx";
import { Moment } from "../ui/moment.tsx";
import { Remedy } from "../ui/remedy.tsx";
import { useAnswer } from "../ui/use-answer.ts";
import { SeverityMark } from "../ui/verdict.tsx";
import { ViewHead } from "../ui/view-head.tsx";
import { Calendar } from "./calendar.tsx";
import { WorkingChart } from "./working-chart.tsx";

/** One piece of work that keeps links from breaking. Times are RFC 3339. */
export interface Work {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly deadline: string;
  readonly severity: Severity;
  readonly certificate: { readonly sha256: string; readonly subject: string };
  readonly links: readonly (LinkName & { readonly at: string })[];
  readonly later: readonly LinkName[];
  readonly remedy: readonly string[];
}

/** What `/api/v1/forecast` tells. */
export interface ForecastAnswer {
  readonly at: string;
  readonly until: string;
  readonly summary: {
    readonly links: number;
    readonly ending: number;
    readonly lasting: number;
    readonly broken: number;
    readonly unknown: number;
    readonly works: number;
  };
  readonly works: readonly Work[];
}

const RANGES = [
  ["90", "90 days"],
  ["365", "a year"],
  ["1095", "3 years"],
] as const;

const WorkCard = ({ work }: { readonly work: Work }): JSX.Element => {
  const { id, title, deadline, severity, certificate, links, later, remedy } = work;
  return (
    <li class="cause" id={`work-${id}`} data-severity={severity}>
      <p class="cause-head">
        <SeverityMark severity={severity} />
        <strong>
          <Moment at={deadline} />
        </strong>
        <span class="soft">
          {calendarTime(Date.parse(deadline))} · {counted(links.length, "link")}
        </span>
      </p>
      <p class="cause-summary">
        <a href={hrefTo(["certificates", certificate.sha256])} data-stop>
          <bdi>{title}</bdi>
        </a>
      </p>
      <LinkChips links={links.length > 0 ? links : later} />
      {remedy.length === 0 ? null : (
        <details>
          <summary>What to do</summary>
          <Remedy steps={remedy} />
        </details>
      )}
    </li>
  );
};

const headWords = ({ summary }: ForecastAnswer, range: string): string => {
  const { ending, lasting, broken } = summary;
  const ends =
    ending === 0
      ? `No link that works now breaks within ${range}`
      : `${counted(ending, "link")} that ${ending === 1 ? "works" : "work"} now ${ending === 1 ? "breaks" : "break"} within ${range}`;
  return `${ends}; ${lasting} last longer${broken > 0 ? `, ${broken} are broken already` : ""}`;
};

/** When links will break, as a chart, a calendar and a list of what prevents it. */
export const ForecastView = (): JSX.Element => {
  const days = place.value.query.get("days") ?? "365";
  const range = RANGES.find(([value]) => value === days)?.[1] ?? `${days} days`;
  const answer = useAnswer<ForecastAnswer>(
    apiUrl(["forecast"], `?days=${encodeURIComponent(days)}`),
    verdictsVersion.value,
  );
  return (
    <>
      <ViewHead title="Forecast">
        {answer.value === undefined
          ? "When links will break, and what keeps them from it"
          : headWords(answer.value, range)}
      </ViewHead>
      <div class="controls">
        <label class="choice">
          <span>Look ahead</span>
          <select
            value={days}
            onChange={({ currentTarget: { value } }) => changeQuery({ days: value })}
          >
            {RANGES.map(([value, words]) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Answered answer={answer}>
        {(forecast) => (
          <>
            <section class="part" aria-label="Links that still work">
              <h2>Links that still work if nobody does anything</h2>
              <WorkingChart forecast={forecast} />
            </section>
            <section class="part" aria-label="Calendar">
              <h2>Calendar</h2>
              <Calendar forecast={forecast} />
            </section>
            {forecast.works.length === 0 ? (
              <Empty>Nothing has to be done within {range}</Empty>
            ) : (
              <ol class="causes" aria-label="What has to be done">
                {forecast.works.map((work) => (
                  <WorkCard key={work.id} work={work} />
                ))}
              </ol>
            )}
          </>
        )}
      </Answered>
    </>
  );
};
