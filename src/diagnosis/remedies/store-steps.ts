import type { ClientSystem } from "../../trust/system-names.ts";
import type { StoreFacts } from "../situation.ts";
import { shellWord } from "../words.ts";
import { gskDetails, gskTrust } from "./tools/gskcapicmd.ts";
import { SYSTEMS } from "./system-table.ts";

/** How to make a client look into another store. */
export function useStoreSteps(path: string, client: ClientSystem): readonly string[] {
  const { useStore, restart } = SYSTEMS[client].client;
  return [...useStore(path), ...restart];
}

/**
 * How to make certificates visible to Java that a store holds without marking them as trusted: through PEM into a new
 * store, in which they are trusted entries.
 */
export function rewriteForJavaSteps(store: StoreFacts, client: ClientSystem): readonly string[] {
  const path = store.path ?? store.name;
  const fresh = `${path.replace(/\.[A-Za-z0-9]{1,8}$/, "")}.java.p12`;
  const spec = store.passwordSpec ?? (store.needsPassword ? "prompt" : null);
  const password = spec === null ? "" : ` --password ${shellWord(spec)}`;
  const own = spec === null ? " --out-password prompt" : "";
  return [
    `anchorwatch store list ${shellWord(path)}${password}`,
    "Compare the fingerprints with the owners of the certificates, then write them into a new store, in which they are marked as trusted",
    `anchorwatch store convert ${shellWord(path)} --to pkcs12 --out ${shellWord(fresh)}${password}${own}`,
    ...useStoreSteps(fresh, client),
  ];
}

/** How to make entries of a key database anchors, which are there and not marked as trusted (A23). */
export function trustSteps(store: StoreFacts): readonly string[] {
  return [
    `anchorwatch store list ${shellWord(store.path ?? store.name)}`,
    "Compare the fingerprint of each certificate with its owner, then mark it as trusted, LABEL being its name in the list:",
    gskDetails("LABEL", store),
    gskTrust("LABEL", store),
    ...SYSTEMS.gskit.client.restart,
  ];
}
