import type { Step } from "./step.ts";

/** What people do first where nothing else decides: trust more, change what is in use, trust less. */
export function rankOf(step: Step | undefined): number {
  switch (step?.effect.kind) {
    case "store-add":
      return 0;
    case "store-flags":
      return step.effect.isAnchor ? 0 : 3;
    case "client":
    case "store-replace":
      return 1;
    case "endpoint":
      return 2;
    case "store-remove":
      return 3;
    case undefined:
      return 4;
  }
}
