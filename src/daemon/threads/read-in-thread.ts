import { stat } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { Estate, EstateEndpoint, EstateLink, EstateProblem } from "../../estate/estate.ts";
import { loadEstate } from "../../estate/load-estate.ts";
import { fail, ok, type Result } from "../../x509/result.ts";

/** A part of an estate on its way from the thread that read it. */
export type EstatePart =
  | { readonly kind: "refused"; readonly problems: readonly EstateProblem[] }
  | { readonly kind: "endpoints"; readonly endpoints: readonly EstateEndpoint[] }
  | { readonly kind: "links"; readonly links: readonly EstateLink[] }
  | { readonly kind: "rest"; readonly rest: Omit<Estate, "endpoints" | "links"> };

/** Bytes from which reading a file takes so long that everybody else would wait for it. */
const LARGE = 128 * 1024;

/** Reads an estate file as loadEstate does; a large one in a thread, so that the event loop goes on meanwhile. */
export async function readEstateFile(
  path: string,
): Promise<Result<Estate, readonly EstateProblem[]>> {
  const size = await sizeOf(path);
  return size < LARGE ? loadEstate(path) : loadInThread(path);
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    // whoever reads it tells why it cannot be read
    return 0;
  }
}

async function loadInThread(path: string): Promise<Result<Estate, readonly EstateProblem[]>> {
  // the sources are TypeScript, the built package is JavaScript; both name the file beside this one
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const worker = new Worker(new URL(`./estate-worker${extension}`, import.meta.url), {
    execArgv: [],
    name: "estate",
    workerData: path,
  });
  worker.unref();
  try {
    return await collect(worker);
  } finally {
    await worker.terminate();
  }
}

function collect(worker: Worker): Promise<Result<Estate, readonly EstateProblem[]>> {
  const { promise, resolve, reject } = Promise.withResolvers<Awaited<ReturnType<typeof collect>>>();
  const endpoints: EstateEndpoint[] = [];
  const links: EstateLink[] = [];
  const take = async (part: EstatePart): Promise<void> => {
    switch (part.kind) {
      case "refused":
        resolve(fail(part.problems));
        return;
      case "endpoints":
        endpoints.push(...part.endpoints);
        break;
      case "links":
        links.push(...part.links);
        break;
      case "rest":
        resolve(ok({ ...part.rest, endpoints, links }));
        return;
    }
    // the next part waits until others had their turn
    await setImmediate();
    worker.postMessage("more");
  };
  worker.on("message", (part: EstatePart) => void take(part));
  worker.once("error", reject);
  worker.once("exit", (code) => reject(new Error(`The thread ended with code ${code}`)));
  return promise;
}
