import type { StoreFacts } from "../../situation.ts";
import { shellWord } from "../../words.ts";

/** Adds a signer to a key database and marks it as trusted: without the mark it is no anchor. */
export function gskAdd(file: string, label: string, store: StoreFacts): string {
  return command(
    "-add",
    store,
    ["-label", label, "-file", file].concat(["-format", "ascii", "-trust", "enable"]),
  );
}

/** Removes an entry. */
export function gskDelete(label: string, store: StoreFacts): string {
  return command("-delete", store, ["-label", label]);
}

/** Marks a signer that is there already as trusted. */
export function gskTrust(label: string, store: StoreFacts): string {
  return command("-modify", store, ["-label", label, "-trust", "enable"]);
}

/** Shows an entry with its fingerprint. */
export function gskDetails(label: string, store: StoreFacts): string {
  return command("-details", store, ["-label", label]);
}

/** Takes over the CA's reply to a request that is in the database. */
export function gskReceive(file: string, database: string): string {
  return ["gskcapicmd", "-cert", "-receive", "-db", database, "-stashed", "-file", file]
    .map(shellWord)
    .join(" ");
}

function command(verb: string, store: StoreFacts, words: readonly string[]): string {
  const database = store.path ?? store.name;
  return ["gskcapicmd", "-cert", verb, "-db", database, "-stashed", ...words]
    .map(shellWord)
    .join(" ");
}

/** The same in the graphical tool, and what to do where there is no stash. */
export const IKEYMAN_HINT =
  "Or in ikeyman: open the database, Signer Certificates > Add, and see that the certificate is set as a trusted root; without a stash file leave -stashed out and type the password";
