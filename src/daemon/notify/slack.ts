import type { AlertSeverity } from "../../estate/alerts/alerts.ts";
import type { Notification } from "../alerts/alert.ts";
import type { Notifier } from "./notifier.ts";
import type { Poster } from "./post.ts";
import { alertUrl, linkLines, plainLine, titleOf } from "./words.ts";

/** Settings of a Slack-compatible webhook. */
export interface SlackSettings {
  readonly name: string;
  readonly resolved: boolean;
  readonly url: string;
  readonly page: string;
}

const COLOURS: Record<AlertSeverity, string> = {
  critical: "#c62828",
  warning: "#ef6c00",
  info: "#1565c0",
};

const OVER = "#2e7d32";

/** Characters that a block of text may have. */
const MAX_TEXT = 2900;

/** Tells a Slack-compatible webhook. Everything that comes from servers is plain text, in which nothing is markup. */
export function slackNotifier(
  { name, resolved, url, page }: SlackSettings,
  poster: Poster,
): Notifier {
  return {
    name,
    resolved,
    send: (notification, signal) =>
      poster.send({ url, body: JSON.stringify(messageOf(notification, page)) }, signal),
    reminder: null,
    close: () => poster.close(),
  };
}

function messageOf(notification: Notification, page: string): object {
  const { event, alert } = notification;
  const lines = [
    ...linkLines(alert),
    ...(event === "resolved"
      ? []
      : alert.remedy.map((step, at) => `${at + 1}. ${plainLine(step)}`)),
  ];
  const details = lines.join("\n").slice(0, MAX_TEXT);
  return {
    text: escaped(titleOf(notification)),
    attachments: [
      {
        color: event === "resolved" ? OVER : COLOURS[alert.severity],
        blocks: [
          ...(details === "" ? [] : [section(details)]),
          {
            type: "context",
            elements: [
              { type: "plain_text", text: `${alert.rule} · ${alert.code}`, emoji: false },
              { type: "mrkdwn", text: `<${alertUrl(alert, page)}|Open>` },
            ],
          },
        ],
      },
    ],
  };
}

function section(text: string): object {
  return { type: "section", text: { type: "plain_text", text, emoji: false } };
}

/** The three characters that Slack gives a meaning. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
