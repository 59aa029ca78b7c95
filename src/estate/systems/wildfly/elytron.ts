import type { ClientAuthExpectation, SecretReference } from "../../estate.ts";
import type { StoreFile } from "../../../truststore/truststore.ts";
import type { Certificate } from "../../../x509/certificate.ts";
import { anchorsIn, checkStore, ownChain } from "../check-store.ts";
import { opensslCipherSuites } from "../cipher-suite-lists.ts";
import { configuredPath } from "../configured-path.ts";
import { javaProtocols } from "../java-protocols.ts";
import type { ImportedIdentity } from "../model.ts";
import { byDefault, derived, type Place, placeOf, type Sourced } from "../origin.ts";
import { passwordReference, prefixedVariable } from "../placeholders.ts";
import { unresolvedVariable } from "../unresolved-variable.ts";
import { attributeOf, childOf, descendants, type XmlElement } from "../xml/element.ts";
import type { WildflyContext } from "./context.ts";

/** What a listener takes from the SSL context or the realm that it names. */
export interface ServerContext {
  readonly clientAuth: Sourced<ClientAuthExpectation>;
  readonly protocols: Sourced<readonly string[]> | null;
  readonly cipherSuites: Sourced<readonly string[]> | null;
  readonly ownChain: readonly Certificate[];
  readonly clientAuthorities: Sourced<readonly Certificate[]> | null;
}

/** A keystore or truststore of the server. */
interface KeyStore {
  readonly path: Sourced<string>;
  readonly password: Sourced<SecretReference> | null;
  readonly type: Sourced<string> | null;
}

/** Reads Elytron's stores and contexts and the legacy realms; adds truststores and clients; gives server contexts by name. */
export async function addElytron(
  root: XmlElement,
  context: WildflyContext,
): Promise<ReadonlyMap<string, ServerContext>> {
  const { builder, profile } = context;
  const elements = [...descendants(root)];
  const named = (local: string): readonly XmlElement[] =>
    elements.filter((each) => each.local === local && each.attributes.has("name"));
  const stores = new Map<string, KeyStore>();
  for (const each of named("key-store")) {
    const store = keyStore(each, context);
    if (store !== null) stores.set(nameOf(each), store);
  }
  const storesOf = (managers: string): ReadonlyMap<string, KeyStore> =>
    new Map(
      named(managers).flatMap((each) => {
        const store = stores.get(each.attributes.get("key-store")?.value ?? "");
        return store === undefined ? [] : [[nameOf(each), store] as const];
      }),
    );
  const keyManagers = storesOf("key-manager");
  const trustManagers = storesOf("trust-manager");
  const managers = new Map(named("key-manager").map((each) => [nameOf(each), each]));
  const trusted = new Map<KeyStore, string>();
  const anchors = new Map<KeyStore, readonly Certificate[]>();
  const chains = new Map<string, readonly Certificate[]>();
  for (const [name, store] of trustManagers) {
    if (trusted.has(store)) continue;
    trusted.set(store, builder.truststore({ name, paths: [store.path], password: store.password }));
    anchors.set(store, anchorsIn(await check(store, name, true, null, context), "java"));
  }
  for (const [name, store] of keyManagers) {
    const filter = managers.get(name)?.attributes.get("alias-filter");
    const alias =
      filter === undefined || !/^[\w.-]+$/u.test(filter.value)
        ? null
        : attributeOf(managers.get(name) ?? root, "alias-filter");
    chains.set(
      name,
      ownChain(await check(store, name, false, alias, context), alias?.value ?? null),
    );
  }

  const servers = new Map<string, ServerContext>();
  for (const each of named("server-ssl-context")) {
    const clientAuth = clientAuthOf(each);
    const trust = trustManagers.get(each.attributes.get("trust-manager")?.value ?? "");
    if (clientAuth.value !== "none" && trust === undefined)
      builder.issue({
        code: "estate.client-auth-unconfigured",
        severity: clientAuth.value === "required" ? "warning" : "info",
        summary: `SSL context "${nameOf(each)}" asks for client certificates, and names no trust-manager with a key-store`,
        place: placeOf(clientAuth),
        remedy: [
          `/subsystem=elytron/server-ssl-context=${nameOf(each)}:write-attribute(name=trust-manager,value=TRUST_MANAGER)`,
        ],
      });
    servers.set(nameOf(each), {
      clientAuth,
      protocols: protocolsOf(each),
      cipherSuites: suitesOf(each),
      ownChain: chains.get(each.attributes.get("key-manager")?.value ?? "") ?? [],
      clientAuthorities:
        trust === undefined ? null : { ...trust.path, value: anchors.get(trust) ?? [] },
    });
  }
  for (const each of named("client-ssl-context")) {
    const store = trustManagers.get(each.attributes.get("trust-manager")?.value ?? "");
    const local = store === undefined ? undefined : trusted.get(store);
    if (local === undefined) {
      builder.note(
        `Client SSL context "${nameOf(each)}" names no trust-manager with a key-store: the JVM's own decides`,
        each.place,
      );
      continue;
    }
    const key = keyManagers.get(each.attributes.get("key-manager")?.value ?? "");
    const protocols = protocolsOf(each);
    const suites = suitesOf(each);
    builder.client({
      name: nameOf(each),
      profile,
      trust: [derived(local, "trust-manager of the client SSL context", [each.place])],
      nameCheck: byDefault("https", "Java checks the names of HTTPS servers"),
      identity: key === undefined ? null : identityOf(key),
      ownChain: chains.get(each.attributes.get("key-manager")?.value ?? "") ?? [],
      ...(suites === null ? {} : { cipherSuites: suites }),
      ...(protocols === null ? {} : { protocols }),
    });
  }
  await addRealms(elements, servers, context);
  return servers;
}

const nameOf = (element: XmlElement): string => element.attributes.get("name")?.value ?? "";

const identityOf = ({ path, password }: KeyStore): ImportedIdentity => ({
  kind: "keystore",
  path,
  password,
  keyPassword: null,
  alias: null,
});

/** Client authentication of Elytron, and of Undertow's `verify-client`. */
function clientAuthOf(element: XmlElement): Sourced<ClientAuthExpectation> {
  const need = attributeOf(element, "need-client-auth");
  if (need?.value === "true") return { ...need, value: "required" };
  const want = attributeOf(element, "want-client-auth");
  if (want?.value === "true") return { ...want, value: "requested" };
  return byDefault("none", "no client certificate is asked for unless it is set", element.place);
}

function protocolsOf(element: XmlElement): Sourced<readonly string[]> | null {
  const written = attributeOf(element, "protocols");
  return written === null ? null : { ...written, value: javaProtocols(written.value) };
}

/** `cipher-suite-filter` in OpenSSL's words for TLS up to 1.2, `cipher-suite-names` for TLS 1.3. */
function suitesOf(element: XmlElement): Sourced<readonly string[]> | null {
  const filter = attributeOf(element, "cipher-suite-filter");
  const names = attributeOf(element, "cipher-suite-names");
  const suites = filter === null ? null : opensslCipherSuites(filter.value, names?.value ?? null);
  return filter === null || suites === null ? null : { ...filter, value: suites };
}

function keyStore(element: XmlElement, context: WildflyContext): KeyStore | null {
  const file = childOf(element, "file");
  const path = file === null ? null : pathOf(file, "path", context);
  if (path === null) return null;
  const credential = childOf(element, "credential-reference");
  const implementation = childOf(element, "implementation");
  return {
    path,
    password: credential === null ? null : passwordOf(credential, "clear-text", context),
    type: attributeOf(implementation ?? element, "type") ?? attributeOf(element, "type"),
  };
}

/** A password in clear text; one in a credential store is said and left out. */
function passwordOf(
  element: XmlElement,
  attribute: string,
  { builder }: WildflyContext,
): Sourced<SecretReference> | null {
  const written = attributeOf(element, attribute);
  const place = written === null ? null : placeOf(written);
  if (written !== null && place !== null)
    return passwordReference(written, {
      file: place.file,
      locator: `xml:${place.at}`,
      variable: prefixedVariable,
    });
  if (element.attributes.has("store"))
    builder.note(
      "The password is in a credential store, which is not read; give it in the estate",
      element.place,
    );
  return null;
}

function pathOf(
  element: XmlElement,
  attribute: string,
  { builder, fill, folders, folder }: WildflyContext,
): Sourced<string> | null {
  const written = attributeOf(element, attribute);
  if (written === null) return null;
  const filled = fill(written);
  if (filled.unresolved.length > 0) {
    unresolvedVariable("The path of this store", filled.value, placeOf(filled), builder);
    return null;
  }
  const relative = element.attributes.get("relative-to");
  const base = relative === undefined ? folder : folders.get(relative.value);
  if (base === undefined) {
    builder.note(`The folder ${relative?.value ?? ""} is not known here`, relative?.place ?? null);
    return null;
  }
  return { value: configuredPath(filled.value, base), origin: filled.origin };
}

async function check(
  { path, password, type }: KeyStore,
  role: string,
  isTruststore: boolean,
  alias: Sourced<string> | null,
  { builder }: WildflyContext,
): Promise<StoreFile | null> {
  return checkStore({ role, path, type, password, alias, isTruststore }, builder);
}

/** Legacy security realms (EAP 6 and 7): a keystore for the server, a truststore for its clients. */
async function addRealms(
  elements: readonly XmlElement[],
  servers: Map<string, ServerContext>,
  context: WildflyContext,
): Promise<void> {
  for (const realm of elements.filter(({ local }) => local === "security-realm")) {
    const inside = [...descendants(realm)];
    const find = (local: string): XmlElement | undefined =>
      inside.find((each) => each.local === local);
    const keystore = find("keystore");
    const truststore = find("truststore");
    const read = (element: XmlElement): KeyStore | null => {
      const path = pathOf(element, "path", context);
      return path === null
        ? null
        : {
            path,
            password: passwordOf(element, "keystore-password", context),
            type: attributeOf(element, "provider"),
          };
    };
    const key = keystore === undefined ? null : read(keystore);
    const trust = truststore === undefined ? null : read(truststore);
    const alias = attributeOf(keystore ?? realm, "alias");
    const own =
      key === null ? null : await check(key, `realm ${nameOf(realm)}`, false, alias, context);
    let authorities: ServerContext["clientAuthorities"] = null;
    if (trust !== null) {
      const name = `${nameOf(realm)}-client-cas`;
      context.builder.truststore({ name, paths: [trust.path], password: trust.password });
      const file = await check(trust, `realm ${nameOf(realm)}`, true, null, context);
      authorities = { ...trust.path, value: anchorsIn(file, "java") };
    }
    const place: Place = realm.place;
    servers.set(`realm ${nameOf(realm)}`, {
      clientAuth: byDefault(
        "none",
        "a realm asks for certificates where the listener says so",
        place,
      ),
      protocols: null,
      cipherSuites: null,
      ownChain: ownChain(own, alias?.value ?? null),
      clientAuthorities: authorities,
    });
  }
}
