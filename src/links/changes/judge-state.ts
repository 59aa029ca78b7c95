import { assess } from "../../diagnosis/assess.ts";
import type { EstateLink } from "../../estate/estate.ts";
import type { Handshake } from "../../probe/handshake.ts";
import { wouldAnswerAlike } from "../../probe/same-answer.ts";
import { judgeLink } from "../judge-link.ts";
import type { LinkVerdict } from "../link-verdict.ts";
import type { LoadedClient } from "../loaded-client.ts";
import type { Observation } from "../observation.ts";
import { changedClientKey, isAnother } from "./own-key.ts";
import type { StepSet } from "./step.ts";
import type { Surroundings, World } from "./world.ts";

/** What a link comes to in a state; `unknown`: what was seen does not tell, and why. */
export type LinkOutcome =
  | { readonly kind: "judged"; readonly verdict: LinkVerdict }
  | { readonly kind: "unknown"; readonly why: string };

/** The moment as of which is judged, and the estate whose thresholds count. */
export interface JudgeMoment extends Pick<Surroundings, "estate"> {
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Judges a link when some steps are done, by the rules of `check` and the daemon. */
export function judgeState(
  world: World,
  { client: clientName, endpoint: endpointName }: EstateLink,
  done: StepSet,
  { estate, at }: JudgeMoment,
): LinkOutcome {
  const client = world.client(clientName, done);
  const seen = world.endpoint(endpointName, done);
  if (client === null || seen === null)
    return { kind: "unknown", why: "The estate does not have both ends of it" };
  const { observation, endpoint } = seen;
  if (observation === null)
    return { kind: "unknown", why: `What ${endpointName} answers is not known` };
  const before = world.client(clientName, 0n);
  const changed = before !== null && isAnother(before, client);
  const shown = asShownTo(client, changed ? asChanged(client, observation) : observation);
  if (shown === null)
    return {
      kind: "unknown",
      why: `${endpointName} asks for a certificate, and what it makes of this one of ${clientName} is not known`,
    };
  const verdict = judgeLink(client, shown, {
    assess,
    thresholds: estate.thresholds,
    truststores: world.truststores(done),
    at,
    endpoint,
  });
  return { kind: "judged", verdict };
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

/**
 * What a client would see with its own certificate, where no conversation was made with it: the same as others who would
 * have answered the server alike. Null where that does not tell.
 */
function asShownTo({ identity, party }: LoadedClient, seen: Observation): Observation | null {
  if (identity !== null && !identity.ok) return seen;
  const id = identity?.value.id ?? null;
  if (seen.handshakes.some((each) => each.identity === id)) return seen;
  const keyring = identity?.value.keyring ?? null;
  const byAddress = Map.groupBy(seen.handshakes, ({ handshake }) => handshake.address);
  const alike: Handshake[] = [];
  for (const shown of byAddress.values()) {
    const found = shown.find(
      ({ handshake }) => isDecidedBefore(handshake) || wouldAnswerAlike(handshake, keyring),
    );
    if (found === undefined) return null;
    alike.push(found.handshake);
  }
  if (alike.length === 0) return null;
  return {
    ...seen,
    handshakes: alike.map((handshake) => ({ identity: id, handshake })),
    own: (seen.own ?? []).filter(({ client }) => client === party.name),
  };
}

/** A conversation that failed before any certificate of a client could matter. */
const isDecidedBefore = ({
  outcome,
  certificates,
  clientCertificateRequested,
}: Handshake): boolean =>
  outcome === "failed" && certificates.length === 0 && !clientCertificateRequested;
