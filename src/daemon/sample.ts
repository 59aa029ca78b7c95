import type { MetricFamily } from "./metric-catalogue.ts";

/** One sample: values of the family's labels in their order, and the number. */
export interface Sample {
  readonly labels: readonly string[];
  readonly value: number;
  /** What follows the name of the family, such as `_bucket` of a histogram. @default nothing */
  readonly suffix?: string;
  /** Upper bound of a bucket. */
  readonly le?: number;
}

/** Stands between samples where much was looked at and other work may have a turn. */
export const PAUSE = "pause";

/** A family with the samples that it has now. */
export interface FamilySamples {
  readonly family: MetricFamily;
  readonly samples: Iterable<Sample | typeof PAUSE>;
}
