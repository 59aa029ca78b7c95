import { thresholdMilliseconds } from "../../estate/duration.ts";
import type { Effect, LoadedPlan } from "../changes/step.ts";
import { lintChain } from "../changes/lint-chain.ts";
import { withPrecedence } from "../changes/precedence.ts";
import { endpointWords, removalWords, sourceNames } from "../changes/step-words.ts";
import { trustedEntry } from "../changes/trusted-entry.ts";
import type { RotationContext } from "./propose.ts";
import type { NewService, ProposedChange } from "./rotation.ts";

/** The steps of proposed changes, as the plan that is written from them has them: one for each. */
export function stepsOf(
  changes: readonly ProposedChange[],
  {
    estate: { thresholds },
    now,
    at,
  }: Pick<RotationContext, "estate" | "now"> & { readonly at: number | null },
): Pick<LoadedPlan, "steps" | "faults"> {
  return {
    steps: withPrecedence(
      changes.map((change, index) => ({
        change: index,
        title: titleOf(change),
        effect: effectOf(change),
      })),
    ),
    faults: changes.flatMap((change, index) =>
      change.kind === "serve"
        ? lintChain({
            endpoint: change.service.endpoint,
            change: index,
            ...chainOf(change.service),
            at: at ?? now,
            warning: (lifetime) => thresholdMilliseconds(thresholds.warning, lifetime),
          })
        : [],
    ),
  };
}

const chainOf = ({
  chain,
  key,
}: NewService): {
  readonly certificates: readonly Uint8Array[];
  readonly keyFits: boolean | null;
} => ({
  certificates: chain.entries.map(({ der }) => der),
  keyFits: key?.fits ?? null,
});

function titleOf(change: ProposedChange): string {
  switch (change.kind) {
    case "add": {
      const { text, entries } = change.source;
      return `Add ${sourceNames([text], entries)} to the truststore ${change.truststore}`;
    }
    case "serve": {
      const { endpoint, chain } = change.service;
      const place = { url: null, connect: null, serverName: null };
      return endpointWords({ endpoint, serves: [chain.text], ...place }, chain.entries);
    }
    case "remove":
      return removalWords(change.truststore, change.entries);
  }
}

function effectOf(change: ProposedChange): Effect {
  switch (change.kind) {
    case "add":
      return {
        kind: "store-add",
        truststore: change.truststore,
        entries: change.source.entries.map(trustedEntry),
      };
    case "serve":
      return {
        kind: "endpoint",
        endpoint: change.service.endpoint,
        chain: chainOf(change.service),
        url: null,
        connect: null,
        serverName: null,
        seen: null,
      };
    case "remove":
      return {
        kind: "store-remove",
        truststore: change.truststore,
        entries: new Set(change.entries),
      };
  }
}
