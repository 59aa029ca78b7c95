import type { Handshake } from "../handshake.ts";
import { cipherSuiteName } from "../tls/cipher-suite-names.ts";
import { CIPHER_SUITES_13 } from "../tls/cipher-suites-13.ts";
import { buildHello, MOST_SUITES } from "../tls/hello-builder.ts";
import type { HelloShape } from "../tls/hello-shape.ts";
import { completableSuites, namedSuites, singleHello } from "../tls/single-hello.ts";
import { Version, versionName } from "../tls/versions.ts";
import type { Answer } from "./answer.ts";
import type { Interview } from "./interview.ts";
import { shrink } from "./shrink.ts";
import type { Preference, SuiteSurvey, SurveyedVersion, VersionSurvey } from "./survey-record.ts";

/** Events after which a suite of each version is known, and what its key exchange uses. */
const UNTIL = {
  tls13: ["cipher-suite"],
  older: ["key-exchange"],
} as const;

/** Suites in chunks of one hello, those that servers still have first. */
function chunksOf(version: number): readonly (readonly number[])[] {
  const first =
    version === Version.tls13
      ? CIPHER_SUITES_13.map(({ code }) => code)
      : completableSuites(version);
  const usual = new Set(first);
  const all = [...first, ...namedSuites(version).filter((code) => !usual.has(code))];
  const chunks: number[][] = [];
  for (let at = 0; at < all.length; at += MOST_SUITES) chunks.push(all.slice(at, at + MOST_SUITES));
  return chunks;
}

/** A hello that offers suites in one version and no other. */
export function suiteHello(version: number, cipherSuites: readonly number[]): HelloShape {
  return version === Version.tls13
    ? buildHello({ versions: [version], cipherSuites })
    : singleHello({ version, cipherSuites });
}

/** The suite that a server took up in a version; undefined for none. */
export function chosenSuite(
  { version, cipherSuite }: Handshake,
  asked: number,
  offered: readonly number[],
): number | undefined {
  if (version !== versionName(asked)) return undefined;
  return offered.find((code) => cipherSuiteName(code) === cipherSuite);
}

/**
 * Finds every cipher suite that a server takes up in a version from SSL 3.0 to TLS 1.3, and whose order counts:
 * in hellos of at most 64 suites, each offered again without what was chosen.
 */
export async function surveyVersion(interview: Interview, version: number): Promise<VersionSurvey> {
  const ask = (cipherSuites: readonly number[]): Promise<Handshake> =>
    interview.ask({
      shape: suiteHello(version, cipherSuites),
      until: version === Version.tls13 ? UNTIL.tls13 : UNTIL.older,
      leads: true,
    });
  const [first = [], ...others] = chunksOf(version);
  const shrinkChunk = (chunk: readonly number[]) =>
    shrink(chunk, { ask, choice: (handshake) => chosenSuite(handshake, version, chunk) });
  const begun = await shrinkChunk(first);
  const hopeless = begun.chosen.length === 0 && isFinal(begun.end);
  const shrunk = [begun, ...(hopeless ? [] : await Promise.all(others.map(shrinkChunk)))];
  const lists = shrunk
    .map(({ chosen }) => chosen.map(({ item, handshake }) => suiteSurvey(item, handshake, version)))
    .filter((list) => list.length > 0);
  const ends = shrunk.flatMap(({ end }) => (end === null || end.kind === "accepted" ? [] : [end]));
  const end = ends.find(({ kind }) => kind === "unclear") ?? ends.at(-1) ?? null;
  const preference = await preferenceIn(lists, version, ask);
  const cipherSuites = preference === "server" ? await merge(lists, version, ask) : lists.flat();
  const offered = cipherSuites.length > 0;
  return {
    version: versionName(version) as SurveyedVersion,
    state: offered ? "offered" : end?.kind === "unclear" ? "unclear" : "refused",
    failure: offered ? null : (end?.failure ?? null),
    cipherSuites,
    preference,
  };
}

function suiteSurvey(code: number, { keyExchange }: Handshake, version: number): SuiteSurvey {
  return {
    code,
    name: cipherSuiteName(code),
    keyExchange: version === Version.tls13 ? null : keyExchange,
  };
}

/** A server that does not answer, or that names the version as the reason, need not be asked for other suites. */
function isFinal(end: Answer | null): boolean {
  if (end === null || end.kind === "accepted") return false;
  return end.kind === "unclear" || /protocol_version/.test(end.failure.message);
}

type Ask = (cipherSuites: readonly number[]) => Promise<Handshake>;

/** Puts lists that were found apart in one order, by letting the server choose among their heads. */
async function merge(
  lists: readonly (readonly SuiteSurvey[])[],
  version: number,
  ask: Ask,
): Promise<readonly SuiteSurvey[]> {
  const merged: SuiteSurvey[] = [];
  let rest = lists;
  while (rest.length > 1) {
    const heads = rest.flatMap(([head]) => (head === undefined ? [] : [head]));
    const codes = heads.map(({ code }) => code);
    const chosen = chosenSuite(await ask(codes), version, codes) ?? codes[0];
    const head = heads.find(({ code }) => code === chosen);
    if (head === undefined) break;
    merged.push(head);
    rest = rest
      .map((list) => list.filter((suite) => suite !== head))
      .filter((list) => list.length > 0);
  }
  return [...merged, ...rest.flat()];
}

/**
 * Offers the two suites that were chosen first the other way round; two that were found in different hellos are
 * offered both ways.
 */
async function preferenceIn(
  lists: readonly (readonly SuiteSurvey[])[],
  version: number,
  ask: Ask,
): Promise<Preference | null> {
  const [first, second] = lists.flat();
  if (first === undefined || second === undefined) return null;
  const choose = async (codes: readonly number[]): Promise<number | undefined> =>
    chosenSuite(await ask(codes), version, codes);
  const together = lists[0]?.includes(second) === true;
  const one = together ? first.code : await choose([first.code, second.code]);
  const other = await choose([second.code, first.code]);
  if (one === undefined || other === undefined) return null;
  return one === other ? "server" : "client";
}
