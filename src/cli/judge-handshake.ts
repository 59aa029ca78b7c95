import { assess } from "../diagnosis/assess.ts";
import { hostPort } from "../diagnosis/words.ts";
import { checkRecord } from "../report/check-record.ts";
import { checkText } from "../report/check-text.ts";
import { type ExitCode, exitCodeOf, worse } from "../report/exit-code.ts";
import type { JudgeOptions } from "./judge.ts";
import { readHandshakeFile } from "./handshake-file.ts";
import { paintFor, write } from "./output.ts";
import { relyingParties } from "./relying-parties.ts";

const DAY = 86_400_000;

/** Judges handshakes that `check --save` wrote, one a line; resolves to the exit code. */
export async function judgeHandshake(file: string, options: JudgeOptions): Promise<ExitCode> {
  const handshakes = await readHandshakeFile(file);
  const parties = await relyingParties(options, false);
  const paint = paintFor(process.stdout);
  const records: object[] = [];
  let exitCode: Exclude<ExitCode, 64> = 0;
  for (const handshake of handshakes) {
    const target = `${handshake.endpoint.scheme}://${hostPort(handshake.endpoint)}`;
    for (const party of parties) {
      const assessment = assess(party, handshake, {
        at: options.at ?? Date.now(),
        thresholds: { warning: 30 * DAY, critical: 7 * DAY },
        otherTruststores: party.truststores,
      });
      exitCode = worse(exitCode, exitCodeOf(assessment));
      if (options.format === "text")
        await write(process.stdout, checkText(target, assessment, paint));
      else if (options.format === "ndjson")
        await write(process.stdout, `${JSON.stringify(checkRecord(target, assessment))}\n`);
      else records.push(checkRecord(target, assessment));
    }
  }
  if (options.format === "json")
    await write(process.stdout, `${JSON.stringify({ results: records, exitCode })}\n`);
  return exitCode;
}
