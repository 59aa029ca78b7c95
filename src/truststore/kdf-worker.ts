// Runs in a thread of its own: derives keys of PKCS#12 files, one after the other.
import { parentPort } from "node:worker_threads";
import type { KdfReply, KdfRequest } from "./kdf-thread.ts";
import { derivePkcs12Now } from "./pkcs12-kdf-steps.ts";

parentPort?.on("message", ({ id, input }: KdfRequest) => {
  parentPort?.postMessage({ id, derived: derivePkcs12Now(input) } satisfies KdfReply);
});
