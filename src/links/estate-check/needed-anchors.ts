import { judgeState } from "../changes/judge-state.ts";
import { type Surroundings, World } from "../changes/world.ts";
import { AnchorNeeds } from "./anchor-needs.ts";

const UNKNOWN = { trusted: null, chain: [] } as const;

/** Judges every link by what is known of the endpoints, and collects what they need; yields after each link. */
export function* neededAnchors(
  surroundings: Surroundings,
  at: number,
): Generator<number, AnchorNeeds, undefined> {
  const { estate } = surroundings;
  const world = new World(surroundings, []);
  const needs = new AnchorNeeds();
  for (const [index, link] of estate.links.entries()) {
    const outcome = judgeState(world, link, 0n, { estate, at, onlyAcceptance: true });
    needs.add({ ...link, ...(outcome.kind === "judged" ? outcome.verdict : UNKNOWN) });
    yield index + 1;
  }
  return needs;
}
