import * as bargauge from "@grafana/grafana-foundation-sdk/bargauge";
import {
  BigValueColorMode,
  BigValueGraphMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  StackingConfigBuilder,
  StackingMode,
  TableCellHeight,
  TableSortByFieldStateBuilder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import {
  type DashboardLinkBuilder,
  type DynamicConfigValue,
  FieldColorBuilder,
  FieldColorModeId,
  MappingType,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder, PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import * as stat from "@grafana/grafana-foundation-sdk/stat";
import * as statetimeline from "@grafana/grafana-foundation-sdk/statetimeline";
import * as table from "@grafana/grafana-foundation-sdk/table";
import * as timeseries from "@grafana/grafana-foundation-sdk/timeseries";
import { DATASOURCE } from "./variables.ts";

/** Place in the grid: 24 columns; the height in rows of 30 pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What every panel says of itself. */
export interface PanelText {
  readonly title: string;
  /** What the panel shows and how to read it. */
  readonly description: string;
}

const DAY = 86_400;

const steps = (first: string, ...others: readonly (readonly [number, string])[]): Threshold[] => [
  { value: null, color: first },
  ...others.map(([value, color]) => ({ value, color })),
];

/** None is good. */
export const NONE_IS_GOOD: Threshold[] = steps("green", [1, "red"]);

/** None is good, and some are a warning. */
export const NONE_IS_BETTER: Threshold[] = steps("green", [1, "orange"]);

/** A number that is neither good nor bad. */
export const NEUTRAL: Threshold[] = steps("blue");

/** Seconds that are left: 7, 14 and 30 days, as in the alerting rules. */
export const REMAINING: Threshold[] = steps(
  "red",
  [7 * DAY, "orange"],
  [14 * DAY, "yellow"],
  [30 * DAY, "green"],
);

/** A share of the lifetime that is left: a tenth and a third, as in the alerting rules. */
export const REMAINING_SHARE: Threshold[] = steps("red", [0.1, "orange"], [1 / 3, "green"]);

/** Seconds that a probe is late, as in the alerting rules. */
export const LATE: Threshold[] = steps("green", [60, "orange"], [600, "red"]);

/** Words for 1 and 0; colour is not the only sign. */
export const words = (yes: string, no: string): ValueMapping[] => [
  {
    type: MappingType.ValueToText,
    options: {
      1: { text: yes, color: "green", index: 0 },
      0: { text: no, color: "red", index: 1 },
    },
  },
];

/** A query whose present value counts. */
export const now = (expr: string, legend = ""): DataqueryBuilder =>
  new DataqueryBuilder().expr(expr).instant().legendFormat(legend).datasource(DATASOURCE);

/** A query for the rows of a table: one for each series, its labels in columns. */
export const rows = (expr: string): DataqueryBuilder => now(expr).format(PromQueryFormat.Table);

/** A query over the chosen time. */
export const overTime = (expr: string, legend: string): DataqueryBuilder =>
  new DataqueryBuilder().expr(expr).range().legendFormat(legend).datasource(DATASOURCE);

const named = (queries: readonly DataqueryBuilder[]): DataqueryBuilder[] =>
  queries.map((each, index) => each.refId(String.fromCharCode(65 + index)));

const thresholds = (of: Threshold[]): ThresholdsConfigBuilder =>
  new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(of);

const byThresholds = (): FieldColorBuilder =>
  new FieldColorBuilder().mode(FieldColorModeId.Thresholds);

const lastValue = (): ReduceDataOptionsBuilder =>
  new ReduceDataOptionsBuilder().calcs(["lastNotNull"]);

/** One number, or one for each series. */
export const number = (
  { title, description }: PanelText,
  size: Size,
  { query, limits, unit = "none" }: { query: DataqueryBuilder; limits: Threshold[]; unit?: string },
): stat.PanelBuilder =>
  new stat.PanelBuilder()
    .title(title)
    .description(description)
    .span(size.width)
    .height(size.height)
    .datasource(DATASOURCE)
    .targets(named([query]))
    .unit(unit)
    .thresholds(thresholds(limits))
    .colorScheme(byThresholds())
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None)
    .reduceOptions(lastValue());

/** Bars side by side, one for each series. */
export const bars = (
  { title, description }: PanelText,
  size: Size,
  {
    queries,
    limits,
    unit = "none",
  }: {
    queries: readonly DataqueryBuilder[];
    limits: Threshold[];
    unit?: string;
  },
): bargauge.PanelBuilder =>
  new bargauge.PanelBuilder()
    .title(title)
    .description(description)
    .span(size.width)
    .height(size.height)
    .datasource(DATASOURCE)
    .targets(named(queries))
    .unit(unit)
    .min(0)
    .orientation(VizOrientation.Horizontal)
    .thresholds(thresholds(limits))
    .colorScheme(byThresholds())
    .reduceOptions(lastValue());

/** Lines over time. */
export const lines = (
  { title, description }: PanelText,
  size: Size,
  {
    queries,
    unit = "short",
    stacked = false,
  }: {
    queries: readonly DataqueryBuilder[];
    unit?: string;
    stacked?: boolean;
  },
): timeseries.PanelBuilder =>
  new timeseries.PanelBuilder()
    .title(title)
    .description(description)
    .span(size.width)
    .height(size.height)
    .datasource(DATASOURCE)
    .targets(named(queries))
    .unit(unit)
    .lineWidth(1)
    .fillOpacity(stacked ? 30 : 0)
    .showPoints(VisibilityMode.Never)
    .stacking(
      new StackingConfigBuilder()
        .mode(stacked ? StackingMode.Normal : StackingMode.None)
        .group("A"),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi))
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs([]),
    );

/** States over time, a lane for each series. */
export const lanes = (
  { title, description }: PanelText,
  size: Size,
  { queries, mappings }: { queries: readonly DataqueryBuilder[]; mappings: ValueMapping[] },
): statetimeline.PanelBuilder =>
  new statetimeline.PanelBuilder()
    .title(title)
    .description(description)
    .span(size.width)
    .height(size.height)
    .datasource(DATASOURCE)
    .targets(named(queries))
    .mappings(mappings)
    .colorScheme(byThresholds())
    .showValue(VisibilityMode.Never)
    .mergeValues(true)
    .perPage(20);

/** A column of a table. */
export interface Column {
  /** The label, or `Value` (with several queries `Value #A`, `Value #B`). */
  readonly field: string;
  readonly title: string;
  readonly width?: number;
  readonly unit?: string;
  readonly limits?: Threshold[];
  readonly mappings?: ValueMapping[];
}

function columnProperties({ unit, limits, mappings, width }: Column): DynamicConfigValue[] {
  return [
    ...(unit === undefined ? [] : [{ id: "unit", value: unit }]),
    ...(width === undefined ? [] : [{ id: "custom.width", value: width }]),
    ...(mappings === undefined ? [] : [{ id: "mappings", value: mappings }]),
    ...(limits === undefined
      ? []
      : [
          { id: "thresholds", value: { mode: ThresholdsMode.Absolute, steps: limits } },
          { id: "custom.cellOptions", value: { type: "color-text" } },
        ]),
  ];
}

/**
 * A table with the given columns in their order, and no others. Links of a row take names from the fields by
 * their labels, so columns are titled by display names and the fields keep theirs.
 */
export const list = (
  { title, description }: PanelText,
  size: Size,
  {
    queries,
    columns,
    links = [],
    sortBy,
    descending = false,
    empty,
  }: {
    queries: readonly DataqueryBuilder[];
    columns: readonly Column[];
    links?: DashboardLinkBuilder[];
    /** Title of a column. */
    sortBy?: string;
    descending?: boolean;
    /** What stands there when there are no rows. */
    empty: string;
  },
): table.PanelBuilder => {
  const panel = new table.PanelBuilder()
    .title(title)
    .description(description)
    .span(size.width)
    .height(size.height)
    .datasource(DATASOURCE)
    .targets(named(queries))
    .noValue(empty)
    .dataLinks(links)
    .filterable(true)
    .cellHeight(TableCellHeight.Sm);
  if (queries.length > 1) panel.withTransformation({ id: "merge", options: {} });
  panel
    .withTransformation({
      id: "filterFieldsByName",
      options: { include: { names: columns.map(({ field }) => field) } },
    })
    .withTransformation({
      id: "organize",
      options: {
        indexByName: Object.fromEntries(columns.map(({ field }, index) => [field, index])),
      },
    });
  for (const column of columns)
    panel.overrideByName(column.field, [
      { id: "displayName", value: column.title },
      ...columnProperties(column),
    ]);
  if (sortBy !== undefined)
    panel.sortBy([new TableSortByFieldStateBuilder().displayName(sortBy).desc(descending)]);
  return panel;
};
