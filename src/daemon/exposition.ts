import { METRICS, type MetricFamily } from "./metric-catalogue.ts";
import type { FamilySamples, Sample } from "./sample.ts";
import { stateFamilies } from "./state-families.ts";
import type { State } from "./state.ts";
import type { TruststoreSummary } from "./truststore-summary.ts";

/** Content type of the text format. */
export const EXPOSITION_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Characters after which a part is handed out: enough for few parts, little enough for short turns. */
const PART = 65_536;

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", '"': '\\"', "\n": "\\n" };

/** A label value as the text format wants it (prometheus.io/docs/instrumenting/exposition_formats). */
function labelValue(text: string): string {
  // the escapes are few, so most values pass the test and need no copy
  const escaped = /[\\"\n]/.test(text)
    ? text.replace(/[\\"\n]/g, (character) => ESCAPES[character] ?? "")
    : text;
  return escaped.toWellFormed();
}

function sampleLine({ name, labels }: MetricFamily, sample: Sample): string {
  if (labels.length === 0) return `${name} ${sample.value}\n`;
  const pairs = labels.map(
    (label, index) => `${label}="${labelValue(sample.labels[index] ?? "")}"`,
  );
  return `${name}{${pairs.join(",")}} ${sample.value}\n`;
}

/** Writes families in the text format, in parts of bounded size. A family without samples is left out. */
export function* exposition(families: Iterable<FamilySamples>): Generator<string> {
  let part = "";
  for (const { family, samples } of families) {
    let announced = false;
    for (const sample of samples) {
      if (!Number.isFinite(sample.value)) continue;
      if (!announced)
        part += `# HELP ${family.name} ${family.help}\n# TYPE ${family.name} ${family.type}\n`;
      announced = true;
      part += sampleLine(family, sample);
      if (part.length < PART) continue;
      yield part;
      part = "";
    }
  }
  if (part !== "") yield part;
}

/** Everything that `/metrics` says about the estate, read from the present state while it is written. */
export function estateExposition(
  state: State,
  truststores: readonly TruststoreSummary[],
): Generator<string> {
  return exposition([...stateFamilies(state), ...truststoreFamilies(truststores)]);
}

function truststoreFamilies(stores: readonly TruststoreSummary[]): readonly FamilySamples[] {
  const of = (
    family: MetricFamily,
    valueOf: (store: TruststoreSummary) => number | null,
  ): FamilySamples => ({
    family,
    samples: stores.flatMap((store) => {
      const value = valueOf(store);
      return value === null ? [] : [{ labels: [store.name], value }];
    }),
  });
  return [
    of(METRICS.truststoreLoaded, ({ error }) => (error === null ? 1 : 0)),
    of(METRICS.truststoreAnchors, ({ anchors }) => anchors),
    of(METRICS.truststoreEarliestExpiry, ({ earliestExpiry }) =>
      earliestExpiry === null ? null : earliestExpiry / 1000,
    ),
  ];
}
