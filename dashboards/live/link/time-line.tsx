import type { JSX } from "preact";
import { apiUrl } from "../api/ask.ts";
import type { Link, State } from "../api/types.ts";
import { calendarTime, shortSubject, STATE_WORDS } from "../model/words.ts";
import { now } from "../state/estate.ts";
import { hrefTo } from "../state/router.ts";
import { useAnswer } from "../ui/use-answer.ts";

interface Verdict {
  readonly state: State;
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
  readonly findings: readonly { readonly summary: string }[];
}

interface Seen {
  readonly address: string;
  readonly sha256: string;
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
}

/** Rows of certificates that are drawn; the newest are the ones that matter. */
const MOST_ROWS = 12;

const at = (time: string | null): number => Date.parse(time ?? "");

/** A piece of a row. */
const Piece = ({
  from,
  to,
  start,
  span,
  words,
  kind,
}: {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly span: number;
  readonly words: string;
  readonly kind: string;
}): JSX.Element => (
  <span
    class="piece"
    data-kind={kind}
    title={`${words}, ${calendarTime(from)} to ${calendarTime(to)}`}
    style={{
      left: `${((from - start) / span) * 100}%`,
      width: `max(4px, ${((to - from) / span) * 100}%)`,
    }}
  />
);

/** What the client made of the endpoint, and which certificates were sent, as far back as the history goes. */
export const TimeLine = ({
  link,
  version,
}: {
  readonly link: Link;
  readonly version: string;
}): JSX.Element => {
  const { client, endpoint } = link;
  const verdicts = useAnswer<{ readonly history: readonly Verdict[] }>(
    apiUrl(["links", client, endpoint, "history"]),
    version,
  );
  const seen = useAnswer<{ readonly history: readonly Seen[] }>(
    apiUrl(["endpoints", endpoint, "history"]),
    version,
  );
  const error = verdicts.error ?? seen.error;
  const rows = (verdicts.value?.history ?? []).toReversed();
  const certificates = [
    ...Map.groupBy(seen.value?.history ?? [], ({ sha256 }) => sha256).entries(),
  ].slice(0, MOST_ROWS);
  const starts = [...rows, ...certificates.flatMap(([, each]) => each)]
    .map(({ firstSeen }) => at(firstSeen))
    .filter((time) => !Number.isNaN(time));
  if (starts.length === 0) return <p class="soft">{error ?? "Nothing is recorded yet"}</p>;
  const start = Math.min(...starts);
  const end = Math.max(now.value, start + 60_000);
  const span = end - start;
  const subjects = new Map(link.chain.map(({ sha256, subject }) => [sha256, subject]));
  return (
    <div class="time-line">
      <div class="time-row">
        <p class="time-name">Verdict</p>
        <div class="time-bar">
          {rows.map((verdict, index) => {
            const from = at(verdict.firstSeen);
            const next = rows[index + 1];
            const to = next === undefined ? end : at(next.firstSeen);
            return (
              <Piece
                key={index}
                from={from}
                to={to}
                start={start}
                span={span}
                kind={verdict.state}
                words={`${STATE_WORDS[verdict.state] ?? "Unknown"}: ${verdict.findings[0]?.summary ?? "nothing wrong"}`}
              />
            );
          })}
        </div>
      </div>
      {certificates.map(([sha256, times]) => (
        <div key={sha256} class="time-row">
          <p class="time-name">
            <a href={hrefTo(["certificates", sha256])}>
              <bdi>
                {subjects.has(sha256)
                  ? shortSubject(subjects.get(sha256) ?? null)
                  : `earlier: ${sha256.slice(0, 12)}`}
              </bdi>
            </a>
          </p>
          <div class="time-bar">
            {times.map(({ firstSeen, lastSeen, address }, index) => (
              <Piece
                key={index}
                from={at(firstSeen)}
                to={subjects.has(sha256) ? end : at(lastSeen)}
                start={start}
                span={span}
                kind="seen"
                words={`Sent by ${address}`}
              />
            ))}
          </div>
        </div>
      ))}
      <div class="time-row">
        <p class="time-name" />
        <p class="time-ends">
          <span>{calendarTime(start)}</span>
          <span>now</span>
        </p>
      </div>
      <details>
        <summary>As a table</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">From</th>
              <th scope="col">Verdict</th>
              <th scope="col">Reason</th>
            </tr>
          </thead>
          <tbody>
            {rows.toReversed().map((verdict, index) => (
              <tr key={index}>
                <td>{calendarTime(at(verdict.firstSeen))}</td>
                <td>{STATE_WORDS[verdict.state] ?? "Unknown"}</td>
                <td>
                  <bdi>{verdict.findings[0]?.summary ?? "Nothing wrong"}</bdi>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </div>
  );
};
