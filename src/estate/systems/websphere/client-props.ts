import { checkStore, ownChain } from "../check-store.ts";
import { javaCipherSuites } from "../cipher-suite-lists.ts";
import { javaProtocols } from "../java-protocols.ts";
import type { ImportedClient } from "../model.ts";
import { byDefault, placeOf, type Sourced, written } from "../origin.ts";
import { type Property, propertyOf } from "../properties/parse-properties.ts";
import type { SecretReference } from "../../estate.ts";
import { type PathVariables, resolvedPath } from "./settings.ts";
import type { CellContext } from "./security-xml.ts";

/** Derives clients from an ssl.client.props: one for each `com.ibm.ssl.alias`. */
export async function addClientProperties(
  properties: readonly Property[],
  context: CellContext,
): Promise<void> {
  const { builder } = context;
  const own = propertyOf(properties, "user.root");
  const variables: PathVariables =
    own === null
      ? context.variables
      : new Map([...context.variables, ["user.root", { value: own.value, place: placeOf(own) }]]);
  const starts = properties.flatMap(({ key }, index) =>
    key === "com.ibm.ssl.alias" ? [index] : [],
  );
  for (const [order, start] of starts.entries()) {
    const group = properties.slice(start, starts[order + 1]);
    const of = (name: string): Sourced<string> | null => propertyOf(group, `com.ibm.ssl.${name}`);
    const alias = of("alias");
    const trust = of("trustStore");
    const path = trust === null ? null : resolvedPath(trust, variables, builder);
    if (alias === null || path === null) continue;
    const type = of("trustStoreType");
    const password = secretOf(properties, group, "com.ibm.ssl.trustStorePassword");
    await checkStore(
      { role: "com.ibm.ssl.trustStore", path, type, password, alias: null, isTruststore: true },
      builder,
    );
    const store = builder.truststore({
      name: `client-${alias.value}`,
      paths: [path],
      password,
      ...(type === null ? {} : { type }),
    });
    const check = of("performURLHostNameVerification");
    const identity = await identityOf(properties, group, variables, context);
    const protocol = of("protocol");
    const suites = of("enabledCipherSuites");
    const named = suites === null ? null : javaCipherSuites(suites.value);
    builder.client({
      name: `client-${alias.value}`,
      profile: byDefault("ibm-java-8", "WebSphere Application Server runs on IBM Java 8"),
      trust: [{ value: store, origin: path.origin }],
      nameCheck:
        check === null
          ? byDefault("none", "performURLHostNameVerification is false", placeOf(alias))
          : { ...check, value: check.value.trim().toLowerCase() === "true" ? "https" : "none" },
      ...identity,
      ...(protocol === null || !/^TLSv1(?:\.[0-3])?$/iu.test(protocol.value.trim())
        ? {}
        : { protocols: { ...protocol, value: javaProtocols(protocol.value) } }),
      ...(suites === null || named === null ? {} : { cipherSuites: { ...suites, value: named } }),
    });
    if (check?.value.trim().toLowerCase() !== "true")
      builder.issue({
        code: "estate.name-check-off",
        severity: "info",
        summary: `Clients with ${alias.value} do not check the names of the servers that they dial`,
        place: placeOf(check ?? alias),
        remedy: ["com.ibm.ssl.performURLHostNameVerification=true"],
      });
    if (of("enableSignerExchangePrompt")?.value.trim().toLowerCase() === "true")
      builder.note(
        "Clients ask their user whether an unknown signer is to be added: their truststore may change without an operator",
        placeOf(of("enableSignerExchangePrompt") ?? alias),
      );
  }
}

/** What a group of clients presents: com.ibm.ssl.keyStore with the alias of its clients. */
async function identityOf(
  all: readonly Property[],
  group: readonly Property[],
  variables: PathVariables,
  { builder, reader }: CellContext,
): Promise<Pick<ImportedClient, "identity" | "ownChain">> {
  const written = propertyOf(group, "com.ibm.ssl.keyStore");
  const path = written === null ? null : resolvedPath(written, variables, builder);
  if (path === null) return { identity: null };
  const type = propertyOf(group, "com.ibm.ssl.keyStoreType");
  const alias = propertyOf(group, "com.ibm.ssl.keyStoreClientAlias");
  const password = secretOf(all, group, "com.ibm.ssl.keyStorePassword");
  // an installation that never needs a certificate of its own has no such file
  if ((await reader.look(path.value))?.kind !== "file") return { identity: null };
  const role = "com.ibm.ssl.keyStore";
  const store = { role, path, type, password, alias, isTruststore: false };
  const chain = ownChain(await checkStore(store, builder), alias?.value ?? null);
  return {
    identity:
      chain.length === 0 ? null : { kind: "keystore", path, password, keyPassword: null, alias },
    ownChain: chain,
  };
}

/** A password by its key; where several groups have the same key, by its number among them. */
function secretOf(
  all: readonly Property[],
  group: readonly Property[],
  key: string,
): Sourced<SecretReference> | null {
  const found = group.findLast((property) => property.key === key);
  if (found === undefined || found.value === "") return null;
  const same = all.filter((property) => property.key === key);
  const at = same.length > 1 ? `property:${same.indexOf(found) + 1}:${key}` : `properties:${key}`;
  return written({ kind: "config", path: found.place.file, at, key: null }, found.place);
}
