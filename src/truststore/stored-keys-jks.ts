import { readJksContent } from "./jks-entries.ts";
import { openPrivateKey } from "./open-private-key.ts";
import { PrivateKeyFault, type StoredKey } from "./private-key.ts";

/** The private keys of a JKS or JCEKS file. @throws {StoreFault} */
export function jksKeys(bytes: Uint8Array, format: "jks" | "jceks"): readonly StoredKey[] {
  return readJksContent(bytes, format).entries.flatMap(({ alias, protectedKey, certificates }) =>
    protectedKey === null
      ? []
      : [{ alias, chain: certificates, open: (password) => open(alias, protectedKey, password) }],
  );
}

async function open(
  alias: string,
  protectedKey: Uint8Array,
  password: string | null,
): Promise<Uint8Array> {
  if (password === null)
    throw new PrivateKeyFault(
      "password-required",
      `The key ${alias} is encrypted and no password is given`,
    );
  const opened = await openPrivateKey(protectedKey, password);
  if (opened === null)
    throw new PrivateKeyFault("wrong-key-password", `The password does not open the key ${alias}`);
  return opened;
}
