import { setTimeout as wait } from "node:timers/promises";
import type { Observation, VersionName } from "./cell.ts";

/** Milliseconds that a server gets to say what became of a connection. */
const PATIENCE = 10_000;
const PAUSE = 3;

/** What stands for a server that says nothing. */
export const NOTHING_SAID: Observation = {
  outcome: "refused",
  version: null,
  suite: null,
  group: null,
  client: null,
  refusal: null,
  words: "",
};

/**
 * Takes note of where a server's log ends now. The returned function waits until what is added to it tells what
 * became of a connection; `parse` returns null while it does not.
 */
export function hearing(
  log: () => string,
  parse: (added: string) => Observation | null,
): () => Promise<Observation> {
  const start = log().length;
  return async () => {
    const end = performance.now() + PATIENCE;
    for (;;) {
      const added = log().slice(start);
      const observation = parse(added);
      if (observation !== null) return { ...observation, words: added };
      if (performance.now() > end) return { ...NOTHING_SAID, words: added };
      await wait(PAUSE);
    }
  };
}

/** How OpenSSL and what is built with it word a refusal. */
export function refusalOf(words: string): Observation["refusal"] {
  if (
    /peer did not return a certificate|certificate is required|no certificate was found/i.test(
      words,
    )
  )
    return "missing";
  if (
    /certificate verify failed|verif(?:y|ication).{0,40}(?:error|failed)|not trusted/i.test(words)
  )
    return "wrong";
  return "other";
}

/** A version as OpenSSL and others spell it (`TLSv1`) in the spelling of records. */
export function versionOf(spelled: string | undefined): VersionName | null {
  switch (spelled) {
    case "TLSv1.3":
    case "TLSv1.2":
    case "TLSv1.1":
    case "TLSv1.0":
      return spelled;
    case "TLSv1":
      return "TLSv1.0";
    default:
      return null;
  }
}

/** The common name in a subject of any spelling. */
export function commonName(subject: string | undefined): string | null {
  return /CN ?= ?([\w.-]+)/.exec(subject ?? "")?.[1] ?? null;
}
