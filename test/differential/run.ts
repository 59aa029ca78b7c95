import type { Profile } from "../../src/trust/profile.ts";
import type { Answer, Oracle } from "./answer.ts";
import { type Difference, differenceOf } from "./compare.ts";
import { type EstateCase, estateCase } from "./estate.ts";
import { shrink } from "./shrink.ts";

/** A judge's profile and the real client that it has to equal. */
export interface Contest {
  readonly oracle: Oracle;
  readonly profile: Profile;
  /** The case as this client is asked, e.g. at another time. */
  readonly adapt?: (each: EstateCase) => EstateCase;
  /** Whether a case is a fair question for this client. */
  readonly isFair?: (each: EstateCase) => boolean;
}

/** A case in which judge and client disagree, made as small as it gets. */
export interface Disagreement {
  readonly client: string;
  readonly case: EstateCase;
  readonly difference: Difference;
}

/** What came of a run. */
export interface Outcome {
  readonly asked: number;
  readonly accepted: number;
  readonly refused: number;
  /** Cases that were no question for the client. */
  readonly skipped: number;
  readonly disagreements: readonly Disagreement[];
}

/** Which cases to make. */
export interface RunOptions {
  readonly seed: number;
  readonly cases: number;
  /** Moment around which certificates are valid; ms since 1970, whole seconds. */
  readonly around: number;
  /** Disagreements after which to stop. */
  readonly limit: number;
  readonly shrinks?: boolean;
  /** How many questions wait at the client at once. */
  readonly window?: number;
}

/** Asks one client about many cases, and the judge as well. */
export async function runContest(contest: Contest, options: RunOptions): Promise<Outcome> {
  const { oracle, profile, isFair = () => true, adapt = (each) => each } = contest;
  const disagreements: Disagreement[] = [];
  const counts = { accepted: 0, refused: 0, skipped: 0 };
  const take = async (each: EstateCase, answer: Answer): Promise<void> => {
    if (answer.verdict === "skipped") counts.skipped++;
    else if (answer.verdict === "accepted") counts.accepted++;
    else counts.refused++;
    const difference = differenceOf(each, answer, profile);
    if (difference === null || disagreements.length >= options.limit) return;
    const small =
      options.shrinks === false
        ? each
        : await shrink(each, async (smaller) => isLike(smaller, difference));
    disagreements.push({
      client: oracle.name,
      case: small,
      difference: differenceOf(small, await oracle.ask(small), profile) ?? difference,
    });
  };
  const isLike = async (each: EstateCase, { kind }: Difference): Promise<boolean> =>
    isFair(each) && differenceOf(each, await oracle.ask(each), profile)?.kind === kind;

  const { window = 32 } = options;
  for (let first = 0; first < options.cases; first += window) {
    const cases = Array.from({ length: Math.min(window, options.cases - first) }, (_, i) =>
      adapt(estateCase(options.seed + first + i, options.around)),
    ).filter(isFair);
    counts.skipped += Math.min(window, options.cases - first) - cases.length;
    // oxlint-disable-next-line no-await-in-loop -- a window after the other bounds what waits
    const answers = await Promise.all(cases.map(async (each) => oracle.ask(each)));
    for (const [index, each] of cases.entries()) {
      const answer = answers[index];
      // oxlint-disable-next-line no-await-in-loop -- shrinking asks the same process
      if (answer !== undefined) await take(each, answer);
    }
    if (disagreements.length >= options.limit) break;
  }
  return { asked: counts.accepted + counts.refused, ...counts, disagreements };
}
