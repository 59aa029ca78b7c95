import { assess } from "../../diagnosis/assess.ts";
import type { Assessment } from "../../diagnosis/assessment.ts";
import type { EstateLink } from "../../estate/estate.ts";
import type { NameCheck } from "../../trust/verdict.ts";
import { judgeLink } from "../judge-link.ts";
import type { LinkVerdict } from "../link-verdict.ts";
import type { LoadedClient } from "../loaded-client.ts";
import type { Observation } from "../observation.ts";
import { changedClientKey, isAnother } from "./own-key.ts";
import { asShownTo } from "./shown-to.ts";
import type { StepSet } from "./step.ts";
import type { Surroundings, World } from "./world.ts";

/** What a link comes to in a state; `unknown`: what was seen does not tell, and why. */
export type LinkOutcome =
  | {
      readonly kind: "judged";
      readonly verdict: LinkVerdict;
      /** What came of every address. */
      readonly assessments: readonly Assessment[];
      /** What had to be assumed, in one sentence; null when nothing had to. */
      readonly assumption: string | null;
    }
  | { readonly kind: "unknown"; readonly why: string };

/** The moment as of which is judged, and the estate whose thresholds count. */
export interface JudgeMoment extends Pick<Surroundings, "estate"> {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Only whether the link works is asked, without findings. @default everything */
  readonly onlyAcceptance?: boolean;
}

/** Judges a link when some steps are done, by the rules of `check` and the daemon. */
export function judgeState(
  world: World,
  { client: clientName, endpoint: endpointName }: EstateLink,
  done: StepSet,
  { estate, at, onlyAcceptance = false }: JudgeMoment,
): LinkOutcome {
  const client = world.client(clientName, done);
  const seen = world.endpoint(endpointName, done);
  if (client === null || seen === null)
    return { kind: "unknown", why: "The estate does not have both ends of it" };
  const { observation, endpoint } = seen;
  if (observation === null || observation.handshakes.length === 0)
    return { kind: "unknown", why: `What ${endpointName} answers is not known` };
  const before = world.client(clientName, 0n);
  const changed = before !== null && isAnother(before, client);
  const shown = asShownTo(client, changed ? asChanged(client, observation) : observation, {
    others: world.clientsBefore,
    at,
  });
  if (shown.kind === "unknown") return { kind: "unknown", why: `${endpointName} ${shown.why}` };
  let assessments: Assessment[] = [];
  const judged = (party: LoadedClient["party"]): LinkVerdict => {
    assessments = [];
    return judgeLink({ ...client, party }, shown.observation, {
      assess: (relying, handshake, context) => {
        const assessment = assess(relying, handshake, { ...context, onlyAcceptance });
        assessments.push(assessment);
        return assessment;
      },
      thresholds: estate.thresholds,
      truststores: world.truststores(done),
      at,
      endpoint,
    });
  };
  const verdict = judged(client.party);
  const nameCheck = nameCheckBelow(verdict, world.nameChecks(clientName, done), client.party);
  const last =
    nameCheck === client.party.nameCheck ? verdict : judged({ ...client.party, nameCheck });
  return {
    kind: "judged",
    verdict: last,
    assessments,
    assumption: shown.assumption === null ? null : `${endpointName} ${shown.assumption}`,
  };
}

/** A gateway decides for each of its certificates whether host names are checked below it. */
function nameCheckBelow(
  { anchors = [] }: LinkVerdict,
  checks: ReadonlyMap<string, boolean>,
  { nameCheck }: LoadedClient["party"],
): NameCheck {
  const known = anchors.flatMap((sha256) => checks.get(sha256) ?? []);
  if (anchors.length === 0 || known.length < anchors.length) return nameCheck;
  if (!known.some(Boolean)) return "none";
  return nameCheck === "none" ? "https" : nameCheck;
}

/** Conversations that began with the hello of the client before its change tell nothing about it afterwards. */
function asChanged({ party }: LoadedClient, seen: Observation): Observation {
  const key = changedClientKey(party.name, party.profile);
  return {
    ...seen,
    own: (seen.own ?? []).flatMap(({ client, handshake }) =>
      client === key ? [{ client: party.name, handshake }] : [],
    ),
  };
}
