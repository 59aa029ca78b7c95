import type { StoreFacts } from "../../situation.ts";
import { shellWord } from "../../words.ts";
import type { Import, Removal } from "../system-remedies.ts";
import { gskAdd, gskDelete, IKEYMAN_HINT } from "./gskcapicmd.ts";
import { keytoolDelete, keytoolImport } from "./keytool.ts";

/** Puts a certificate into a store with the tool that fits the file's format, whatever system reads it. */
export function insertInto({ store, file, alias }: Import): readonly string[] {
  if (store.isSystemStore) return [];
  const { path, format = null } = store;
  if (path === null) return intoSeveral(file, store);
  switch (format) {
    case "jks":
    case "jceks":
    case "pkcs12":
    case "bks":
    case "bcfks":
      return [keytoolImport(file, alias, store)];
    case "cms-kdb":
      return [gskAdd(file, alias, store), IKEYMAN_HINT];
    case "nss":
      return [
        `certutil -A -d ${shellWord(`sql:${path.replace(/\/cert9\.db$/, "")}`)} -n ${shellWord(alias)} -t C,, -i ${shellWord(file)}`,
      ];
    case "pem":
      return [`anchorwatch store add ${shellWord(path)} ${shellWord(file)} --in-place`];
    case "der":
    case "pkcs7":
    case "pkipath":
      return [
        `anchorwatch store convert ${shellWord(path)} --to pem --out ${shellWord(`${path}.pem`)}`,
        `anchorwatch store add ${shellWord(`${path}.pem`)} ${shellWord(file)} --in-place`,
        `Point the client to ${path}.pem: a file of this format holds what it holds`,
      ];
    case "system":
    case null:
      return [`Add ${file} to the truststore ${store.name}`];
  }
}

/** Writes the certificates of a store as PEM. */
export function toPem(path: string): string {
  return `anchorwatch store convert ${shellWord(path)} --to pem --out ${shellWord(`${path}.pem`)} --password prompt`;
}

/** A directory of hashed names (openssl rehash), or several files that are one store. */
function intoSeveral(file: string, { files = [], name }: StoreFacts): readonly string[] {
  const folders = new Set(files.map((path) => path.slice(0, path.lastIndexOf("/"))));
  const [folder] = folders;
  const isHashed = files.every((path) => /\/[0-9a-f]{8}\.\d+$/.test(path));
  if (folder === undefined || folders.size > 1 || !isHashed)
    return [`Add ${file} to the truststore ${name}`];
  return [
    `cp ${shellWord(file)} ${shellWord(`${folder}/`)}`,
    `openssl rehash ${shellWord(folder)}`,
  ];
}

/** Takes an entry out of a store with the tool that fits the file's format. */
export function removeFrom({ store, alias, fingerprint }: Removal): readonly string[] {
  const { path } = store;
  const hex = fingerprint.replaceAll(":", "").toLowerCase();
  if (path === null || store.isSystemStore)
    return [
      `Remove the certificate with the SHA-256 fingerprint ${fingerprint} from ${store.name}`,
    ];
  if (store.isJavaStore && alias !== null) return [keytoolDelete(alias, store)];
  if (store.format === "cms-kdb" && alias !== null) return [gskDelete(alias, store)];
  if (store.format === "pem")
    return [`anchorwatch store remove ${shellWord(path)} ${hex} --in-place`];
  return [
    `Remove ${alias === null ? "the certificate" : `the entry ${alias}`} with the SHA-256 fingerprint ${fingerprint} from ${store.name}`,
  ];
}
