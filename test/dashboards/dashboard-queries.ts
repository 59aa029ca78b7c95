import type { Dashboard, Panel, VariableModel } from "@grafana/grafana-foundation-sdk/dashboard";
import type { Dataquery } from "@grafana/grafana-foundation-sdk/prometheus";

/** A query of a panel. */
export interface PanelQuery {
  /** `dashboard: panel, letter`. */
  readonly place: string;
  readonly expr: string;
  readonly instant: boolean;
}

/** The panels of a dashboard, without rows. */
export const allPanels = ({ panels = [] }: Dashboard): readonly Panel[] =>
  panels.filter((panel) => panel.type !== "row");

/** The variables of a dashboard. */
export const variablesOf = ({ templating }: Dashboard): readonly VariableModel[] =>
  templating.list ?? [];

/** What a variable asks Prometheus, or stands for from the beginning; empty for the others. */
export const textOf = ({ query }: VariableModel): string =>
  typeof query === "string" ? query : "";

/** Every query of every panel. */
export const queriesOf = (dashboard: Dashboard): readonly PanelQuery[] =>
  allPanels(dashboard).flatMap(({ title, targets = [] }) =>
    targets.map((target) => {
      const { refId, expr, instant } = target as Dataquery;
      return { place: `${dashboard.uid}: ${title}, ${refId}`, expr, instant: instant === true };
    }),
  );
