import { type Command, InvalidArgumentError } from "commander";
import type { RelyingParty } from "../diagnosis/assessment.ts";
import { type ProcessStart, startTime, withProcess } from "../daemon/client-process.ts";
import { parseInstant } from "./instant.ts";
import { UsageError } from "./usage-error.ts";

/** When the client's process was started: a moment (ms since 1970), or the number of the process. */
export type Started = Exclude<ProcessStart, { readonly kind: "pid-file" }>;

/** The option that says it. */
export interface StartedOption {
  readonly started?: Started;
}

/** Adds the option to a command. */
export function addStartedOption(command: Command): Command {
  return command.option(
    "--started <when>",
    "when the client's process was started: an RFC 3339 time, or pid:NUMBER on Linux",
    parseStarted,
  );
}

function parseStarted(value: string): Started {
  const id = /^pid:(\d{1,10})$/.exec(value)?.[1];
  if (id !== undefined) return { kind: "process", id: Number(id) };
  const time = parseInstant(value);
  if (time === null)
    throw new InvalidArgumentError(
      "Use an RFC 3339 time such as 2027-01-31T12:00:00Z, or pid:NUMBER",
    );
  return { kind: "time", time };
}

/**
 * The client with what is known about its process: whether its truststores were written since it was started.
 * @throws {UsageError} when there is no such process
 */
export async function withStarted(party: RelyingParty, started: Started): Promise<RelyingParty> {
  if (started.kind === "process" && (await startTime(started)) === null)
    throw new UsageError(
      `--started: the start of process ${started.id} cannot be read; give the time that ps -o lstart= -p ${started.id} prints, as RFC 3339`,
    );
  return withProcess(party, started);
}
