import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Link, LinkName, State } from "../api/types.ts";
import { useRef } from "preact/hooks";
import { GroupMap } from "../map/group-map.tsx";
import { FOLD_FROM } from "../map/parts.ts";
import { mapWidth, useWidth } from "../map/width.ts";
import { keyOf, stateOf } from "../model/states.ts";
import { calendarTime, counted } from "../model/words.ts";
import { links as allLinks } from "../state/estate.ts";
import { hrefTo } from "../state/router.ts";
import { Icon } from "../ui/icon.tsx";
import { Verdict } from "../ui/verdict.tsx";
import { readPlan } from "./read-plan.ts";
import { useRequest } from "./use-request.ts";

interface Verdictish {
  readonly state: State;
  readonly findings: readonly { readonly code: string; readonly summary: string }[];
}

interface Outcome extends LinkName {
  readonly fate: "breaks" | "repaired" | "stays-broken" | "stays-fine" | "unknown";
  readonly before: Verdictish | null;
  readonly after: Verdictish | null;
  readonly why: string | null;
}

interface WhatIf {
  readonly summary: Readonly<
    Record<"breaks" | "repaired" | "staysBroken" | "staysFine" | "unknown", number>
  >;
  readonly steps: readonly { readonly title: string }[];
  readonly order:
    | { readonly kind: "safe"; readonly order: readonly number[] }
    | { readonly kind: "none" | "undecided" };
  readonly next: (LinkName & { readonly at: string }) | null;
  readonly faults: readonly { readonly endpoint: string; readonly summary: string }[];
  readonly assumptions: readonly string[];
  readonly links: readonly Outcome[];
}

const EXAMPLE = `changes:
  - { client: pfs, profile: openjdk-21 }
`;

const FATES = {
  breaks: "Would break",
  repaired: "Would be repaired",
  "stays-broken": "Stays broken",
  "stays-fine": "Stays fine",
  unknown: "Not known",
} as const;

const orderWords = ({ order, steps }: WhatIf): string => {
  switch (order.kind) {
    case "safe":
      return order.order.length < 2
        ? ""
        : `Safe order: ${order.order.map((step) => steps[step]?.title ?? "").join(", then ")}`;
    case "none":
      return "No order of the steps keeps every link working in between";
    case "undecided":
      return "Whether an order keeps every link working in between is not decided";
  }
};

const verdictWords = ({ summary }: WhatIf): string => {
  const { breaks, repaired, staysBroken, staysFine, unknown } = summary;
  return [
    breaks > 0 ? `${counted(breaks, "link")} would break` : "No working link would break",
    repaired > 0 ? `${repaired} would be repaired` : "",
    `${staysFine} stay fine`,
    staysBroken > 0 ? `${staysBroken} stay broken` : "",
    unknown > 0 ? `${unknown} not known` : "",
  ]
    .filter((part) => part !== "")
    .join(", ");
};

/** A link as it would be: what the map draws. */
const afterwards = ({ client, endpoint, after }: Outcome): readonly Link[] => {
  const known = allLinks.value.get(keyOf({ client, endpoint }));
  if (known === undefined) return [];
  if (after === null) return [{ ...known, state: "pending", headline: "Not known" }];
  return [{ ...known, state: after.state, headline: after.findings[0]?.summary ?? null }];
};

const Changed = ({ outcome }: { readonly outcome: Outcome }): JSX.Element => {
  const { client, endpoint, fate, after, why } = outcome;
  return (
    <li class="fate" data-fate={fate}>
      <Verdict state={after === null ? "pending" : stateOf(after)} />
      <div>
        <p>
          <strong>{FATES[fate]}:</strong>{" "}
          <a href={hrefTo(["links", client, endpoint])}>
            <bdi>{client}</bdi> → <bdi>{endpoint}</bdi>
          </a>
        </p>
        <p class="soft">
          <bdi>{why ?? after?.findings[0]?.summary ?? "Trusted, and the name fits"}</bdi>
        </p>
      </div>
    </li>
  );
};

const Judged = ({ result }: { readonly result: WhatIf }): JSX.Element => {
  const changed = result.links.filter(
    ({ fate }) => fate === "breaks" || fate === "repaired" || fate === "unknown",
  );
  const order = orderWords(result);
  const shown = result.links.flatMap(afterwards);
  return (
    <>
      <section class="part" data-breaks={result.summary.breaks} aria-label="What the plan comes to">
        <h2>
          <span class="state" data-verdict={result.summary.breaks > 0 ? "broken" : "ok"}>
            <Icon name={result.summary.breaks > 0 ? "broken" : "ok"} />
          </span>{" "}
          {verdictWords(result)}
        </h2>
        {order === "" ? null : <p>{order}</p>}
        {result.next === null ? null : (
          <p class="soft">
            Next change by itself: {result.next.client} → {result.next.endpoint},{" "}
            {calendarTime(Date.parse(result.next.at))}
          </p>
        )}
        <ul class="path-notes">
          {[...result.faults.map(({ summary }) => summary), ...result.assumptions].map((note) => (
            <li key={note}>
              <bdi>{note}</bdi>
            </li>
          ))}
        </ul>
        <ul class="changes" role="list">
          {changed.map((outcome) => (
            <Changed key={keyOf(outcome)} outcome={outcome} />
          ))}
        </ul>
      </section>
      <section class="part" aria-label="The map after the plan">
        <h2>The map after the plan</h2>
        {mapWidth.value > 0 ? (
          <GroupMap
            links={shown}
            width={mapWidth.value - 40}
            isFolded={shown.length > FOLD_FROM}
            stressed={new Set(changed.map(keyOf))}
          />
        ) : null}
      </section>
    </>
  );
};

/** What a change plan would do to every link, before anybody carries it out. */
export const PlanTool = (): JSX.Element => {
  const plan = useSignal(EXAMPLE);
  const mistake = useSignal<string | null>(null);
  const area = useRef<HTMLDivElement>(null);
  useWidth(area);
  const { isRunning, value, error, send } = useRequest<WhatIf>();
  return (
    <div ref={area}>
      <form
        class="tool"
        onSubmit={(event) => {
          event.preventDefault();
          void readPlan(plan.value).then((read) => {
            mistake.value = read.ok ? null : read.mistake;
            if (read.ok) send("api/v1/whatif", read.plan);
          });
        }}
      >
        <label for="plan">Change plan, YAML</label>
        <textarea
          id="plan"
          rows={8}
          spellcheck={false}
          value={plan.value}
          onInput={({ currentTarget: { value: typed } }) => {
            plan.value = typed;
          }}
        />
        <button type="submit" disabled={isRunning}>
          {isRunning ? "Judging every link" : "Try it"}
        </button>
        <p class="soft">Nothing is changed: every link is judged as it would be afterwards.</p>
      </form>
      <div role="status">
        {(mistake.value ?? error) === null ? null : <p class="notice">{mistake.value ?? error}</p>}
      </div>
      {value === null ? null : <Judged result={value} />}
    </div>
  );
};
