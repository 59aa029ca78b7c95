import type { Assessment, RevocationFacts } from "../diagnosis/assessment.ts";
import { SeenElsewhere } from "../diagnosis/comparison/seen-elsewhere.ts";
import type { Handshake } from "../probe/handshake.ts";
import type { TargetError } from "../probe/target.ts";
import type { TargetResult } from "../report/check-result.ts";
import type { ResultCode } from "../report/exit-code.ts";
import { onScreen } from "../report/on-screen.ts";
import { assessTarget } from "./assess-target.ts";
import type { CheckOptions } from "./check.ts";
import { repeatedWords } from "./command-words.ts";
import { type CheckClients, checkClients, type KnownEndpoint } from "./check-clients.ts";
import { listedTargets, readTargets, type Target } from "./check-targets.ts";
import { orderedPool } from "./ordered-pool.ts";
import { probeOptions, probeTarget, type Reach } from "./probe-target.ts";
import { Progress } from "./progress.ts";
import { openResults } from "./result-writer.ts";
import { readLists } from "./revocation-options.ts";
import { DEFAULT_THRESHOLDS } from "./thresholds.ts";

/** Everything found out about one target. */
type Outcome =
  | {
      readonly kind: "assessed";
      readonly target: Target;
      readonly handshakes: readonly Handshake[];
      readonly assessments: readonly Assessment[];
    }
  | { readonly kind: "invalid"; readonly target: Target; readonly error: TargetError };

/** Runs `check` and prints as it goes; resolves to the exit code. @throws {UsageError} */
export async function runCheck(
  texts: readonly string[],
  options: CheckOptions,
): Promise<ResultCode> {
  const named = readTargets(texts);
  const clients = await checkClients(options);
  const reach = await probeOptions(options);
  const lists = await readLists(options);
  const single = named.length === 1 && options.targets === undefined;
  const thresholds = clients.thresholds ?? DEFAULT_THRESHOLDS;
  const results = await openResults({ ...options, single, warning: thresholds.warning });
  const save =
    options.save === undefined
      ? null
      : await (await import("./handshake-file.ts")).createHandshakeFile(options.save);
  const extractor =
    options.extract === undefined
      ? null
      : await (await import("./extract-files.ts")).fileExtractor(options.extract);
  const elsewhere = new SeenElsewhere();
  const progress = new Progress(process.stderr);
  try {
    const outcomes = orderedPool(
      allTargets(named, options.targets),
      options.concurrency,
      (target) => checkTarget(target, clients, { reach, lists, options, elsewhere }),
    );
    for await (const outcome of outcomes) {
      progress.count();
      progress.hide();
      if (outcome.kind === "invalid") complain(outcome.target, outcome.error);
      else await save?.add(outcome.handshakes);
      if (outcome.kind === "assessed")
        await extractor?.add(outcome.assessments.flatMap(({ findings }) => findings));
      await results.add(resultOf(outcome));
    }
    return await results.end();
  } catch (error) {
    await results.breakOff();
    throw error;
  } finally {
    progress.end();
    await save?.close();
  }
}

/**
 * What clients make of one target, without printing it: one assessment for each address and client.
 * @throws {UsageError} when the target is none, or a truststore or the estate cannot be used
 */
export async function checkOnce(
  text: string,
  options: CheckOptions,
): Promise<readonly Assessment[]> {
  const [target] = readTargets([text]);
  if (target === undefined) return [];
  const clients = await checkClients(options);
  const reach = await probeOptions(options);
  const lists = await readLists(options);
  const elsewhere = new SeenElsewhere();
  const outcome = await checkTarget(target, clients, { reach, lists, options, elsewhere });
  return outcome.kind === "assessed" ? outcome.assessments : [];
}

async function* allTargets(
  named: readonly Target[],
  list: string | undefined,
): AsyncGenerator<Target, void, undefined> {
  yield* named;
  if (list !== undefined) yield* listedTargets(list);
}

/** What is the same for every target. */
interface Circumstances {
  readonly reach: Reach;
  readonly lists: RevocationFacts | undefined;
  readonly options: CheckOptions;
  readonly elsewhere: SeenElsewhere;
}

async function checkTarget(
  target: Target,
  clients: CheckClients,
  { reach, lists, options, elsewhere }: Circumstances,
): Promise<Outcome> {
  if (!target.endpoint.ok) return { kind: "invalid", target, error: target.endpoint.error };
  const known = clients.known?.(target.text, target.endpoint.value) ?? null;
  const endpoint = known?.endpoint ?? target.endpoint.value;
  const seen = await probeTarget(endpoint, reachOf(known, reach), clients.parties);
  const context = {
    at: options.at ?? Date.now(),
    thresholds: clients.thresholds ?? DEFAULT_THRESHOLDS,
    connect: options.connect ?? null,
    otherTruststores: clients.otherTruststores,
    expectedAddresses: clients.expectedAddresses?.(endpoint) ?? [],
    serverSystem: options.serverSystem ?? clients.serverSystem(endpoint),
    extractTo: options.extract ?? null,
    commandWords: repeatedWords(options),
  };
  const assessments = await assessTarget(seen, clients.parties, {
    options,
    context,
    thresholdsFor: clients.thresholdsFor,
    lists,
    elsewhere,
  });
  const handshakes = seen.flatMap(({ all }) => all);
  return { kind: "assessed", target, handshakes, assessments };
}

/** What options say goes before what the estate says about an endpoint. */
function reachOf(known: KnownEndpoint | null, reach: Reach): Reach {
  if (known === null) return reach;
  const { connect, serverName } = known;
  return {
    ...reach,
    connectHost: reach.connectHost ?? connect?.host,
    port:
      reach.port ?? (reach.connectHost === undefined ? (connect?.port ?? undefined) : undefined),
    serverName: reach.serverName ?? serverName ?? undefined,
  };
}

function complain({ origin }: Target, { message }: TargetError): void {
  const place = origin === null ? "" : `${origin}: `;
  process.stderr.write(`anchorwatch: ${onScreen(place + message)}\n`);
}

function resultOf(outcome: Outcome): TargetResult {
  const target = outcome.target.text;
  return outcome.kind === "invalid"
    ? { kind: "invalid", target, message: outcome.error.message }
    : { kind: "assessed", target, assessments: outcome.assessments };
}
