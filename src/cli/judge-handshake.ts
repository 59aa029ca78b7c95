import { assess } from "../diagnosis/assess.ts";
import type { Assessment, RelyingParty } from "../diagnosis/assessment.ts";
import type { Handshake } from "../probe/handshake.ts";
import { mayAnswerOtherwise, tellingAnswer } from "../probe/hellos/outside-offer.ts";
import { formatEndpoint } from "../probe/target.ts";
import type { ResultCode } from "../report/exit-code.ts";
import { repeatedWords } from "./command-words.ts";
import { fileExtractor } from "./extract-files.ts";
import { readHandshakeFile } from "./handshake-file.ts";
import { clientHandshake } from "../trust/client-handshake.ts";
import { profileOf } from "../trust/profiles.ts";
import type { JudgeOptions } from "./judge.ts";
import { relyingParties } from "./relying-parties.ts";
import { openResults } from "./result-writer.ts";
import { readLists } from "./revocation-options.ts";
import { DEFAULT_THRESHOLDS } from "./thresholds.ts";

/**
 * Judges handshakes that `check --save` wrote, one a line; resolves to the exit code.
 * @throws {UsageError}
 * @throws {InputError} when the file holds something else; what came before it is judged
 */
export async function judgeHandshake(file: string, options: JudgeOptions): Promise<ResultCode> {
  const parties = await relyingParties(options, null);
  const lists = await readLists(options);
  const handshakes = readHandshakeFile(file);
  const head = await firstTwo(handshakes);
  const targets = new Set(head.map(({ endpoint }) => formatEndpoint(endpoint)));
  const results = await openResults({
    format: options.format ?? "text",
    at: options.at,
    single: targets.size === 1,
    warning: DEFAULT_THRESHOLDS.warning,
  });
  const judge = ({ asked, others }: Look): readonly Assessment[] =>
    parties.map((party) =>
      assess(party, asked, {
        at: options.at ?? Date.now(),
        thresholds: DEFAULT_THRESHOLDS,
        connect: null,
        otherTruststores: party.truststores,
        revocation: lists,
        own: ownHandshake(party, asked, others),
        serverSystem: options.serverSystem ?? null,
        extractTo: options.extract ?? null,
        commandWords: repeatedWords(options),
      }),
    );
  const extractor = options.extract === undefined ? null : await fileExtractor(options.extract);
  let waiting: readonly Look[] = [];
  const flush = async (): Promise<void> => {
    const [first] = waiting;
    if (first === undefined) return;
    const assessments = waiting.flatMap(judge);
    waiting = [];
    await extractor?.add(assessments.flatMap(({ findings }) => findings));
    await results.add({
      kind: "assessed",
      target: formatEndpoint(first.asked.endpoint),
      assessments,
    });
  };
  try {
    for await (const look of looksOf(head, handshakes)) {
      if (!waiting.every((other) => isOtherAddress(look.asked, other.asked))) await flush();
      if (waiting.length === MOST_TOGETHER) await flush();
      waiting = [...waiting, look];
    }
    await flush();
  } catch (error) {
    await flush();
    await results.breakOff();
    throw error;
  }
  return results.end();
}

/** Whether two handshakes are with different addresses of the same target, which one answer tells of. */
function isOtherAddress(a: Handshake, b: Handshake): boolean {
  return (
    formatEndpoint(a.endpoint) === formatEndpoint(b.endpoint) &&
    a.serverName === b.serverName &&
    (a.address !== b.address || a.dialledPort !== b.dialledPort)
  );
}

/** Most handshakes of one address that are kept until all of them are read. */
const MOST_TOGETHER = 64;

/** One handshake to judge, and those with clients' own hellos that were made beside it. */
interface Look {
  readonly asked: Handshake;
  readonly others: readonly Handshake[];
}

/**
 * Puts together what `check` found out about one address: wide hellos first, then clients' own.
 * @throws what reading throws, after what came before it
 */
async function* looksOf(
  head: readonly Handshake[],
  rest: AsyncIterable<Handshake>,
): AsyncGenerator<Look, void, undefined> {
  let wide: Handshake[] = [];
  let others: Handshake[] = [];
  const place = ({ endpoint, address, dialledPort, serverName }: Handshake): string =>
    JSON.stringify([endpoint, address, dialledPort, serverName]);
  const waiting = function* (): Generator<Look, void, undefined> {
    for (const asked of wide) yield { asked, others };
    wide = [];
    others = [];
  };
  try {
    for await (const handshake of concatenated(head, rest)) {
      const [first] = wide;
      const isSame = first !== undefined && place(first) === place(handshake);
      if (isSame && handshake.hello !== "wide" && others.length < MOST_TOGETHER) {
        others.push(handshake);
        continue;
      }
      if (!isSame || others.length > 0 || wide.length === MOST_TOGETHER) yield* waiting();
      if (handshake.hello === "wide") wide.push(handshake);
      else yield { asked: handshake, others: [] };
    }
  } catch (error) {
    yield* waiting();
    throw error;
  }
  yield* waiting();
}

async function* concatenated(
  head: readonly Handshake[],
  rest: AsyncIterable<Handshake>,
): AsyncGenerator<Handshake, void, undefined> {
  yield* head;
  yield* rest;
}

/** A JVM's own settings change its hello, so that only a profile's own rules fit what was saved. */
function ownHandshake(
  { profile, rules }: RelyingParty,
  asked: Handshake,
  others: readonly Handshake[],
): Handshake | null {
  const { shape, hello } = clientHandshake(profileOf(profile));
  const hasOwnRules = rules !== undefined && rules !== null;
  if (shape === null || hasOwnRules || !mayAnswerOtherwise(asked, shape)) return null;
  const made = others.map((handshake) => ({ handshake }));
  return tellingAnswer(made, shape, (other) => other.handshake.hello === hello)?.handshake ?? null;
}

/** What tells one target from several, without reading the whole file first. */
async function firstTwo(
  handshakes: AsyncGenerator<Handshake, void, undefined>,
): Promise<readonly Handshake[]> {
  const head: Handshake[] = [];
  for (let next = await handshakes.next(); next.done !== true; next = await handshakes.next()) {
    head.push(next.value);
    if (head.length === 2) break;
  }
  return head;
}
