import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { certificates } from "./certificates.ts";
import { daemon } from "./daemon.ts";
import { link } from "./link.ts";
import { overview } from "./overview.ts";

/** A dashboard and the file that holds its JSON, beside this one. */
export interface DashboardFile {
  readonly file: URL;
  readonly dashboard: Dashboard;
  readonly text: string;
}

/** Every dashboard that the package has. */
export function dashboardFiles(): readonly DashboardFile[] {
  return [overview(), link(), certificates(), daemon()].map((builder) => {
    const dashboard = builder.build();
    numberPanels(dashboard);
    showLinks(dashboard);
    return {
      file: new URL(`${dashboard.uid ?? ""}.json`, import.meta.url),
      dashboard,
      text: `${JSON.stringify(dashboard, null, 2)}\n`,
    };
  });
}

/** The SDK hides the links of the head in a menu. */
function showLinks({ links = [] }: Dashboard): void {
  for (const link of links) delete link.placement;
}

/** Numbers of their own, in their order: links to a panel name it by its number. */
function numberPanels({ panels = [] }: Dashboard): void {
  for (const [index, panel] of panels.entries()) panel.id = index + 1;
}
