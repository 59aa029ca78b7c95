import { assess } from "../diagnosis/assess.ts";
import type { Handshake } from "../probe/handshake.ts";
import { formatEndpoint } from "../probe/target.ts";
import type { ResultCode } from "../report/exit-code.ts";
import { readHandshakeFile } from "./handshake-file.ts";
import type { JudgeOptions } from "./judge.ts";
import { relyingParties } from "./relying-parties.ts";
import { openResults } from "./result-writer.ts";
import { DEFAULT_THRESHOLDS } from "./thresholds.ts";

/**
 * Judges handshakes that `check --save` wrote, one a line; resolves to the exit code.
 * @throws {UsageError}
 * @throws {InputError} when the file holds something else; what came before it is judged
 */
export async function judgeHandshake(file: string, options: JudgeOptions): Promise<ResultCode> {
  const parties = await relyingParties(options, null);
  const handshakes = readHandshakeFile(file);
  const head = await firstTwo(handshakes);
  const targets = new Set(head.map(({ endpoint }) => formatEndpoint(endpoint)));
  const results = await openResults(
    { format: options.format ?? "text", at: options.at },
    targets.size === 1,
  );
  const judge = async (handshake: Handshake): Promise<void> => {
    for (const party of parties) {
      const assessment = assess(party, handshake, {
        at: options.at ?? Date.now(),
        thresholds: DEFAULT_THRESHOLDS,
        connect: null,
        otherTruststores: party.truststores,
      });
      const target = formatEndpoint(handshake.endpoint);
      await results.add({ kind: "assessed", target, assessment });
    }
  };
  try {
    for (const handshake of head) await judge(handshake);
    for await (const handshake of handshakes) await judge(handshake);
  } catch (error) {
    await results.breakOff();
    throw error;
  }
  return results.end();
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
