import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { NewEntry } from "../../truststore/new-entry.ts";
import { writeJks } from "../../truststore/write-jks.ts";
import { MODERN_PKCS12, OPENSSL_PKCS12, writePkcs12 } from "../../truststore/write-pkcs12.ts";
import { CLIENTS, TRUSTSTORES } from "./cast.ts";
import { chainPem, issued, keyPem, type Pki } from "./pki.ts";
import type { ClientPlan, StorePlan } from "./plans.ts";

const OWNER_ONLY = 0o600;

/** Where a store's password stands, relative to the demo's folder; undefined for a format without one. */
export function passwordPath(store: StorePlan): string | undefined {
  return store.format === "pem" ? undefined : `${store.path}.password`;
}

async function write(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content, { mode: OWNER_ONLY });
}

async function encodeStore(
  store: StorePlan,
  pki: Pki,
  password: string,
  now: number,
): Promise<string | Uint8Array> {
  const entries: readonly NewEntry[] = store.entries.map(([alias, id]) => ({
    alias,
    der: issued(pki, id).der,
  }));
  switch (store.format) {
    case "pem":
      return chainPem(
        pki,
        store.entries.map(([, id]) => id),
      );
    case "jks":
      return writeJks(entries, password, now);
    case "keytool":
      return writePkcs12(entries, password, MODERN_PKCS12);
    case "openssl":
      return writePkcs12(
        entries.map(({ der }) => ({ alias: null, der })),
        password,
        OPENSSL_PKCS12,
      );
  }
}

async function writeStore(
  directory: string,
  store: StorePlan,
  pki: Pki,
  now: number,
): Promise<void> {
  const password = randomBytes(12).toString("base64url");
  const secret = passwordPath(store);
  await write(join(directory, store.path), await encodeStore(store, pki, password, now));
  if (secret !== undefined) await write(join(directory, secret), password);
}

async function writeIdentity(
  directory: string,
  identity: NonNullable<ClientPlan["identity"]>,
  pki: Pki,
): Promise<void> {
  const [leaf] = identity.chain;
  if (leaf === undefined) throw new Error(`Identity ${identity.cert} has no certificate`);
  await write(join(directory, identity.cert), chainPem(pki, identity.chain));
  await write(join(directory, identity.key), keyPem(pki, leaf));
}

/**
 * Writes every truststore, its password and every client's certificate and key below `directory`; only the
 * owner can read them. `now` (milliseconds since 1970) is the date of the entries. Rejects when a file
 * cannot be written, but only after the other files have been tried.
 */
export async function writeStores(directory: string, pki: Pki, now: number): Promise<void> {
  const stores: readonly StorePlan[] = Object.values(TRUSTSTORES).flat();
  const clients: readonly ClientPlan[] = Object.values(CLIENTS);
  const written = await Promise.allSettled([
    ...stores.map((store) => writeStore(directory, store, pki, now)),
    ...clients.flatMap(({ identity }) =>
      identity === undefined ? [] : [writeIdentity(directory, identity, pki)],
    ),
  ]);
  for (const result of written) if (result.status === "rejected") throw result.reason;
}
