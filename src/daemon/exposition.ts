import { type ExpositionForm, TEXT_FORM } from "./exposition-form.ts";
import { METRICS, type MetricFamily } from "./metric-catalogue.ts";
import { type FamilySamples, PAUSE, type Sample } from "./sample.ts";
import { stateFamilies } from "./state-families.ts";
import type { State } from "./state.ts";
import type { TruststoreSummary } from "./truststore-summary.ts";

/** Characters after which a part is handed out: few parts, as each costs the stream, and a few milliseconds of work. */
const PART = 262_144;

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", '"': '\\"', "\n": "\\n" };

/** What is escaped, and what would act on a terminal or turn the direction of reading: controls and bidi marks. */
const SPECIAL = /[\\"\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
const EACH_SPECIAL = new RegExp(SPECIAL, "gu");

/** A label value as both formats want it (prometheus.io/docs/instrumenting/exposition_formats). */
function labelValue(text: string): string {
  // they are few, so most values pass the test and need no copy
  const escaped = SPECIAL.test(text)
    ? text.replace(EACH_SPECIAL, (character) => ESCAPES[character] ?? "\ufffd")
    : text;
  return escaped.toWellFormed();
}

function sampleLine({ name, labels }: MetricFamily, sample: Sample, form: ExpositionForm): string {
  const { suffix = "", le } = sample;
  // a million of these lines are written in one go, so that no list is made for one
  let pairs = "";
  for (let index = 0; index < labels.length; index++)
    pairs += `${index === 0 ? "" : ","}${labels[index]}="${labelValue(sample.labels[index] ?? "")}"`;
  if (le !== undefined) pairs += `${pairs === "" ? "" : ","}le="${form.bound(le)}"`;
  return `${name}${suffix}${pairs === "" ? "" : `{${pairs}}`} ${sample.value}\n`;
}

/**
 * Writes families in parts of bounded size, an empty one where others may have a turn. A family without samples is
 * left out.
 * @param form how it is written; the text format unless OpenMetrics is asked for
 */
export function* exposition(
  families: Iterable<FamilySamples>,
  form: ExpositionForm = TEXT_FORM,
): Generator<string> {
  let part = "";
  for (const { family, samples } of families) {
    let announced = false;
    for (const sample of samples) {
      if (sample === PAUSE) {
        yield part;
        part = "";
        continue;
      }
      if (!Number.isFinite(sample.value)) continue;
      if (!announced) part += form.announce(family);
      announced = true;
      part += sampleLine(family, sample, form);
      if (part.length < PART) continue;
      yield part;
      part = "";
    }
  }
  part += form.end;
  if (part !== "") yield part;
}

/** The families about the estate, read from the present state while they are written. */
export const estateFamilies = (
  state: State,
  truststores: readonly TruststoreSummary[],
): readonly FamilySamples[] => [...stateFamilies(state), ...truststoreFamilies(truststores)];

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
