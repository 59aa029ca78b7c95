import { assess } from "../diagnosis/assess.ts";
import type {
  Assessment,
  AssessmentContext,
  RevocationFacts,
  Thresholds,
} from "../diagnosis/assessment.ts";
import type { KnownIssuer } from "../diagnosis/comparison/known-issuer.ts";
import type { SeenElsewhere } from "../diagnosis/comparison/seen-elsewhere.ts";
import type { Handshake } from "../probe/handshake.ts";
import type { Investigation } from "../probe/investigation/investigation.ts";
import type { CheckParty } from "./check-clients.ts";
import type { CheckOptions } from "./check.ts";
import { investigateAddress } from "./check-investigation.ts";
import { fetchMissingIssuers } from "./issuer-options.ts";
import type { AddressHandshakes } from "./probe-target.ts";
import { fetchFacts } from "./revocation-options.ts";

/** What the assessments of one target work with. */
export interface TargetCircumstances {
  readonly options: CheckOptions;
  /** What holds for every address and client. */
  readonly context: AssessmentContext;
  /** The thresholds for a handshake. @default those of the context */
  readonly thresholdsFor?: ((handshake: Handshake) => Thresholds) | undefined;
  readonly lists: RevocationFacts | undefined;
  /** What the other targets of the run send. */
  readonly elsewhere: SeenElsewhere;
}

/** What was found out after a first assessment. */
interface FurtherFacts {
  readonly revocation: RevocationFacts | undefined;
  readonly investigations: readonly (Investigation | null)[];
  readonly issuers: readonly KnownIssuer[];
}

/**
 * Judges what the addresses of a target sent for each client; where something is wrong, finds out more as far as the
 * options allow, and judges again with that.
 */
export async function assessTarget(
  seen: readonly AddressHandshakes[],
  parties: readonly CheckParty[],
  { options, context, thresholdsFor, lists, elsewhere }: TargetCircumstances,
): Promise<readonly Assessment[]> {
  const addresses = seen.flatMap(({ all: [first] }) => first ?? []);
  for (const handshake of addresses) elsewhere.add(handshake);
  const assessAll = ({ revocation, investigations, issuers }: FurtherFacts) =>
    seen.map((conversations, index) =>
      parties.map((party) => {
        const { handshake, own } = conversations.of(party);
        return assess(party.party, handshake, {
          ...context,
          thresholds: thresholdsFor?.(handshake) ?? context.thresholds,
          own,
          revocation,
          investigation: investigations[index] ?? null,
          knownIssuers: [...issuers, ...elsewhere.issuersBeside(handshake)],
          neighbours: elsewhere.neighboursOf(handshake),
          // once for the target, not once for each address
          addresses: index === 0 ? addresses : [],
        });
      }),
    );
  const first = assessAll({ revocation: lists, investigations: [], issuers: [] });
  const investigations =
    options.investigate === false ? [] : await investigateAll(seen, parties, { first, options });
  const issuers =
    options.issuers === undefined ? [] : await fetchMissingIssuers(first.flat(), options.issuers);
  const revocation =
    options.revocation === undefined
      ? lists
      : await fetchFacts(first.flat(), options.revocation, lists);
  const isNew = investigations.some((one) => one !== null) || issuers.length > 0;
  return isNew || revocation !== lists
    ? assessAll({ revocation, investigations, issuers }).flat()
    : first.flat();
}

/** One address after the other: they may be the same machine. */
async function investigateAll(
  seen: readonly AddressHandshakes[],
  parties: readonly CheckParty[],
  { first, options }: { first: readonly (readonly Assessment[])[]; options: CheckOptions },
): Promise<readonly (Investigation | null)[]> {
  const investigations: (Investigation | null)[] = [];
  for (const [index, conversations] of seen.entries()) {
    const own = parties.map((party) => conversations.of(party).own);
    const assessments = first[index] ?? [];
    const { timeout: timeoutMs } = options;
    investigations.push(await investigateAddress(conversations, assessments, { own, timeoutMs }));
  }
  return investigations;
}
