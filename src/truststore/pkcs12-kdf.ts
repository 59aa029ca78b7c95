import { setImmediate } from "node:timers/promises";
import { deriveInThread } from "./kdf-thread.ts";
import { derivationSteps, type Pkcs12KdfInput } from "./pkcs12-kdf-steps.ts";

export { KeyPurpose } from "./pkcs12-kdf-steps.ts";

/** Rounds of a digest that are worth a thread of their own; fewer take less time than the thread needs to start. */
const ROUNDS_WORTH_A_THREAD = 20_000;

/** Where a derivation is made. */
export interface DerivationPlace {
  /** Derives in another thread; rejects where there is none to be had. */
  readonly inThread: (input: Pkcs12KdfInput) => Promise<Uint8Array>;
}

/**
 * Derives octets as RFC 7292 appendix B.2 describes, without ever holding the event loop for long: in another thread
 * when it takes many rounds, else here in short steps. Where threads are not to be had, all of it is done here.
 */
export async function derivePkcs12(
  input: Pkcs12KdfInput,
  { inThread }: DerivationPlace = { inThread: deriveInThread },
): Promise<Uint8Array> {
  const rounds = input.iterations * Math.ceil(input.length / input.digest.size);
  if (rounds > ROUNDS_WORTH_A_THREAD) {
    try {
      return await inThread(input);
    } catch {
      // out of threads or memory, or a runtime that forbids them: slower, with the same result
    }
  }
  const steps = derivationSteps(input);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await setImmediate();
  }
}
