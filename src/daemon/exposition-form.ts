import type { MetricFamily } from "./metric-catalogue.ts";

/** What differs between the formats that metrics are written in. */
export interface ExpositionForm {
  readonly contentType: string;
  /** The lines before the samples of a family. */
  readonly announce: (family: MetricFamily) => string;
  /** Upper bound of a bucket. */
  readonly bound: (le: number) => string;
  /** What ends the whole. */
  readonly end: string;
}

/** Prometheus' text format (prometheus.io/docs/instrumenting/exposition_formats). */
export const TEXT_FORM: ExpositionForm = {
  contentType: "text/plain; version=0.0.4; charset=utf-8",
  announce: ({ name, type, help }) => `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`,
  bound: (le) => (Number.isFinite(le) ? String(le) : "+Inf"),
  end: "",
};

/**
 * OpenMetrics 1.0: a family is named without the suffix of its samples, an `_info` series has a type of its own, a
 * unit is announced, and bounds are written as floating-point numbers.
 */
export const OPENMETRICS_FORM: ExpositionForm = {
  contentType: "application/openmetrics-text; version=1.0.0; charset=utf-8",
  announce: ({ name, type, help }) => {
    const isInfo = type === "gauge" && name.endsWith("_info");
    const family = name.replace(isInfo ? /_info$/ : type === "counter" ? /_total$/ : /$^/, "");
    const unit = family.endsWith("_seconds") ? `# UNIT ${family} seconds\n` : "";
    return `# HELP ${family} ${help}\n# TYPE ${family} ${isInfo ? "info" : type}\n${unit}`;
  },
  bound: (le) => {
    if (!Number.isFinite(le)) return "+Inf";
    return Number.isInteger(le) ? le.toFixed(1) : String(le);
  },
  end: "# EOF\n",
};
