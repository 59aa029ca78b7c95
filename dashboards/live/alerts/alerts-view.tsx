import type { JSX } from "preact";
import { apiUrl } from "../api/ask.ts";
import type { LinkName } from "../api/types.ts";
import { counted } from "../model/words.ts";
import { alertsVersion } from "../state/estate.ts";
import { changeQuery, hrefTo, place } from "../state/router.ts";
import { Answered } from "../ui/answered.tsx";
import { Empty } from "../ui/empty.tsx";
import { LinkChips } from "../ui/link-chips.tsx";
import { Moment } from "../ui/moment.tsx";
import { Remedy } from "../ui/remedy.tsx";
import { useAnswer } from "../ui/use-answer.ts";
import { SeverityMark } from "../ui/verdict.tsx";
import { ViewHead } from "../ui/view-head.tsx";

interface Alert {
  readonly id: string;
  readonly rule: string;
  readonly severity: string;
  readonly code: string;
  readonly summary: string;
  readonly remedy: readonly string[];
  readonly links: readonly LinkName[];
  readonly linkCount: number;
  readonly breaksAt: string | null;
  readonly status: "pending" | "firing" | "resolved";
  readonly muted: boolean;
  readonly since: string;
  readonly resolvedAt: string | null;
}

const STATUS = { pending: "Pending", firing: "Firing", resolved: "Over" } as const;

const AlertCard = ({
  alert,
  isOpen,
}: {
  readonly alert: Alert;
  readonly isOpen: boolean;
}): JSX.Element => {
  const { id, rule, severity, code, summary, remedy, links, linkCount, status, muted } = alert;
  return (
    <li class="cause" data-severity={status === "resolved" ? "info" : severity} data-alert={id}>
      <p class="cause-head">
        <SeverityMark severity={status === "resolved" ? "info" : severity} />
        <strong>{STATUS[status] ?? status}</strong>
        {muted ? <span class="soft">in maintenance</span> : null}
        <a class="code" href={hrefTo(["alerts", id])} data-stop>
          {rule}
        </a>
        <span class="soft">
          {linkCount > 0 ? `${counted(linkCount, "link")}, ` : ""}since <Moment at={alert.since} />
          {alert.resolvedAt === null ? null : (
            <>
              , over <Moment at={alert.resolvedAt} />
            </>
          )}
          {alert.breaksAt === null ? null : (
            <>
              , breaks <Moment at={alert.breaksAt} />
            </>
          )}
        </span>
      </p>
      <p class="cause-summary">
        <bdi>{summary}</bdi>{" "}
        <a class="code" href={hrefTo(["findings", code])}>
          {code}
        </a>
      </p>
      <LinkChips links={links} />
      {remedy.length === 0 ? null : (
        <details open={isOpen}>
          <summary>What to do</summary>
          <Remedy steps={remedy} />
        </details>
      )}
    </li>
  );
};

/** Alerts, present and past. @param id - Shows one alone. */
export const AlertsView = ({ id }: { readonly id: string | null }): JSX.Element => {
  const withPast = id !== null || place.value.query.has("past");
  const answer = useAnswer<{ readonly alerts: readonly Alert[] }>(
    apiUrl(["alerts"], withPast ? "?status=pending&status=firing&status=resolved" : ""),
    alertsVersion.value,
  );
  return (
    <>
      <ViewHead title={id === null ? "Alerts" : "Alert"}>
        {id === null ? (
          "One for each cause, however many links it breaks"
        ) : (
          <a href={hrefTo(["alerts"])}>All alerts</a>
        )}
      </ViewHead>
      {id === null ? (
        <div class="controls">
          <label class="toggle">
            <input
              type="checkbox"
              checked={withPast}
              onChange={({ currentTarget: { checked } }) =>
                changeQuery({ past: checked ? "" : null })
              }
            />
            <span>Also those that are over</span>
          </label>
        </div>
      ) : null}
      <Answered answer={answer}>
        {({ alerts }) => {
          const shown = alerts.filter((alert) => id === null || alert.id === id);
          if (shown.length === 0)
            return (
              <Empty>
                {id === null ? "No alert is pending or fires" : "There is no such alert"}
              </Empty>
            );
          return (
            <ul class="causes" role="list">
              {shown.map((alert) => (
                <AlertCard key={alert.id} alert={alert} isOpen={id !== null} />
              ))}
            </ul>
          );
        }}
      </Answered>
    </>
  );
};
