// Runs in a thread of its own: reads one large estate file and hands it over in parts.
import { parentPort, workerData } from "node:worker_threads";
import { loadEstate } from "../../estate/load-estate.ts";
import type { EstatePart } from "./read-in-thread.ts";

/** Entries in one part: little enough to be taken over between two turns of the event loop. */
const PART = 500;

function* parts(of: Awaited<ReturnType<typeof loadEstate>>): Generator<EstatePart> {
  if (!of.ok) {
    yield { kind: "refused", problems: of.error };
    return;
  }
  const { endpoints, links, ...rest } = of.value;
  for (let at = 0; at < endpoints.length; at += PART)
    yield { kind: "endpoints", endpoints: endpoints.slice(at, at + PART) };
  for (let at = 0; at < links.length; at += 4 * PART)
    yield { kind: "links", links: links.slice(at, at + 4 * PART) };
  yield { kind: "rest", rest };
}

const read = parts(await loadEstate(String(workerData)));
const send = (): void => {
  const { value, done } = read.next();
  if (done !== true) parentPort?.postMessage(value);
  else parentPort?.close();
};
parentPort?.on("message", send);
send();
