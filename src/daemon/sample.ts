import type { MetricFamily } from "./metric-catalogue.ts";

/** One sample: values of the family's labels in their order, and the number. */
export interface Sample {
  readonly labels: readonly string[];
  readonly value: number;
}

/** A family with the samples that it has now. */
export interface FamilySamples {
  readonly family: MetricFamily;
  readonly samples: Iterable<Sample>;
}
