import * as z from "zod";
import { Time } from "../../../report/schemas.ts";
import { fail, ok } from "../../../x509/result.ts";
import { alertToJson } from "../../alert-json.ts";
import { listedDeliveries } from "../../alerts/alert-rows.ts";
import { timeText } from "../../link-json.ts";
import { HISTORY_UNAVAILABLE, nextOf, partOf, TIMELINE_QUERY } from "./history.ts";
import { operation, type Operation } from "./operation.ts";
import { AlertSchema, named, OptionalTime } from "./schemas.ts";
import type { ApiSources } from "./sources.ts";

const STATES = ["waiting", "delivered", "dead"] as const;

const NotificationSchema = named(
  "Notification",
  z.strictObject({
    id: z.string().describe("The same with every attempt"),
    notifier: z.string(),
    event: z.enum(["firing", "resolved", "test"]),
    state: z.enum(STATES).describe("dead: nobody took it, and it is not tried again"),
    attempts: z.int(),
    error: z.string().nullable().describe("What the last attempt failed with"),
    createdAt: Time,
    settledAt: OptionalTime.describe("When it was taken or given up; null while it waits"),
    alert: AlertSchema.describe("As it was when the message was made"),
  }),
);

/** Messages about alerts, above all those that nobody took. */
export const notificationOperations = ({ readHistory }: ApiSources): readonly Operation[] => [
  operation({
    id: "listNotifications",
    path: "/api/v1/notifications",
    summary: "Messages about alerts that wait or that nobody took, latest first",
    query: {
      state: z.array(z.enum(STATES)).min(1).describe("Default: waiting and dead").optional(),
      ...TIMELINE_QUERY,
    },
    problems: ["history-unavailable"],
    response: z.strictObject({
      notifications: z.array(NotificationSchema),
      next: z.string().optional(),
    }),
    handle: ({ query }) => {
      const part = partOf(query);
      const states = query.state ?? ["waiting", "dead"];
      const rows = readHistory((database) => listedDeliveries(database, states, part));
      if (rows === undefined) return fail(HISTORY_UNAVAILABLE);
      const show = ({
        notification: { id, notifier, event, createdAt, alert },
        state,
        attempts,
        error,
        settledAt,
      }: (typeof rows)[number]): z.infer<typeof NotificationSchema> => ({
        id,
        notifier,
        event,
        state,
        attempts,
        error,
        createdAt: new Date(createdAt).toISOString(),
        settledAt: timeText(settledAt),
        alert: alertToJson(alert),
      });
      return ok({
        kind: "list",
        head: {},
        name: "notifications",
        items: rows,
        show,
        next: nextOf(rows, part),
      });
    },
  }),
];
