import { anchorwatch } from "./command.ts";

/** Prints the largest resident size (KiB) of the process on standard error when it ends. */
const MEASURE = `data:text/javascript,${encodeURIComponent(
  'process.on("exit", () => process.stderr.write(`peak ${process.resourceUsage().maxRSS}\\n`))',
)}`;

/** A small heap, so that the collector does not let garbage pile up that would look like a leak. */
const HEAP = "--max-semi-space-size=1 --max-old-space-size=48";

/** Runs the command and tells how much memory it took at most, in KiB. */
export async function measured(
  args: readonly string[],
  input: string,
): Promise<{ readonly stdout: string; readonly code: number | null; readonly peak: number }> {
  const { stdout, stderr, code } = await anchorwatch(args, {
    input,
    env: { NODE_OPTIONS: `${HEAP} --import=${MEASURE}` },
  });
  return { stdout, code, peak: Number(/peak (\d+)/.exec(stderr)?.[1]) };
}
