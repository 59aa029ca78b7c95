import type { EndpointChange } from "../../estate/plans/plan.ts";
import { belongsTo, loadPemKey } from "../../truststore/load-private-keys.ts";
import type { StoreEntry } from "../../truststore/truststore.ts";
import { fail, ok, type Result } from "../../x509/result.ts";
import type { ReadSecret } from "../identity.ts";
import type { ChangeContext, ChangeMistake, Drafts } from "./plan-context.ts";
import { readCertificates } from "./read-certificates.ts";
import { readText } from "./read-text.ts";
import { endpointWords } from "../../links/changes/step-words.ts";

/** Reads the certificates and the key that an endpoint is to have. */
export async function loadEndpointChange(
  change: EndpointChange,
  { index, readers }: ChangeContext,
): Promise<Drafts> {
  const { endpoint, serves, url, connect, serverName } = change;
  const served = serves === null ? ok([]) : await readCertificates(serves, "serves");
  if (!served.ok) return served;
  const keyFits = await doesKeyFit(change, served.value, readers.secret);
  if (!keyFits.ok) return keyFits;
  return ok([
    {
      change: index,
      title: endpointWords(change, served.value),
      effect: {
        kind: "endpoint",
        endpoint,
        chain:
          serves === null
            ? null
            : { certificates: served.value.map(({ der }) => der), keyFits: keyFits.value },
        url,
        connect,
        serverName,
        seen: null,
      },
    },
  ]);
}

async function doesKeyFit(
  { key, keyPassword }: EndpointChange,
  [leaf]: readonly StoreEntry[],
  readSecret: ReadSecret,
): Promise<Result<boolean | null, readonly ChangeMistake[]>> {
  if (key === null) return ok(null);
  const password = keyPassword === null ? ok(null) : await readSecret(keyPassword);
  if (!password.ok)
    return fail([
      {
        at: "keyPassword",
        message: `The password of ${key} cannot be read: ${password.error.message}`,
      },
    ]);
  const text = await readText(key);
  if (!text.ok) return fail([{ at: "key", message: text.error }]);
  const read = await loadPemKey(text.value, password.value);
  if (!read.ok)
    return fail([
      {
        at: "key",
        message:
          read.error.code === "password-required"
            ? `The key in ${key} is encrypted; say where its password is with keyPassword`
            : `${key} holds no private key that can be read`,
      },
    ]);
  return ok(leaf !== undefined && belongsTo(read.value, leaf.der));
}
