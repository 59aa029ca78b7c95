import type { StoreFacts } from "../../situation.ts";
import { shellWord } from "../../words.ts";

/** `keytool -importcert` of a trusted certificate; keytool shows the fingerprint and asks before it imports. */
export function keytoolImport(file: string, alias: string, store: StoreFacts): string {
  return command(["-importcert", "-trustcacerts", "-alias", alias, "-file", file], store);
}

/** `keytool -exportcert` of one certificate as PEM. */
export function keytoolExport(file: string, alias: string, store: StoreFacts): string {
  return command(["-exportcert", "-rfc", "-alias", alias, "-file", file], store);
}

/** `keytool -delete` of one entry. */
export function keytoolDelete(alias: string, store: StoreFacts): string {
  return command(["-delete", "-alias", alias], store);
}

function command(words: readonly string[], store: StoreFacts): string {
  const path = store.path ?? store.name;
  return ["keytool", ...words, "-keystore", path, ...typeWords(store), ...passwordWords(store)]
    .map(shellWord)
    .join(" ");
}

/** JKS and PKCS#12 are told apart by content; the other types have to be named (KeyStore.getInstance(File, char[])). */
function typeWords({ format }: StoreFacts): readonly string[] {
  switch (format) {
    case "jceks":
      return ["-storetype", "JCEKS"];
    case "bks":
    case "bcfks":
      return [
        "-storetype",
        format.toUpperCase(),
        "-providerclass",
        "org.bouncycastle.jce.provider.BouncyCastleProvider",
        "-providerpath",
        "bcprov.jar",
      ];
    default:
      return [];
  }
}

/** Where the password is, never the password; without these words keytool asks for it. */
function passwordWords({ passwordSpec = null }: StoreFacts): readonly string[] {
  const [, kind, where = ""] = /^(env|file):(.+)$/s.exec(passwordSpec ?? "") ?? [];
  return kind === undefined ? [] : [`-storepass:${kind}`, where];
}
