import { checkStore, ownChain } from "../check-store.ts";
import { javaProtocols } from "../java-protocols.ts";
import type { ImportedClient } from "../model.ts";
import { byDefault, derived, placeOf, type Sourced } from "../origin.ts";
import { storeLocation } from "./location.ts";
import { chainIn } from "../pem-files.ts";
import { type SpringContext, springSuites } from "./server.ts";

/** Adds a client for every SSL bundle that has a truststore. */
export async function addBundles(context: SpringContext): Promise<void> {
  const names = new Map<string, { readonly kind: "jks" | "pem"; readonly name: string }>();
  for (const key of context.application.keys) {
    const [, kind, name] = /^spring\.ssl\.bundle\.(jks|pem)\.([^.[]+)\./u.exec(key) ?? [];
    if (name !== undefined && (kind === "jks" || kind === "pem"))
      names.set(`${kind} ${name}`, { kind, name });
  }
  for (const { kind, name } of names.values()) await addBundle(kind, name, context);
}

async function addBundle(kind: "jks" | "pem", name: string, context: SpringContext): Promise<void> {
  const { application, builder, base, profile } = context;
  const key = `spring.ssl.bundle.${kind}.${name}`;
  const text = (rest: string): Sourced<string> | null => application.text(`${key}.${rest}`);
  const storeKey = kind === "jks" ? "location" : "certificate";
  const trust = text(`truststore.${storeKey}`);
  const presented = await identityOf(kind, key, context);
  if (trust === null) return;
  const path = storeLocation(trust, base, `truststore of the bundle ${name}`, builder);
  if (path === null) return;
  const password = application.secret(`${key}.truststore.password`);
  const store = builder.truststore({ name, paths: [path], password });
  if (!path.value.startsWith("inline:"))
    await checkStore(
      {
        role: `${key}.truststore`,
        path,
        type: kind === "pem" ? null : text("truststore.type"),
        password,
        alias: null,
        isTruststore: kind === "jks",
      },
      builder,
    );
  const protocols = text("options.enabled-protocols") ?? text("options.enabled-protocols[0]");
  const ciphers = text("options.ciphers") ?? text("options.ciphers[0]");
  const suites = ciphers === null ? null : springSuites(ciphers);
  const place = placeOf(path);
  builder.client({
    name,
    profile,
    trust: [derived(store, `truststore of the bundle ${name}`, place === null ? [] : [place])],
    nameCheck: byDefault("https", "Java checks the names of HTTPS servers"),
    ...presented,
    ...(suites === null ? {} : { cipherSuites: suites }),
    ...(protocols === null
      ? {}
      : { protocols: { ...protocols, value: javaProtocols(protocols.value) } }),
  });
}

async function identityOf(
  kind: "jks" | "pem",
  key: string,
  { application, builder, base }: SpringContext,
): Promise<Pick<ImportedClient, "identity" | "ownChain">> {
  const text = (rest: string): Sourced<string> | null => application.text(`${key}.${rest}`);
  const written = text(kind === "jks" ? "keystore.location" : "keystore.certificate");
  if (written === null) return { identity: null };
  if (kind === "pem") {
    const privateKey = text("keystore.private-key");
    if (privateKey === null) return { identity: null };
    if ([written, privateKey].some(({ value }) => value.includes("-----BEGIN"))) {
      builder.note(
        `The key of ${key} stands in the configuration as text; probes are made without it`,
        placeOf(written),
      );
      return { identity: null };
    }
    const certificate = storeLocation(written, base, `${key}.keystore.certificate`, builder);
    const file = storeLocation(privateKey, base, `${key}.keystore.private-key`, builder);
    return certificate === null || file === null
      ? { identity: null }
      : {
          identity: {
            kind: "pem",
            certificate,
            key: file,
            password: application.secret(`${key}.keystore.private-key-password`),
          },
          ownChain: await chainIn(certificate),
        };
  }
  const path = storeLocation(written, base, `${key}.keystore.location`, builder);
  if (path === null) return { identity: null };
  const password = application.secret(`${key}.keystore.password`);
  const alias = text("key.alias");
  const type = text("keystore.type");
  const loaded = await checkStore(
    { role: `${key}.keystore`, path, type, password, alias, isTruststore: false },
    builder,
  );
  return {
    identity: {
      kind: "keystore",
      path,
      password,
      keyPassword: application.secret(`${key}.key.password`),
      alias,
    },
    ownChain: ownChain(loaded, alias?.value ?? null),
  };
}
