import { statSync } from "node:fs";
import { backUpHistory } from "../daemon/history-backup.ts";
import { type HistorySummary, summariseHistory } from "../daemon/history-summary.ts";
import { formatProblem } from "../estate/estate.ts";
import { loadEstate } from "../estate/load-estate.ts";
import { onScreen } from "../report/on-screen.ts";
import { InputError } from "./input-error.ts";
import { write } from "./output.ts";
import { UsageError } from "./usage-error.ts";

/** Copies the history of an estate into a file and says so. @throws {UsageError|InputError} */
export async function backUp(file: string, estateFile: string, force: boolean): Promise<void> {
  const made = await backUpHistory(await historyPath(estateFile), file, { overwrite: force });
  if (!made.ok) throw new InputError(made.error);
  const { path, size } = made.value;
  await write(process.stdout, `${onScreen(path)}: ${sizeText(size)}, checked\n`);
}

/** Checks the history of an estate and says what it holds. @throws {UsageError|InputError} */
export async function showInfo(estateFile: string): Promise<void> {
  const path = await historyPath(estateFile);
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined)
    throw new InputError(`${path}: There is no history yet; the daemon makes it when it starts`);
  const summary = summariseHistory(path);
  if (!summary.ok) throw new InputError(`${path}: The history cannot be read: ${summary.error}`);
  await write(process.stdout, infoText(path, size, summary.value));
}

async function historyPath(estateFile: string): Promise<string> {
  const estate = await loadEstate(estateFile);
  if (!estate.ok) throw new UsageError(estate.error.map(formatProblem).join("\n"));
  return estate.value.history.path;
}

function infoText(path: string, size: number, summary: HistorySummary): string {
  const { firstSeen, lastSeen } = summary;
  const lines = [
    ["File", `${onScreen(path)}, ${sizeText(size)}, sound, version ${summary.version}`],
    [
      "Seen",
      firstSeen === null ? "nothing yet" : `${timeText(firstSeen)} to ${timeText(lastSeen)}`,
    ],
    ["Endpoints", summary.endpoints],
    ["Certificates", summary.certificates],
    ["Answers", `${summary.answers} distinct, ${summary.observations} changes`],
    ["Verdicts", `${summary.verdicts} changes`],
    ["Alerts", summary.alerts],
    ["Messages", `${summary.waiting} waiting, ${summary.dead} that nobody took`],
  ] as const;
  return lines.map(([name, value]) => `${name.padEnd(14)}${value}\n`).join("");
}

const timeText = (time: number | null): string =>
  time === null ? "" : `${new Date(time).toISOString().slice(0, 19)}Z`;

const sizeText = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
