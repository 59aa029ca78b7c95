import * as z from "zod";
import { fail, ok } from "../../../x509/result.ts";
import { alertToJson } from "../../alert-json.ts";
import { fitsPattern } from "../../alerts/select-links.ts";
import { pastAlerts } from "../../history-timelines.ts";
import { HISTORY_UNAVAILABLE } from "./history.ts";
import { operation, type Operation } from "./operation.ts";
import { pageOf, PAGING } from "./paging.ts";
import { AlertSchema, SeveritySchema } from "./schemas.ts";
import type { ApiSources } from "./sources.ts";

/** Alerts that are over which are kept at hand. */
const MAX_PAST = 1000;

/** Alerts, present and past. */
export const alertOperations = ({ alerts, readHistory }: ApiSources): readonly Operation[] => [
  operation({
    id: "listAlerts",
    path: "/api/v1/alerts",
    summary:
      "Alerts that are pending or fire, oldest first; with status=resolved, the last that ended",
    query: {
      status: z
        .array(z.enum(["pending", "firing", "resolved"]))
        .describe("Default: pending and firing")
        .optional(),
      severity: z.array(SeveritySchema).optional(),
      rule: z.array(z.string()).describe("Name of a rule; may hold *").optional(),
      code: z.array(z.string()).describe("What it is about; may hold *").optional(),
      ...PAGING,
    },
    problems: ["cursor-gone", "history-unavailable"],
    response: z.strictObject({ alerts: z.array(AlertSchema), next: z.string().optional() }),
    handle: ({ query }) => {
      const { status = ["pending", "firing"], severity, rule, code } = query;
      const past = status.includes("resolved")
        ? readHistory((database) => pastAlerts(database, MAX_PAST))
        : [];
      if (past === undefined) return fail(HISTORY_UNAVAILABLE);
      const chosen = [...alerts(), ...past].filter(
        (alert) =>
          status.includes(alert.status) &&
          (severity?.includes(alert.severity) ?? true) &&
          (rule?.some((pattern) => fitsPattern(pattern, alert.rule)) ?? true) &&
          (code?.some((pattern) => fitsPattern(pattern, alert.code)) ?? true),
      );
      const page = pageOf(chosen, query, ({ id }) => id);
      if (!page.ok) return page;
      return ok({ kind: "list", head: {}, name: "alerts", show: alertToJson, ...page.value });
    },
  }),
];
