import { type EstateProblem, formatProblem } from "../estate/estate.ts";
import { fail, ok, type Result } from "../x509/result.ts";
import { type DaemonOptions, DaemonProcess } from "./daemon-process.ts";
import { parseListenAddress } from "./listen-address.ts";
import { readEstate } from "./read-estate.ts";
import { systemReaders } from "./system-readers.ts";

/** A daemon that watches. */
export interface RunningDaemon {
  /** Address of the page, e.g. `http://127.0.0.1:9643/`. */
  readonly url: string;
  /** Reads the estate and its files again; false when the old state goes on because the new one is wrong. */
  readonly reload: () => Promise<boolean>;
  /** Cuts conversations and connections, writes what is left to write, and ends. Further calls wait for the first. */
  readonly close: () => Promise<void>;
}

/** Why a daemon does not start. */
export interface DaemonFailure {
  readonly code: "estate-invalid" | "listen-refused" | "listen-failed";
  /** For people; several lines when the estate has several mistakes. */
  readonly message: string;
  /** Mistakes of the estate; empty for the other codes. */
  readonly problems: readonly EstateProblem[];
}

/** Starts watching an estate: probes, history, metrics, API and page. Everything it can fail with is data. */
export async function runDaemon(
  options: DaemonOptions,
): Promise<Result<RunningDaemon, DaemonFailure>> {
  const read = await readEstate(options.estateFile, options.readers ?? systemReaders);
  if (!read.ok)
    return fail({
      code: "estate-invalid",
      message: read.error.map(formatProblem).join("\n"),
      problems: read.error,
    });
  const { inventory, signature } = read.value;
  const listen =
    options.listen === undefined || options.listen === null
      ? ok(inventory.estate.http)
      : parseListenAddress(options.listen, inventory.estate.http);
  if (!listen.ok) return fail({ code: "listen-refused", message: listen.error, problems: [] });
  const daemon = new DaemonProcess(options, inventory);
  const server = await daemon.listen(listen.value);
  if (!server.ok) {
    await daemon.close();
    return fail({ code: "listen-failed", message: server.error, problems: [] });
  }
  daemon.start(inventory, signature);
  return ok({
    url: server.value.url,
    reload: () => daemon.reload(),
    close: () => daemon.close(),
  });
}
