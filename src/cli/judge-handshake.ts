import { assess } from "../diagnosis/assess.ts";
import type { Handshake } from "../probe/handshake.ts";
import { formatEndpoint } from "../probe/target.ts";
import { codeOfResult } from "../report/check-result.ts";
import { type ResultCode, worse } from "../report/exit-code.ts";
import { readHandshakeFile } from "./handshake-file.ts";
import type { JudgeOptions } from "./judge.ts";
import { write } from "./output.ts";
import { relyingParties } from "./relying-parties.ts";
import { openRenderer } from "./renderer.ts";
import { DEFAULT_THRESHOLDS } from "./thresholds.ts";

/**
 * Judges handshakes that `check --save` wrote, one a line; resolves to the exit code.
 * @throws {UsageError}
 * @throws {InputError} when the file holds something else; what came before it is judged
 */
export async function judgeHandshake(file: string, options: JudgeOptions): Promise<ResultCode> {
  const parties = await relyingParties(options, false);
  const handshakes = readHandshakeFile(file);
  const head = await firstTwo(handshakes);
  const targets = new Set(head.map(({ endpoint }) => formatEndpoint(endpoint)));
  const renderer = await openRenderer(
    { format: options.format ?? "text", at: options.at },
    targets.size === 1,
  );
  let exitCode: ResultCode = 0;
  const judge = async (handshake: Handshake): Promise<void> => {
    for (const party of parties) {
      const assessment = assess({ ...party, hasIdentity: sentIdentity(handshake) }, handshake, {
        at: options.at ?? Date.now(),
        thresholds: DEFAULT_THRESHOLDS,
        connect: null,
        otherTruststores: party.truststores,
      });
      const target = formatEndpoint(handshake.endpoint);
      const result = { kind: "assessed", target, assessment } as const;
      exitCode = worse(exitCode, codeOfResult(result));
      await write(process.stdout, renderer.result(result));
    }
  };
  await write(process.stdout, renderer.begin());
  for (const handshake of head) await judge(handshake);
  for await (const handshake of handshakes) await judge(handshake);
  await write(process.stdout, renderer.end(exitCode));
  return exitCode;
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

/** Whether a client certificate was given, as far as the record tells: it keeps none of the client's own. */
function sentIdentity({ failure }: Handshake): boolean {
  return failure?.code === "client-certificate-refused";
}
