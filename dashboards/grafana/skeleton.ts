import {
  DashboardBuilder,
  DashboardCursorSync,
  TimePickerBuilder,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { headLinks } from "./addresses.ts";

/** Title, address and purpose of a dashboard. */
export interface DashboardText {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** How far back it looks at first, e.g. `24h`. */
  readonly since: string;
}

/** What all dashboards have in common. */
export const skeleton = ({ uid, title, description, since }: DashboardText): DashboardBuilder =>
  new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags(["anchorwatch"])
    .editable()
    .timezone("browser")
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: `now-${since}`, to: "now" })
    .timepicker(new TimePickerBuilder().refreshIntervals(["30s", "1m", "5m", "15m", "1h"]))
    .refresh("1m")
    .links(headLinks());
