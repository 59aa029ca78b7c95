import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";

const pinnable =
  availableParallelism() > 1 && spawnSync("taskset", ["-c", "0", "true"]).status === 0;

/** A command that runs on the first processor, for servers, or on all others; as it is where that cannot be told. */
export const pinned = (
  where: "server" | "client",
  command: string,
  args: readonly string[],
): readonly [string, readonly string[]] => {
  if (!pinnable) return [command, args];
  const last = availableParallelism() - 1;
  return ["taskset", ["-c", where === "server" ? "0" : `1-${last}`, command, ...args]];
};
